//! Lets requests that tell how a task ended go on without the payloads that could not be stored.
//!
//! An activity that failed must not seem to have failed for another reason, and must not be retried, or not be retried,
//! because of storage. So its failure goes on with its own message, type, cause, stack and retryability, and storage is
//! named as the innermost of its causes.

use std::iter::{repeat_n, successors};

use bytes::{Bytes, BytesMut};
use extstore_wire::{FrameId, Leaf, MessageType, Policy, Rewrite, Scan, put_bytes};

use super::{Path, Reason, note, public, report};
use crate::exchange::Exchange;
use crate::peek;
use crate::task_rpc::TaskRpc;

/// Names the field `Failure.cause`.
const CAUSE: u32 = 4;

/// Names payloads that the gateway takes out of a request together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Omissible {
    /// A list: without one of its payloads the others would be read in its place.
    List(FrameId),
    /// A payload that is a field of its own, by its position in the scan.
    Single(usize),
}

impl Omissible {
    /// Returns what is taken out for one payload, by its position in the scan; none where the request does not go on
    /// without it.
    pub(crate) fn of(rpc: Option<TaskRpc>, request: &Scan, at: usize) -> Option<Self> {
        let leaf = &request.leaves()[at];
        let frame = request.frame(leaf.frame());
        goes_on_without(rpc?, request, leaf).then(|| match frame.message() {
            MessageType::Payloads => Self::List(frame.id()),
            _ => Self::Single(at),
        })
    }

    pub(crate) fn take_out(self, rewrite: &mut Rewrite<'_>) {
        match self {
            Self::List(frame) => rewrite.remove(frame),
            Self::Single(at) => rewrite.remove_payload(at),
        }
    }
}

/// Says whether a request goes on without a payload. A result does not, because it is what the task is for.
fn goes_on_without(rpc: TaskRpc, request: &Scan, leaf: &Leaf) -> bool {
    let is_of_failure = leaf.policy() == Policy::Failure;
    match rpc {
        TaskRpc::RespondWorkflowTaskFailed
        | TaskRpc::RespondActivityTaskFailed
        | TaskRpc::RespondActivityTaskFailedById
        | TaskRpc::RespondActivityTaskCanceled
        | TaskRpc::RespondActivityTaskCanceledById
        | TaskRpc::RecordActivityTaskHeartbeat
        | TaskRpc::RecordActivityTaskHeartbeatById
        | TaskRpc::RespondNexusTaskFailed => true,
        TaskRpc::RespondQueryTaskCompleted | TaskRpc::RespondNexusTaskCompleted => is_of_failure,
        // A command that fails the workflow does not: its task fails, and is tried again.
        TaskRpc::RespondWorkflowTaskCompleted => {
            is_of_failure && request.frame(leaf.frame()).nearest(MessageType::WorkflowQueryResult).is_some()
        }
        TaskRpc::PollWorkflowTaskQueue
        | TaskRpc::PollActivityTaskQueue
        | TaskRpc::PollNexusTaskQueue
        | TaskRpc::StartWorkflowExecution
        | TaskRpc::GetWorkflowExecutionHistory
        | TaskRpc::RespondActivityTaskCompleted
        | TaskRpc::RespondActivityTaskCompletedById
        | TaskRpc::ShutdownWorker => false,
    }
}

/// Returns the numbers of the fields that lead to the failure that a request tells; none where it tells none.
fn failure_in(rpc: TaskRpc) -> &'static [u32] {
    match rpc {
        TaskRpc::RespondWorkflowTaskFailed => &[3],
        TaskRpc::RespondActivityTaskFailed => &[2],
        TaskRpc::RespondActivityTaskFailedById | TaskRpc::RespondNexusTaskFailed => &[5],
        TaskRpc::RespondQueryTaskCompleted => &[7],
        // `response.start_operation.failure`
        TaskRpc::RespondNexusTaskCompleted => &[4, 1, 4],
        // Neither a cancellation nor a heartbeat has a failure, and a completion may answer many queries.
        TaskRpc::RespondActivityTaskCanceled
        | TaskRpc::RespondActivityTaskCanceledById
        | TaskRpc::RecordActivityTaskHeartbeat
        | TaskRpc::RecordActivityTaskHeartbeatById
        | TaskRpc::RespondWorkflowTaskCompleted
        | TaskRpc::PollWorkflowTaskQueue
        | TaskRpc::PollActivityTaskQueue
        | TaskRpc::PollNexusTaskQueue
        | TaskRpc::StartWorkflowExecution
        | TaskRpc::GetWorkflowExecutionHistory
        | TaskRpc::RespondActivityTaskCompleted
        | TaskRpc::RespondActivityTaskCompletedById
        | TaskRpc::ShutdownWorker => &[],
    }
}

/// Names storage as the innermost cause of the failure that a request tells, logs and counts the payloads that it goes on
/// without. A request without a failure has no place for the cause: then only the log and the event tell.
pub(crate) fn note_omitted(
    exchange: &Exchange,
    request: &Scan,
    rewrite: &mut Rewrite<'_>,
    reason: Reason<'_>,
) {
    let path = match exchange.task_rpc {
        Some(TaskRpc::RespondWorkflowTaskCompleted) => Path::OutboundQueryInTask,
        rpc => Path::of_request(rpc),
    };
    let piece = storage_as_cause(exchange.task_rpc, request, &public(path, reason));
    note(exchange, path, reason, piece.is_some());
    if let Some(piece) = piece {
        rewrite.append(request.root().id(), [piece]);
    }
}

/// Encodes a second piece of the failure in a request, which has the innermost cause and nothing else. A reader merges
/// the pieces of a message.
fn storage_as_cause(rpc: Option<TaskRpc>, request: &Scan, text: &str) -> Option<Bytes> {
    let path = failure_in(rpc?);
    let failure = peek::last(request.bytes(), path).filter(|_| !path.is_empty())?;
    let depth = successors(Some(failure), |failure| peek::last(failure, &[CAUSE])).count();
    let storage = report::failure(text, report::FAILED, false);
    let inside_out = repeat_n(CAUSE, depth).chain(path.iter().rev().copied());
    Some(inside_out.fold(storage, |content, number| {
        let mut field = BytesMut::new();
        put_bytes(&mut field, number, &content);
        field.freeze()
    }))
}
