//! The table again, written from the specification and not from the code.

use extstore::ErrorKind;

use crate::Code;
use crate::failure::Path;
use crate::failure::report::Report;
use crate::failure::table::{Fault, Reply, Verdict, handed_back, verdict};

/// What an outage, a payload that is too large for the store, and a limit of the namespace become.
struct Row {
    path: Path,
    outage: Option<Report>,
    too_large: Option<Report>,
    limit: Option<Report>,
    reply: Option<Reply>,
}

fn workflow(cause: u32) -> Option<Report> {
    Some(Report::WorkflowTask { cause, only_first_attempt: true })
}

fn query(cause: u32) -> Option<Report> {
    Some(Report::Query { cause })
}

fn activity(cause: u32, non_retryable: bool) -> Option<Report> {
    Some(Report::Activity { cause, non_retryable })
}

fn by_id(cause: u32, non_retryable: bool) -> Option<Report> {
    Some(Report::ActivityById { cause, non_retryable })
}

fn row(path: Path) -> Row {
    let row = |outage, too_large, limit, reply| Row { path, outage, too_large, limit, reply: Some(reply) };
    let not_found = Reply::Status(Code::NOT_FOUND);
    let stop = Reply::Status(Code::FAILED_PRECONDITION);
    let always = |cause| Some(Report::WorkflowTask { cause, only_first_attempt: false });
    let nexus = Some(Report::Nexus);
    match path {
        Path::WorkflowTaskIn => row(workflow(38), workflow(38), workflow(37), Reply::Empty),
        Path::TaskHistoryIn => row(workflow(38), workflow(38), workflow(37), stop),
        Path::QueryHistoryIn => row(query(38), query(38), query(37), stop),
        Path::WorkflowTaskOut => row(workflow(38), workflow(38), workflow(37), not_found),
        Path::WorkflowTaskFailedOut => row(always(38), always(38), always(37), Reply::Outcome),
        Path::QueryTaskIn => row(query(38), query(38), query(37), Reply::Empty),
        Path::QueryTaskOut => row(query(38), query(38), query(37), Reply::Outcome),
        Path::QueryInTask => row(None, None, None, Reply::Empty),
        Path::ActivityIn => row(activity(2, false), activity(2, false), activity(2, false), Reply::Empty),
        Path::ActivityOut => row(activity(2, false), activity(2, true), activity(1, true), Reply::Outcome),
        Path::ActivityByIdOut => row(by_id(2, false), by_id(2, true), by_id(1, true), Reply::Outcome),
        Path::Heartbeat => row(activity(2, false), activity(2, true), activity(1, true), not_found),
        Path::HeartbeatById => row(by_id(2, false), by_id(2, true), by_id(1, true), not_found),
        Path::NexusIn => row(nexus, nexus, nexus, Reply::Empty),
        Path::NexusOut => row(nexus, nexus, nexus, Reply::Outcome),
        Path::Client => Row { path, outage: None, too_large: None, limit: None, reply: None },
    }
}

/// What a client is told.
fn code(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::TooLarge | ErrorKind::InvalidClaim => Code::INVALID_ARGUMENT,
        ErrorKind::Config | ErrorKind::PermissionDenied | ErrorKind::Unauthenticated => {
            Code::FAILED_PRECONDITION
        }
        ErrorKind::NotFound | ErrorKind::Integrity | ErrorKind::Unsupported => Code::FAILED_PRECONDITION,
        ErrorKind::Internal => Code::INTERNAL,
        ErrorKind::Conflict | ErrorKind::Throttled | ErrorKind::Timeout | ErrorKind::Unavailable => {
            Code::UNAVAILABLE
        }
        _ => panic!("nobody has decided what a client is told of {kind}"),
    }
}

#[test]
fn every_path_and_every_kind_of_storage_failure() {
    for row in Path::ALL.map(row) {
        for kind in ErrorKind::ALL {
            let report = if kind == ErrorKind::TooLarge { row.too_large } else { row.outage };
            let reply = row.reply.unwrap_or(Reply::Status(code(kind)));
            assert_eq!(
                verdict(row.path, Fault::Storage(kind)),
                Verdict { report, reply },
                "{:?} {kind}",
                row.path
            );
        }
    }
}

#[test]
fn every_path_and_a_limit() {
    for row in Path::ALL.map(row) {
        let reply = row.reply.unwrap_or(Reply::Status(Code::INVALID_ARGUMENT));
        let expected = Verdict { report: row.limit, reply };
        assert_eq!(verdict(row.path, Fault::Limit), expected, "{:?}", row.path);
    }
}

#[test]
fn every_path_and_missing_storage_which_stays_retryable() {
    for row in Path::ALL.map(row) {
        let reply = row.reply.unwrap_or(Reply::Status(Code::FAILED_PRECONDITION));
        let expected = Verdict { report: row.outage, reply };
        assert_eq!(verdict(row.path, Fault::NotConfigured), expected, "{:?}", row.path);
    }
}

#[test]
fn only_polled_tasks_are_handed_back_and_never_with_a_cause_of_storage() {
    for path in Path::ALL {
        let expected = match path {
            Path::WorkflowTaskIn => Some(Report::WorkflowTask { cause: 14, only_first_attempt: false }),
            Path::QueryTaskIn => query(0),
            Path::ActivityIn => activity(0, false),
            Path::NexusIn => Some(Report::Nexus),
            _ => None,
        };
        assert_eq!(handed_back(path), expected, "{path:?}");
    }
}
