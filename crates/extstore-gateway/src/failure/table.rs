//! Decides about the report and the reply of a failure: one cell for each path and reason.
//!
//! A test compares the tables of the crate's documentation with this one. After a change
//! `EXTSTORE_BLESS=1 cargo test -p extstore-gateway failure::tests::docs` writes them.

use extstore::ErrorKind;

use super::path::Path;
use super::reason::Reason;
use super::report::Report;
use crate::Code;

/// Encodes `WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE`.
const WORKFLOW_WORKER: u32 = 14;
/// Encodes `WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`.
const WORKFLOW_TOO_LARGE: u32 = 37;
/// Encodes `WORKFLOW_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`.
pub(super) const WORKFLOW_STORAGE: u32 = 38;
/// Encodes `ACTIVITY_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`: a field is above the namespace's limit.
const ACTIVITY_TOO_LARGE: u32 = 1;
/// Encodes `ACTIVITY_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`.
pub(super) const ACTIVITY_STORAGE: u32 = 2;
/// Encodes the absence of a cause.
const UNSPECIFIED: u32 = 0;

/// Says which answer the caller gets whose request or poll failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// An empty answer, which a poller takes for a poll that found no task.
    Empty,
    /// The answer that the report got.
    OfReport,
    /// A status.
    Status(Code),
    /// The answer to the request itself, which goes on without its payloads.
    OfRequest,
}

/// Returns one cell of the table: the report to Temporal and the answer to the caller.
///
/// A workflow task is reported on its first attempt only, and `NOT_FOUND` makes the SDK forget a run whose commands
/// were not accepted. An activity's result that is too large fails the activity for good: a retry makes the same
/// result, with all external effects. An inbound payload that is too large may fit another worker, so it is retried. A
/// failure, a cancellation and a heartbeat can be told without their payloads, so they are.
pub(super) fn cell(path: Path, reason: Reason<'_>) -> (Option<Report>, Reply) {
    match path {
        Path::InboundWorkflowTask => (Some(workflow_task(reason)), Reply::Empty),
        // An SDK does not retry that code, and forgets the run.
        Path::InboundTaskHistory => (Some(workflow_task(reason)), Reply::Status(Code::FAILED_PRECONDITION)),
        // The gateway answers the query when the completion of its task passes.
        Path::InboundQueryInTask => (None, Reply::Empty),
        Path::InboundQueryTask => (Some(query(reason)), Reply::Empty),
        Path::InboundQueryHistory => (Some(query(reason)), Reply::Status(Code::FAILED_PRECONDITION)),
        Path::InboundActivityTask => {
            (Some(Report::Activity { cause: ACTIVITY_STORAGE, non_retryable: false }), Reply::Empty)
        }
        Path::InboundNexusTask => (Some(Report::Nexus), Reply::Empty),
        Path::OutboundCompletion => (Some(workflow_task(reason)), Reply::Status(Code::NOT_FOUND)),
        // The completion carries a failed answer in the place of this one.
        Path::OutboundQueryInTask => (None, Reply::Empty),
        Path::OutboundTaskFailure
        | Path::OutboundActivityFailure
        | Path::OutboundActivityCancellation
        | Path::OutboundHeartbeat
        | Path::OutboundNexusFailure => (None, Reply::OfRequest),
        Path::OutboundQueryAnswer => (Some(query(reason)), Reply::OfReport),
        Path::OutboundActivityResult => (Some(activity(reason)), Reply::OfReport),
        Path::OutboundActivityResultById => (Some(activity_by_id(reason)), Reply::OfReport),
        Path::OutboundNexusResult => (Some(Report::Nexus), Reply::OfReport),
        Path::InboundResponse | Path::OutboundRequest => (None, Reply::Status(status(reason))),
    }
}

/// Returns the report that gives a task back to Temporal undelivered; none for what is no task.
pub(super) fn handed_back(path: Path) -> Option<Report> {
    match path {
        Path::InboundWorkflowTask => {
            Some(Report::WorkflowTask { cause: WORKFLOW_WORKER, only_first_attempt: false })
        }
        Path::InboundQueryTask => Some(Report::Query { cause: UNSPECIFIED }),
        Path::InboundActivityTask => Some(Report::Activity { cause: UNSPECIFIED, non_retryable: false }),
        Path::InboundNexusTask => Some(Report::Nexus),
        Path::InboundTaskHistory
        | Path::InboundQueryInTask
        | Path::InboundQueryHistory
        | Path::InboundResponse
        | Path::OutboundCompletion
        | Path::OutboundQueryInTask
        | Path::OutboundTaskFailure
        | Path::OutboundQueryAnswer
        | Path::OutboundActivityResult
        | Path::OutboundActivityResultById
        | Path::OutboundActivityFailure
        | Path::OutboundActivityCancellation
        | Path::OutboundHeartbeat
        | Path::OutboundNexusResult
        | Path::OutboundNexusFailure
        | Path::OutboundRequest => None,
    }
}

fn workflow_task(reason: Reason<'_>) -> Report {
    Report::WorkflowTask { cause: workflow_cause(reason), only_first_attempt: true }
}

fn query(reason: Reason<'_>) -> Report {
    Report::Query { cause: workflow_cause(reason) }
}

fn activity(reason: Reason<'_>) -> Report {
    Report::Activity { cause: activity_cause(reason), non_retryable: is_too_large(reason) }
}

fn activity_by_id(reason: Reason<'_>) -> Report {
    Report::ActivityById { cause: activity_cause(reason), non_retryable: is_too_large(reason) }
}

fn workflow_cause(reason: Reason<'_>) -> u32 {
    if reason.is_limit() { WORKFLOW_TOO_LARGE } else { WORKFLOW_STORAGE }
}

fn activity_cause(reason: Reason<'_>) -> u32 {
    if reason.is_limit() { ACTIVITY_TOO_LARGE } else { ACTIVITY_STORAGE }
}

/// Says whether the payload itself is the reason, so that producing it again fails again.
fn is_too_large(reason: Reason<'_>) -> bool {
    reason.kind() == ErrorKind::TooLarge
}

/// Returns a client's status.
fn status(reason: Reason<'_>) -> Code {
    match reason {
        Reason::OutOfTime(_) => Code::DEADLINE_EXCEEDED,
        Reason::Storage(_) | Reason::Limit(_) => code(reason.kind()),
    }
}

/// Returns the status of a kind of failure. SDKs retry `UNAVAILABLE` and `INTERNAL` by themselves, and the other two not.
fn code(kind: ErrorKind) -> Code {
    match kind {
        // The caller must send or ask for something else.
        ErrorKind::TooLarge | ErrorKind::InvalidClaim => Code::INVALID_ARGUMENT,
        // An operator must change something first.
        ErrorKind::Config
        | ErrorKind::Integrity
        | ErrorKind::NotFound
        | ErrorKind::PermissionDenied
        | ErrorKind::Unauthenticated
        | ErrorKind::Unsupported => Code::FAILED_PRECONDITION,
        ErrorKind::Internal => Code::INTERNAL,
        // Conflict, Throttled, Timeout and Unavailable: a retry may succeed. The core may add kinds; a test of this
        // table fails until somebody decides about each.
        _ => Code::UNAVAILABLE,
    }
}
