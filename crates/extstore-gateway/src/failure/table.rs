//! The table.

use extstore::ErrorKind;

use super::path::Path;
use super::reason::Reason;
use super::report::Report;
use super::text;
use crate::Code;

/// `WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE`
const WORKFLOW_WORKER: u32 = 14;
/// `WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`
const WORKFLOW_TOO_LARGE: u32 = 37;
/// `WORKFLOW_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`
pub(super) const WORKFLOW_STORAGE: u32 = 38;
/// `ACTIVITY_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`: a field above the namespace's limit.
const ACTIVITY_TOO_LARGE: u32 = 1;
/// `ACTIVITY_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`
pub(super) const ACTIVITY_STORAGE: u32 = 2;
/// No cause.
const UNSPECIFIED: u32 = 0;

/// The columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Storage failed.
    Storage(ErrorKind),
    /// A limit was exceeded that is not the store's: the namespace's, or the cap of a restored message.
    Limit,
    /// A reference was found and no storage is configured: `TMPRL1105`.
    NotConfigured,
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What Temporal is told.
    pub(super) report: Option<Report>,
    /// What the caller is answered.
    pub(super) reply: Reply,
}

/// What the caller is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// An empty answer, which a poller takes for a poll that found no task.
    Empty,
    /// What the report was answered.
    Outcome,
    /// A status.
    Status(Code),
}

impl Fault {
    pub(super) fn of(reason: Reason<'_>) -> Self {
        match reason {
            Reason::Limit(_) => Self::Limit,
            Reason::Storage(error) if error.operation().is_some() => Self::Storage(error.kind()),
            Reason::Storage(error) if error.kind() == ErrorKind::TooLarge => Self::Limit,
            Reason::Storage(error) if text::names_missing_storage(error) => Self::NotConfigured,
            Reason::Storage(error) => Self::Storage(error.kind()),
        }
    }

    /// Whether the payload itself is the reason, so that producing it again fails again.
    fn is_too_large(self) -> bool {
        matches!(self, Self::Limit | Self::Storage(ErrorKind::TooLarge))
    }

    fn workflow_cause(self) -> u32 {
        if self == Self::Limit { WORKFLOW_TOO_LARGE } else { WORKFLOW_STORAGE }
    }

    fn activity_cause(self) -> u32 {
        if self == Self::Limit { ACTIVITY_TOO_LARGE } else { ACTIVITY_STORAGE }
    }
}

/// One cell of the table.
///
/// A workflow task is reported on its first attempt only, and `NOT_FOUND` makes the SDK forget a run whose commands
/// were not accepted. An activity's result that is too large fails the activity for good: a retry makes the same
/// result, with all external effects. What comes in too large may fit another worker, so it is retried.
pub(super) fn verdict(path: Path, fault: Fault) -> Verdict {
    let (report, reply) = match path {
        Path::WorkflowTaskIn => (Some(workflow_task(fault)), Reply::Empty),
        // An SDK does not retry that code, and forgets the run.
        Path::TaskHistoryIn => (Some(workflow_task(fault)), Reply::Status(Code::FAILED_PRECONDITION)),
        Path::WorkflowTaskOut => (Some(workflow_task(fault)), Reply::Status(Code::NOT_FOUND)),
        Path::WorkflowTaskFailedOut => {
            let report = Report::WorkflowTask { cause: fault.workflow_cause(), only_first_attempt: false };
            (Some(report), Reply::Outcome)
        }
        Path::QueryTaskIn => (Some(Report::Query { cause: fault.workflow_cause() }), Reply::Empty),
        Path::QueryHistoryIn => {
            (Some(Report::Query { cause: fault.workflow_cause() }), Reply::Status(Code::FAILED_PRECONDITION))
        }
        Path::QueryTaskOut => (Some(Report::Query { cause: fault.workflow_cause() }), Reply::Outcome),
        // The completion of its task answers for it.
        Path::QueryInTask => (None, Reply::Empty),
        Path::ActivityIn => {
            (Some(Report::Activity { cause: ACTIVITY_STORAGE, non_retryable: false }), Reply::Empty)
        }
        Path::ActivityOut => (Some(activity(fault)), Reply::Outcome),
        Path::ActivityByIdOut => (Some(activity_by_id(fault)), Reply::Outcome),
        // The SDK cancels an activity that its heartbeat does not find.
        Path::Heartbeat => (Some(activity(fault)), Reply::Status(Code::NOT_FOUND)),
        Path::HeartbeatById => (Some(activity_by_id(fault)), Reply::Status(Code::NOT_FOUND)),
        Path::NexusIn => (Some(Report::Nexus), Reply::Empty),
        Path::NexusOut => (Some(Report::Nexus), Reply::Outcome),
        Path::Client => (None, Reply::Status(code(fault))),
    };
    Verdict { report, reply }
}

/// How a task is given back that nobody is left to work on.
pub(super) fn handed_back(path: Path) -> Option<Report> {
    match path {
        Path::WorkflowTaskIn => {
            Some(Report::WorkflowTask { cause: WORKFLOW_WORKER, only_first_attempt: false })
        }
        Path::QueryTaskIn => Some(Report::Query { cause: UNSPECIFIED }),
        Path::ActivityIn => Some(Report::Activity { cause: UNSPECIFIED, non_retryable: false }),
        Path::NexusIn => Some(Report::Nexus),
        _ => None,
    }
}

fn workflow_task(fault: Fault) -> Report {
    Report::WorkflowTask { cause: fault.workflow_cause(), only_first_attempt: true }
}

fn activity(fault: Fault) -> Report {
    Report::Activity { cause: fault.activity_cause(), non_retryable: fault.is_too_large() }
}

fn activity_by_id(fault: Fault) -> Report {
    Report::ActivityById { cause: fault.activity_cause(), non_retryable: fault.is_too_large() }
}

/// SDKs retry `UNAVAILABLE` and `INTERNAL` by themselves, and the other two not.
fn code(fault: Fault) -> Code {
    let kind = match fault {
        Fault::Limit => ErrorKind::TooLarge,
        Fault::NotConfigured => ErrorKind::Config,
        Fault::Storage(kind) => kind,
    };
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
        // Conflict, Throttled, Timeout, Unavailable, and what the core may add: time helps, or a person who sees it.
        _ => Code::UNAVAILABLE,
    }
}
