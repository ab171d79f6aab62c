//! Recognises failures of a data converter that resolves references, which the SDK reports with its own cause, and
//! names storage as their cause.

use bytes::BytesMut;
use extstore::{ErrorKind, Event};
use extstore_wire::{Rewrite, Scan, put_varint_field};

use super::path::Path;
use super::table::{ACTIVITY_STORAGE, WORKFLOW_STORAGE};
use crate::exchange::Exchange;
use crate::peek;
use crate::task_rpc::TaskRpc;

/// Begins the text of a failure of storage in a data converter that resolves references. The error's [public
/// part](extstore::Error::public) follows, which begins with its kind.
///
/// The text is the only way in which an SDK passes on a failure of its data converter. The gateway recognises a failure
/// of storage by it, and names its cause to Temporal.
pub const STORAGE_FAILURE: &str = "External Storage: ";
/// Begins the text of a codec in an error of the Rust SDK.
const CODEC_PREFIX: &str = "Encoding error: ";
/// Lists the texts of a data converter that name no kind: no storage, and a reference that no codec decodes.
const CODES: [&str; 2] = ["Encoding error: [TMPRL1105]", "Encoding error: [TMPRL1106]"];

/// Begins the text that the Rust SDK writes for an activity that never ran, because its task could not be decoded. Any
/// other text is the activity's own, whose client may have failed to read something.
const ACTIVITY: &str = "Failed decoding activity task: ";

/// Names storage as the cause of a failure of the data converter, and counts it. Says whether the request reports one.
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

/// Describes a request in which an SDK reports a failed task.
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
                (Path::OutboundActivityFailure, [2, 1], ACTIVITY, 10, ACTIVITY_STORAGE)
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
            | TaskRpc::RespondNexusTaskFailed
            | TaskRpc::ShutdownWorker => return None,
        };
        Some(Self { path, text, begins, cause, value })
    }
}

fn kind(message: &str) -> Option<ErrorKind> {
    if CODES.iter().any(|code| message.contains(code)) {
        return Some(ErrorKind::Config);
    }
    // A codec around ours may have added the prefix again.
    let public = message.split(CODEC_PREFIX).skip(1).find_map(|said| said.strip_prefix(STORAGE_FAILURE))?;
    let (name, _) = public.split_once(':')?;
    ErrorKind::ALL.iter().copied().find(|kind| kind.to_string() == name)
}
