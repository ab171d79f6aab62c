//! Repeats the table from the specification, so that a change of a cell must be made twice.

use extstore::{Claim, Error, ErrorKind, Reference, refuse_references};

use crate::Code;
use crate::failure::report::Report;
use crate::failure::table::{Reply, cell, handed_back};
use crate::failure::{Path, Reason};
use crate::limits::Exceeded;
use crate::state::Limit;

/// Holds the reports of an outage, of a payload that is too large for the store, and of a limit of the namespace, and
/// the reply to all of them. A client has a reply for each kind of failure.
struct Row {
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
    let row = |outage, too_large, limit, reply| Row { outage, too_large, limit, reply: Some(reply) };
    let not_found = Reply::Status(Code::NOT_FOUND);
    let stop = Reply::Status(Code::FAILED_PRECONDITION);
    let nexus = Some(Report::Nexus);
    match path {
        Path::InboundWorkflowTask => row(workflow(38), workflow(38), workflow(37), Reply::Empty),
        Path::InboundTaskHistory => row(workflow(38), workflow(38), workflow(37), stop),
        Path::InboundQueryInTask | Path::OutboundQueryInTask => row(None, None, None, Reply::Empty),
        Path::InboundQueryTask => row(query(38), query(38), query(37), Reply::Empty),
        Path::InboundQueryHistory => row(query(38), query(38), query(37), stop),
        Path::InboundActivityTask => {
            row(activity(2, false), activity(2, false), activity(2, false), Reply::Empty)
        }
        Path::InboundNexusTask => row(nexus, nexus, nexus, Reply::Empty),
        Path::OutboundCompletion => row(workflow(38), workflow(38), workflow(37), not_found),
        // These are told without their payloads: nothing is reported in their place.
        Path::OutboundTaskFailure
        | Path::OutboundActivityFailure
        | Path::OutboundActivityCancellation
        | Path::OutboundHeartbeat
        | Path::OutboundNexusFailure => row(None, None, None, Reply::OfRequest),
        Path::OutboundQueryAnswer => row(query(38), query(38), query(37), Reply::OfReport),
        Path::OutboundActivityResult => {
            row(activity(2, false), activity(2, true), activity(1, true), Reply::OfReport)
        }
        Path::OutboundActivityResultById => {
            row(by_id(2, false), by_id(2, true), by_id(1, true), Reply::OfReport)
        }
        Path::OutboundNexusResult => row(nexus, nexus, nexus, Reply::OfReport),
        Path::InboundResponse | Path::OutboundRequest => {
            Row { outage: None, too_large: None, limit: None, reply: None }
        }
    }
}

/// Returns the status of a client's call.
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
        _ => panic!("nobody has decided about the status of {kind}"),
    }
}

/// Makes a failure of a driver, for which the core names the operation.
pub(super) fn of_driver(kind: ErrorKind) -> Error {
    kind.error("the message of a driver").with_operation("store")
}

pub(super) const EXCEEDED: Exceeded = Exceeded { limit: Limit::Blob, size: 2, allowed: 1 };

#[test]
fn every_path_and_every_kind_of_storage_failure() {
    for path in Path::ALL {
        let row = row(*path);
        for kind in ErrorKind::ALL.iter().copied() {
            let report = if kind == ErrorKind::TooLarge { row.too_large } else { row.outage };
            let reply = row.reply.unwrap_or(Reply::Status(code(kind)));
            assert_eq!(cell(*path, Reason::Storage(&of_driver(kind))), (report, reply), "{path:?} {kind}");
        }
    }
}

/// A time-out of the call itself is told to a client, and is a failure of storage like any other to Temporal.
#[test]
fn every_path_and_a_call_whose_time_is_over() {
    for path in Path::ALL {
        let row = row(*path);
        let reply = row.reply.unwrap_or(Reply::Status(Code::DEADLINE_EXCEEDED));
        let error = of_driver(ErrorKind::Timeout);
        assert_eq!(cell(*path, Reason::OutOfTime(&error)), (row.outage, reply), "{path:?}");
    }
}

#[test]
fn every_path_and_a_limit_of_the_namespace_or_the_cap_of_a_response() {
    let above_the_cap = ErrorKind::TooLarge.error("the gateway's own error names no operation");
    for path in Path::ALL {
        let row = row(*path);
        let reply = row.reply.unwrap_or(Reply::Status(Code::INVALID_ARGUMENT));
        for reason in [Reason::Limit(&EXCEEDED), Reason::Storage(&above_the_cap)] {
            assert_eq!(cell(*path, reason), (row.limit, reply), "{path:?} {reason:?}");
        }
    }
}

#[test]
fn every_path_and_missing_storage_which_stays_retryable() {
    let missing = refuse_references([&Reference::new("store", Claim::new()).to_payload(1)]).unwrap_err();
    for path in Path::ALL {
        let row = row(*path);
        let reply = row.reply.unwrap_or(Reply::Status(Code::FAILED_PRECONDITION));
        assert_eq!(cell(*path, Reason::Storage(&missing)), (row.outage, reply), "{path:?}");
    }
}

#[test]
fn only_polled_tasks_are_handed_back_and_never_with_a_cause_of_storage() {
    let handed_back: Vec<_> =
        Path::ALL.iter().filter_map(|path| Some((*path, handed_back(*path)?))).collect();
    let expected = [
        (Path::InboundWorkflowTask, Report::WorkflowTask { cause: 14, only_first_attempt: false }),
        (Path::InboundQueryTask, Report::Query { cause: 0 }),
        (Path::InboundActivityTask, Report::Activity { cause: 0, non_retryable: false }),
        (Path::InboundNexusTask, Report::Nexus),
    ];
    assert_eq!(handed_back, expected);
}
