//! Holds one RPC in flight and everything that its handling needs.

use std::sync::Arc;

use extstore::{Event, ExternalStorage, Message};
use extstore_wire::Rpc;
use http::HeaderMap;

use crate::caller::Caller;
use crate::state::State;
use crate::task_rpc::TaskRpc;
use crate::{Call, Upstream};

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
}

impl Exchange {
    pub(crate) fn new(state: Arc<State>, upstream: Arc<dyn Upstream>, rpc: Rpc, call: &Call) -> Self {
        let task_rpc = TaskRpc::of(rpc);
        let caller = Arc::new(Caller::read(task_rpc, &call.body.to_bytes()));
        Self { state, upstream, rpc, task_rpc, headers: call.headers.clone(), caller }
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
