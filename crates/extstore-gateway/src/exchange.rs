//! Holds one RPC in flight and everything that its handling needs.

use std::sync::Arc;

use extstore::{Event, ExternalStorage, Message};
use extstore_wire::Rpc;
use futures_util::future;
use http::HeaderMap;

use crate::caller::Caller;
use crate::own_payloads::OwnPayloads;
use crate::scope::Scope;
use crate::state::{State, WorkerId};
use crate::task_rpc::TaskRpc;
use crate::time_out::{self, CallTime};
use crate::{Answer, Call, Code, Status, Upstream};

/// These constants name the headers in which SDKs repeat the namespace and the resource id.
const NAMESPACE_HEADER: &str = "temporal-namespace";
const RESOURCE_HEADER: &str = "temporal-resource-id";

/// Holds one RPC in flight, with its caller and the state of the gateway. Cloning is cheap.
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
    /// The worker that sent the request, if the request names it.
    pub(crate) worker: Option<WorkerId>,
    /// The caller's time. A poll has none: its time-out is for the wait for a task.
    pub(crate) time: Option<CallTime>,
    /// What the request has offloaded. Its answer may bring the same references in eager tasks.
    pub(crate) own_payloads: Arc<OwnPayloads>,
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
        let worker = state.stopped_workers.id(&scope, &caller.worker_instance_key);
        let goes_without = task_rpc.is_some_and(TaskRpc::goes_without);
        let time_out = call.time_out().filter(|_| !task_rpc.is_some_and(TaskRpc::is_poll));
        let time = time_out.and_then(|time_out| CallTime::start(time_out, goes_without));
        let (headers, caller, own_payloads) = (call.headers.clone(), Arc::new(caller), Arc::default());
        Self { state, upstream, rpc, task_rpc, headers, caller, scope, worker, time, own_payloads }
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

    /// Says whether the answer may hold tasks.
    pub(crate) fn may_bring_tasks(&self) -> bool {
        self.task_rpc.is_some_and(TaskRpc::may_bring_tasks)
    }

    /// Waits until the worker that sent the request stops.
    pub(crate) async fn worker_stops(&self) {
        match self.worker {
            Some(worker) => self.state.stopped_workers.stop_of(worker).await,
            None => future::pending().await,
        }
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

    /// Starts the storage work of one message: its budget, its restore cap, its elapsed time. It ends with the caller's
    /// time, or with the time that the storage's own option gives it.
    pub(crate) fn storage_work(&self, namespace: &str) -> Option<Message> {
        self.storage().map(|storage| self.work_of(storage, namespace))
    }

    /// Starts the same over a storage that is known to be there.
    pub(crate) fn work_of(&self, storage: &ExternalStorage, namespace: &str) -> Message {
        let work = storage.message(namespace);
        let ends = work.deadline().into_iter().chain(self.time.map(CallTime::storage_ends)).min();
        work.with_deadline(ends)
    }

    /// Sends a call upstream with the rest of the caller's time.
    pub(crate) async fn send(&self, mut call: Call) -> Result<Answer, Status> {
        if let Some(time) = self.time {
            let Some(rest) = time.rest() else {
                let text = "the call's time-out was over before it could be sent";
                return Err(Status::new(Code::DEADLINE_EXCEEDED, text));
            };
            time_out::write(&mut call.headers, rest);
        }
        self.upstream.send(call).await
    }
}

/// Returns a header; empty where it is absent or no ASCII.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
