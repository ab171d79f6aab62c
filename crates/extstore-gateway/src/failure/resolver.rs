//! Failures of the resolver below, which the SDK reports in its own words and with its own cause.

use bytes::BytesMut;
use extstore::{ErrorKind, Event};
use extstore_wire::{Rewrite, Scan, put_varint_field};

use super::path::Path;
use super::table::{ACTIVITY_STORAGE, WORKFLOW_STORAGE};
use crate::exchange::Exchange;
use crate::peek;
use crate::task_rpc::TaskRpc;

/// What a resolver below says before an error's [public part](extstore::Error::public), which begins with its kind.
///
/// An SDK has no other channel for what a data converter could not do than this text. By it the gateway tells a
/// failure of storage from others, and names its cause to Temporal.
pub const STORAGE_FAILURE: &str = "External Storage: ";
/// What the Rust SDK says before the text of a codec.
const CODEC_PREFIX: &str = "Encoding error: ";
/// A resolver's sentences without a kind: no storage, and a reference that no codec decodes.
const CODES: [&str; 2] = ["Encoding error: [TMPRL1105]", "Encoding error: [TMPRL1106]"];

/// What the SDK says of an activity that never ran, because its task could not be decoded. Without it, the words are an
/// activity's own: what its client could not read is no failure of its task.
const ACTIVITY: &str = "Failed decoding activity task: ";

/// Names storage as the cause of a failure that the resolver below made, and counts it. Says whether it is one.
pub(crate) fn name_cause(exchange: &Exchange, request: &Scan, rewrite: &mut Rewrite<'_>) -> bool {
    let Some(reported) = exchange.task_rpc.and_then(Reported::of) else { return false };
    if !exchange.state.data_converter_resolves() {
        return false;
    }
    let text = peek::text(request.bytes(), &reported.text);
    let Some(kind) = text.starts_with(reported.begins).then(|| kind(&text)).flatten() else { return false };
    let mut field = BytesMut::new();
    put_varint_field(&mut field, reported.cause, reported.value.into());
    rewrite.append(request.root().id(), [field.freeze()]);
    exchange.observe(&Event::failed(reported.path.name(), kind, true));
    true
}

/// A request in which an SDK reports a failed task.
struct Reported {
    path: Path,
    /// The field numbers that lead to the failure's message.
    text: [u32; 2],
    /// The start of the text that an SDK writes where the data converter failed.
    begins: &'static str,
    /// The field number of the cause.
    cause: u32,
    /// The cause that names storage.
    value: u32,
}

impl Reported {
    fn of(rpc: TaskRpc) -> Option<Self> {
        let (path, text, begins, cause, value) = match rpc {
            TaskRpc::RespondWorkflowTaskFailed => {
                (Path::OutboundTaskFailure, [3, 1], "", 2, WORKFLOW_STORAGE)
            }
            TaskRpc::RespondQueryTaskCompleted => {
                (Path::OutboundQueryAnswer, [7, 1], "", 8, WORKFLOW_STORAGE)
            }
            TaskRpc::RespondActivityTaskFailed => {
                (Path::OutboundActivityOutcome, [2, 1], ACTIVITY, 10, ACTIVITY_STORAGE)
            }
            TaskRpc::PollWorkflowTaskQueue
            | TaskRpc::PollActivityTaskQueue
            | TaskRpc::PollNexusTaskQueue
            | TaskRpc::StartWorkflowExecution
            | TaskRpc::GetWorkflowExecutionHistory
            | TaskRpc::RespondWorkflowTaskCompleted
            | TaskRpc::RespondActivityTaskCompleted
            | TaskRpc::RespondActivityTaskCanceled
            | TaskRpc::RespondActivityTaskCompletedById
            | TaskRpc::RespondActivityTaskFailedById
            | TaskRpc::RespondActivityTaskCanceledById
            | TaskRpc::RecordActivityTaskHeartbeat
            | TaskRpc::RecordActivityTaskHeartbeatById
            | TaskRpc::RespondNexusTaskCompleted
            | TaskRpc::RespondNexusTaskFailed => return None,
        };
        Some(Self { path, text, begins, cause, value })
    }
}

fn kind(message: &str) -> Option<ErrorKind> {
    if CODES.iter().any(|code| message.contains(code)) {
        return Some(ErrorKind::Config);
    }
    // A codec around ours may have said it again.
    let public = message.split(CODEC_PREFIX).skip(1).find_map(|said| said.strip_prefix(STORAGE_FAILURE))?;
    let (name, _) = public.split_once(':')?;
    ErrorKind::ALL.into_iter().find(|kind| kind.to_string() == name)
}
