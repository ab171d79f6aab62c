//! Sends the gateway's own requests, which report failed tasks to Temporal.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use extstore_wire::{Rope, Rpc, put_bytes, put_varint_field};

use super::task_ids::TaskIds;
use crate::caller::Caller;
use crate::exchange::Exchange;
use crate::{Answer, Status, own_request};

/// Names the type of the application failure in a report about storage.
pub(super) const FAILED: &str = "ExternalStorageError";
/// Names the type of the application failure in a report that gives a task back because its worker stopped.
pub(super) const STOPPED: &str = "WorkerStopped";

const SOURCE: &[u8] = b"extstore";
/// Encodes `QUERY_RESULT_TYPE_FAILED`.
const QUERY_FAILED: u64 = 2;
/// Encodes `NEXUS_HANDLER_ERROR_RETRY_BEHAVIOR_RETRYABLE`: the server does not retry an internal error unless it says
/// so.
const RETRYABLE: u64 = 1;
const INTERNAL: &[u8] = b"INTERNAL";

/// Lists no pause between attempts, for a report that the gateway sends once: its caller gets the error, and sends the
/// request again that the report stands for.
pub(super) const ONCE: &[Duration] = &[];
/// Lists the pauses between attempts, for a report that nobody but the gateway can send again. Its caller was told that
/// there was no task, so without the report an activity would run into a time-out of hours.
pub(super) const REPEATED: &[Duration] =
    &[Duration::from_millis(100), Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3)];

/// Names the RPC of a report, and holds its fields beside text and identifiers. Causes are the numbers of Temporal's
/// enums; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// `RespondWorkflowTaskFailed`. With `only_first_attempt`, later attempts of the task run into their time-out.
    WorkflowTask { cause: u32, only_first_attempt: bool },
    /// `RespondQueryTaskCompleted`, with a failed result.
    Query { cause: u32 },
    /// `RespondActivityTaskFailed`.
    Activity { cause: u32, non_retryable: bool },
    /// `RespondActivityTaskFailedById`.
    ActivityById { cause: u32, non_retryable: bool },
    /// `RespondNexusTaskFailed`, internal and explicitly retryable.
    Nexus,
}

impl Report {
    pub(super) fn only_first_attempt(self) -> bool {
        match self {
            Self::WorkflowTask { only_first_attempt, .. } => only_first_attempt,
            Self::Query { .. } | Self::Activity { .. } | Self::ActivityById { .. } | Self::Nexus => false,
        }
    }

    pub(super) fn rpc(self) -> Rpc {
        match self {
            Self::WorkflowTask { .. } => Rpc::RespondWorkflowTaskFailed,
            Self::Query { .. } => Rpc::RespondQueryTaskCompleted,
            Self::Activity { .. } => Rpc::RespondActivityTaskFailed,
            Self::ActivityById { .. } => Rpc::RespondActivityTaskFailedById,
            Self::Nexus => Rpc::RespondNexusTaskFailed,
        }
    }
}

/// Sends a report straight upstream, never through storage: the driver that failed would fail again. After an attempt
/// that may succeed later it waits for the next of `pauses`.
///
/// # Errors
///
/// The status that Temporal answered with; it is logged.
pub(super) async fn send(
    exchange: &Exchange,
    task: &TaskIds,
    report: Report,
    failure_type: &str,
    text: &str,
    pauses: &[Duration],
) -> Result<Answer, Status> {
    let rpc = report.rpc();
    let body = body(&exchange.caller, task, report, failure_type, text);
    let call = own_request::call(exchange, rpc, body);
    let mut pauses = pauses.iter();
    let outcome = loop {
        let outcome = own_request::send(exchange, call.clone()).await;
        match (&outcome, pauses.next()) {
            #[expect(clippy::disallowed_methods, reason = "the pause between two attempts of a report")]
            (Err(status), Some(pause)) if may_arrive_later(status) => tokio::time::sleep(*pause).await,
            _ => break outcome,
        }
    };
    if let Err(status) = &outcome {
        tracing::warn!(rpc = rpc.method(), code = status.code.0, "a failure could not be reported");
    }
    // The report's response is not of the type that the caller waits for.
    outcome.map(|answer| Answer::new(answer.headers, Rope::default()))
}

/// Says whether a repeated report may succeed: SDKs retry these codes, or they mean that the call ended on its way. If
/// the first attempt did arrive, the server refuses the second as not found, because a task is answered once.
fn may_arrive_later(status: &Status) -> bool {
    const CODES: [i32; 9] = [1, 2, 4, 8, 10, 11, 13, 14, 15];
    CODES.contains(&status.code.0)
}

fn body(caller: &Caller, task: &TaskIds, report: Report, failure_type: &str, text: &str) -> Bytes {
    let mut out = Writer::default();
    match report {
        Report::WorkflowTask { cause, .. } => out
            .bytes(1, task.token())
            .number(2, cause.into())
            .bytes(3, &failure(text, failure_type, false))
            .bytes(4, &caller.identity)
            .bytes(6, caller.namespace.as_bytes())
            .bytes(10, &caller.deployment_options)
            .bytes(11, &caller.resource_id),
        Report::Query { cause } => out
            .bytes(1, task.token())
            .number(2, QUERY_FAILED)
            .bytes(4, text.as_bytes())
            .bytes(6, caller.namespace.as_bytes())
            .bytes(7, &failure(text, failure_type, false))
            .number(8, cause.into())
            .bytes(9, task.poller_group_id()),
        Report::Activity { cause, non_retryable } => out
            .bytes(1, task.token())
            .bytes(2, &failure(text, failure_type, non_retryable))
            .bytes(3, &caller.identity)
            .bytes(4, caller.namespace.as_bytes())
            .bytes(8, &caller.deployment_options)
            .bytes(9, &caller.resource_id)
            .number(10, cause.into()),
        Report::ActivityById { cause, non_retryable } => out
            .bytes(1, caller.namespace.as_bytes())
            .bytes(2, task.workflow_id())
            .bytes(3, task.run_id())
            .bytes(4, task.activity_id())
            .bytes(5, &failure(text, failure_type, non_retryable))
            .bytes(6, &caller.identity)
            .bytes(8, &caller.resource_id)
            .number(9, cause.into()),
        // The deprecated form means the same, and servers of every version read it.
        Report::Nexus => out
            .bytes(1, caller.namespace.as_bytes())
            .bytes(2, &caller.identity)
            .bytes(3, task.token())
            .bytes(4, &handler_error(text))
            .bytes(6, task.poller_group_id()),
    };
    out.finish()
}

/// Encodes `temporal.api.failure.v1.Failure` with `application_failure_info`. It has no payload.
pub(super) fn failure(text: &str, failure_type: &str, non_retryable: bool) -> Bytes {
    let mut info = Writer::default();
    info.bytes(1, failure_type.as_bytes()).number(2, non_retryable.into());
    let mut out = Writer::default();
    out.bytes(1, text.as_bytes()).bytes(2, SOURCE).bytes(5, &info.finish());
    out.finish()
}

/// Encodes `temporal.api.nexus.v1.HandlerError`.
fn handler_error(text: &str) -> Bytes {
    let mut failure = Writer::default();
    failure.bytes(1, text.as_bytes());
    let mut out = Writer::default();
    out.bytes(1, INTERNAL).bytes(2, &failure.finish()).number(3, RETRYABLE);
    out.finish()
}

/// Writes the fields of one message and omits default values, as proto3 does.
#[derive(Default)]
struct Writer(BytesMut);

impl Writer {
    fn bytes(&mut self, number: u32, value: &[u8]) -> &mut Self {
        if !value.is_empty() {
            put_bytes(&mut self.0, number, value);
        }
        self
    }

    fn number(&mut self, number: u32, value: u64) -> &mut Self {
        if value != 0 {
            put_varint_field(&mut self.0, number, value);
        }
        self
    }

    fn finish(&mut self) -> Bytes {
        self.0.split().freeze()
    }
}
