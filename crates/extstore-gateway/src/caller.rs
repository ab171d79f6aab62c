//! What a request says about who sent it: a report on the caller's behalf says it again.

use bytes::Bytes;
use extstore_wire::{Rpc, Wire, fields};

/// Fields of a request that reports copy. Each is encoded as it stands in the request, empty where it is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The namespace; empty for requests that no report follows.
    pub(crate) namespace: String,
    /// The worker's or the client's own name.
    pub(crate) identity: Bytes,
    /// What the request is routed by.
    pub(crate) resource_id: Bytes,
    /// An encoded `WorkerDeploymentOptions`: which version of a worker reports.
    pub(crate) deployment_options: Bytes,
    /// Where the polled task came from, for routing.
    pub(crate) poller_group_id: Bytes,
}

/// The numbers of these fields in one request; 0 where it has none.
#[derive(Clone, Copy)]
struct Numbers {
    namespace: u32,
    identity: u32,
    resource_id: u32,
    deployment_options: u32,
    poller_group_id: u32,
}

impl Caller {
    /// Reads a request without looking inside its fields. What comes after a malformed field is taken for absent.
    pub(crate) fn read(rpc: Rpc, request: &[u8]) -> Self {
        let Some(numbers) = numbers(rpc) else { return Self::default() };
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
                _ => {}
            }
        }
        caller
    }
}

/// The requests that tasks come from, and those that answer them. A test compares the numbers with the published types.
fn numbers(rpc: Rpc) -> Option<Numbers> {
    let of = |[namespace, identity, resource_id, deployment_options, poller_group_id]: [u32; 5]| {
        Some(Numbers { namespace, identity, resource_id, deployment_options, poller_group_id })
    };
    match rpc {
        Rpc::PollWorkflowTaskQueue => of([1, 3, 0, 6, 0]),
        Rpc::PollActivityTaskQueue => of([1, 3, 0, 6, 0]),
        Rpc::PollNexusTaskQueue => of([1, 2, 0, 6, 0]),
        Rpc::RespondWorkflowTaskCompleted => of([9, 3, 18, 17, 0]),
        Rpc::RespondWorkflowTaskFailed => of([6, 4, 11, 10, 0]),
        Rpc::RespondQueryTaskCompleted => of([6, 0, 0, 0, 9]),
        Rpc::RespondActivityTaskCompleted => of([4, 3, 8, 7, 0]),
        Rpc::RespondActivityTaskFailed => of([4, 3, 9, 8, 0]),
        Rpc::RespondActivityTaskCanceled => of([4, 3, 8, 7, 0]),
        Rpc::RecordActivityTaskHeartbeat => of([4, 3, 5, 0, 0]),
        Rpc::RespondActivityTaskCompletedById => of([1, 6, 7, 0, 0]),
        Rpc::RespondActivityTaskFailedById => of([1, 6, 8, 0, 0]),
        Rpc::RespondActivityTaskCanceledById => of([1, 6, 8, 7, 0]),
        Rpc::RecordActivityTaskHeartbeatById => of([1, 6, 7, 0, 0]),
        Rpc::RespondNexusTaskCompleted => of([1, 2, 0, 0, 5]),
        Rpc::RespondNexusTaskFailed => of([1, 2, 0, 0, 6]),
        Rpc::StartWorkflowExecution => of([1, 9, 0, 0, 0]),
        Rpc::GetWorkflowExecutionHistory => of([1, 0, 0, 0, 0]),
        _ => None,
    }
}
