//! Holds one RPC in flight and everything that its handling needs.

use std::sync::Arc;

use extstore::{Event, ExternalStorage, Message};
use extstore_wire::Rpc;
use http::HeaderMap;

use crate::caller::Caller;
use crate::scope::Scope;
use crate::state::State;
use crate::task_rpc::TaskRpc;
use crate::{Call, Upstream};

/// The headers in which SDKs repeat the namespace and the resource id.
const NAMESPACE_HEADER: &str = "temporal-namespace";
const RESOURCE_HEADER: &str = "temporal-resource-id";

/// One RPC in flight. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) state: Arc<State>,
    pub(crate) upstream: Arc<dyn Upstream>,
    pub(crate) rpc: Rpc,
    pub(crate) task_rpc: Option<TaskRpc>,
    /// The caller's metadata, which the gateway's own reports carry too: they need the same authentication.
    pub(crate) headers: HeaderMap,
    /// The fields of the request that name its caller.
    pub(crate) caller: Arc<Caller>,
    /// The server, and the namespace of a request that has to do with tasks.
    pub(crate) scope: Scope,
}

impl Exchange {
    pub(crate) fn new(state: Arc<State>, upstream: Arc<dyn Upstream>, rpc: Rpc, call: &Call) -> Self {
        let task_rpc = TaskRpc::of(rpc);
        let mut caller = Caller::read(task_rpc, &call.body.to_bytes());
        if task_rpc.is_some() && caller.namespace.is_empty() {
            // SDKs repeat it in the metadata. The server takes it from the task's token.
            header(&call.headers, NAMESPACE_HEADER).clone_into(&mut caller.namespace);
        }
        let scope = Scope::new(upstream.server(), &caller.namespace);
        let (headers, caller) = (call.headers.clone(), Arc::new(caller));
        Self { state, upstream, rpc, task_rpc, headers, caller, scope }
    }

    /// Returns the same exchange over another upstream to the same server.
    pub(crate) fn with_upstream(&self, upstream: Arc<dyn Upstream>) -> Self {
        Self { upstream, ..self.clone() }
    }

    /// Returns the server and a namespace: of a request that has nothing to do with tasks.
    pub(crate) fn scope_of(&self, namespace: &str) -> Scope {
        Scope::new(self.upstream.server(), namespace)
    }

    /// Returns the id by which the server routes the request, such as `workflow:order-1`; empty where there is none.
    pub(crate) fn resource_id(&self) -> &str {
        match std::str::from_utf8(&self.caller.resource_id) {
            Ok("") | Err(_) => header(&self.headers, RESOURCE_HEADER),
            Ok(id) => id,
        }
    }

    /// Says whether the RPC waits for a task.
    pub(crate) fn is_poll(&self) -> bool {
        self.task_rpc.is_some_and(TaskRpc::is_poll)
    }

    pub(crate) fn storage(&self) -> Option<&ExternalStorage> {
        self.state.options.storage.as_ref()
    }

    /// Says whether references may be left to the data converter. Without storage it could only refuse them; the
    /// gateway refuses them with the right cause.
    pub(crate) fn may_leave_references(&self) -> bool {
        self.storage().is_some() && self.state.data_converter_resolves()
    }

    /// Hands an event to the storage's observer. Without storage there is none.
    pub(crate) fn observe(&self, event: &Event<'_>) {
        if let Some(storage) = self.storage() {
            storage.observe(event);
        }
    }

    /// Starts the storage work of one message: its budget, its restore cap, its elapsed time.
    pub(crate) fn storage_work(&self, namespace: &str) -> Option<Message> {
        self.storage().map(|storage| storage.message(namespace))
    }
}

/// Returns a header; empty where it is absent or no ASCII.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
