//! Reads the fields of a request that name its caller, so that a report on the caller's behalf can repeat them.

use bytes::Bytes;
use extstore_wire::{Wire, fields};

use crate::task_rpc::TaskRpc;

/// Holds the fields of a request that reports copy. Each field but the namespace is the bytes that the request has,
/// empty where it is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The namespace; empty for requests that no report follows.
    pub(crate) namespace: String,
    /// The worker's or the client's own name.
    pub(crate) identity: Bytes,
    /// The server routes the request by it.
    pub(crate) resource_id: Bytes,
    /// An encoded `WorkerDeploymentOptions`: the version of the worker.
    pub(crate) deployment_options: Bytes,
    /// The server's group of pollers that the task came from, for routing.
    pub(crate) poller_group_id: Bytes,
    /// The key of one instance of a worker; read where a request may bring it tasks, or says that it stops.
    pub(crate) worker_instance_key: Bytes,
}

/// Holds the numbers of these fields in one request; 0 where the request has no such field.
#[derive(Clone, Copy)]
struct Numbers {
    namespace: u32,
    identity: u32,
    resource_id: u32,
    deployment_options: u32,
    poller_group_id: u32,
    worker_instance_key: u32,
}

impl Caller {
    /// Reads the top-level fields of a request. Fields after a malformed one count as absent.
    pub(crate) fn read(rpc: Option<TaskRpc>, request: &[u8]) -> Self {
        let Some(numbers) = rpc.map(numbers) else { return Self::default() };
        let mut caller = Self::default();
        for field in fields(request).map_while(Result::ok).filter(|field| field.wire == Wire::Len) {
            let value = || Bytes::copy_from_slice(field.bytes(request));
            match field.number {
                number if number == numbers.namespace => {
                    caller.namespace = String::from_utf8_lossy(field.bytes(request)).into_owned();
                }
                number if number == numbers.identity => caller.identity = value(),
                number if number == numbers.resource_id => caller.resource_id = value(),
                number if number == numbers.deployment_options => caller.deployment_options = value(),
                number if number == numbers.poller_group_id => caller.poller_group_id = value(),
                number if number == numbers.worker_instance_key => caller.worker_instance_key = value(),
                _ => {}
            }
        }
        caller
    }
}

/// Returns the field numbers of one request. A test compares them with the published types.
fn numbers(rpc: TaskRpc) -> Numbers {
    let [namespace, identity, resource_id, deployment_options, poller_group_id, worker_instance_key] =
        match rpc {
            TaskRpc::PollWorkflowTaskQueue => [1, 3, 0, 6, 0, 8],
            TaskRpc::PollActivityTaskQueue => [1, 3, 0, 6, 0, 8],
            TaskRpc::PollNexusTaskQueue => [1, 2, 0, 6, 0, 8],
            TaskRpc::RespondWorkflowTaskCompleted => [9, 3, 18, 17, 0, 19],
            TaskRpc::RespondWorkflowTaskFailed => [6, 4, 11, 10, 0, 0],
            TaskRpc::RespondQueryTaskCompleted => [6, 0, 0, 0, 9, 0],
            TaskRpc::RespondActivityTaskCompleted => [4, 3, 8, 7, 0, 0],
            TaskRpc::RespondActivityTaskFailed => [4, 3, 9, 8, 0, 0],
            TaskRpc::RespondActivityTaskCanceled => [4, 3, 8, 7, 0, 0],
            TaskRpc::RecordActivityTaskHeartbeat => [4, 3, 5, 0, 0, 0],
            TaskRpc::RespondActivityTaskCompletedById => [1, 6, 7, 0, 0, 0],
            TaskRpc::RespondActivityTaskFailedById => [1, 6, 8, 0, 0, 0],
            TaskRpc::RespondActivityTaskCanceledById => [1, 6, 8, 7, 0, 0],
            TaskRpc::RecordActivityTaskHeartbeatById => [1, 6, 7, 0, 0, 0],
            TaskRpc::RespondNexusTaskCompleted => [1, 2, 0, 0, 5, 0],
            TaskRpc::RespondNexusTaskFailed => [1, 2, 0, 0, 6, 0],
            TaskRpc::StartWorkflowExecution => [1, 9, 0, 0, 0, 0],
            TaskRpc::GetWorkflowExecutionHistory => [1, 0, 0, 0, 0, 0],
            TaskRpc::ShutdownWorker => [1, 3, 0, 0, 0, 6],
        };
    Numbers { namespace, identity, resource_id, deployment_options, poller_group_id, worker_instance_key }
}
