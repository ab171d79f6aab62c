//! Compares the tables of the crate's documentation with the code.

use std::fmt::Write as _;
use std::fs;

use extstore::ErrorKind;

use super::cells::{EXCEEDED, of_driver};
use crate::Code;
use crate::failure::report::Report;
use crate::failure::table::{Reply, cell};
use crate::failure::{Path, Reason};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/docs.md");

#[test]
fn the_crate_documentation_shows_the_table_of_failures() {
    let page = fs::read_to_string(PAGE).expect("the crate's documentation");
    let expected = replace(&replace(&page, PATHS, &paths()), CODES, &codes());
    if std::env::var_os("EXTSTORE_BLESS").is_some() {
        fs::write(PAGE, expected).expect("the documentation is written");
    } else {
        assert_eq!(page, expected, "src/docs.md differs; EXTSTORE_BLESS=1 writes it");
    }
}

/// Puts these rows in the place of those below a table's head.
fn replace(page: &str, head: &str, rows: &str) -> String {
    let (before, rest) = page.split_once(head).expect("a table with this head");
    let is_row = |line: &&str| line.starts_with('|');
    let after: String = rest.split_inclusive('\n').skip_while(is_row).collect();
    format!("{before}{head}{rows}{after}")
}

const PATHS: &str = "| payloads of | report to Temporal | answer to the caller |\n|---|---|---|\n";

/// Writes the rows of the failure table, in the order of the paths.
fn paths() -> String {
    let mut rows = String::new();
    for path in Path::ALL {
        let outage = of_driver(ErrorKind::Unavailable);
        let too_large = of_driver(ErrorKind::TooLarge);
        let (report, reply) = cell(*path, Reason::Storage(&outage));
        let (of_large, _) = cell(*path, Reason::Storage(&too_large));
        let (of_limit, _) = cell(*path, Reason::Limit(&EXCEEDED));
        let words = words(*path);
        let [report, reply] = match (report, of_large, of_limit, words.instead) {
            (Some(report), Some(of_large), Some(of_limit), None) => {
                [report_text(report, of_large, of_limit), reply_text(reply)]
            }
            (None, None, None, Some(instead)) => instead.map(str::to_owned),
            _ => panic!("{path:?} has a report for some reasons only, or no words"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(rows, "| {} | {report} | {reply} |", words.title);
    }
    rows
}

struct Words {
    title: &'static str,
    /// The columns of a path without a report.
    instead: Option<[&'static str; 2]>,
}

fn words(path: Path) -> Words {
    let reported = |title| Words { title, instead: None };
    let other = |title, report, reply| Words { title, instead: Some([report, reply]) };
    let told =
        |title| other(title, "none; the request goes on without these payloads", "the answer to the request");
    match path {
        Path::InboundWorkflowTask => reported("inbound workflow task"),
        Path::InboundTaskHistory => reported("· page of its history"),
        Path::InboundQueryInTask => other(
            "· arguments of a query in it",
            "none; the completion of the task answers the query as failed",
            "the task without the query",
        ),
        Path::InboundQueryTask => reported("inbound query task"),
        Path::InboundQueryHistory => reported("· page of its history"),
        Path::InboundActivityTask => reported("inbound activity task"),
        Path::InboundNexusTask => reported("inbound Nexus task"),
        Path::InboundResponse => {
            other("any other response: a client's", "none", "a status by kind, see below")
        }
        Path::OutboundCompletion => reported("completion of a workflow task"),
        Path::OutboundQueryInTask => other(
            "· answer to a query in it",
            "none; the completion carries a failed answer",
            "the answer to the completion",
        ),
        Path::OutboundTaskFailure => told("failure of a workflow task"),
        Path::OutboundQueryAnswer => reported("answer of a query task"),
        Path::OutboundActivityResult => reported("result of an activity"),
        Path::OutboundActivityResultById => reported("· the same by ids"),
        Path::OutboundActivityFailure => told("failure of an activity"),
        Path::OutboundActivityCancellation => told("cancellation of an activity"),
        Path::OutboundHeartbeat => told("heartbeat of an activity"),
        Path::OutboundNexusResult => reported("result of a Nexus operation"),
        Path::OutboundNexusFailure => told("failure of a Nexus task"),
        Path::OutboundRequest => {
            other("any other request: a client's", "none", "a status by kind, see below")
        }
    }
}

/// Describes the report of an outage, with its differences for a payload that is too large for the store and for one
/// above a limit.
fn report_text(report: Report, of_large: Report, of_limit: Report) -> String {
    let rpc = report.rpc().method();
    let details = match (report, of_large, of_limit) {
        (
            Report::WorkflowTask { cause, only_first_attempt },
            Report::WorkflowTask { cause: of_large, .. },
            Report::WorkflowTask { cause: of_limit, .. },
        ) => {
            let attempts = if only_first_attempt { "; on the first attempt only" } else { "" };
            format!("{}{attempts}", causes(cause, of_large, of_limit))
        }
        (Report::Query { cause }, Report::Query { cause: of_large }, Report::Query { cause: of_limit }) => {
            causes(cause, of_large, of_limit)
        }
        (
            Report::Activity { cause, non_retryable },
            Report::Activity { cause: of_large, non_retryable: large },
            Report::Activity { cause: of_limit, non_retryable: limit },
        )
        | (
            Report::ActivityById { cause, non_retryable },
            Report::ActivityById { cause: of_large, non_retryable: large },
            Report::ActivityById { cause: of_limit, non_retryable: limit },
        ) => format!("{}; {}", causes(cause, of_large, of_limit), retries([non_retryable, large, limit])),
        (Report::Nexus, Report::Nexus, Report::Nexus) => "`INTERNAL`, retryable".to_owned(),
        reports => panic!("one path, several RPCs: {reports:?}"),
    };
    format!("`{rpc}`, {details}")
}

fn causes(outage: u32, too_large: u32, limit: u32) -> String {
    assert_eq!(outage, too_large, "the table has no words for this");
    if outage == limit { format!("cause {outage}") } else { format!("cause {outage}, above a limit {limit}") }
}

fn retries(non_retryable: [bool; 3]) -> &'static str {
    match non_retryable {
        [false, false, false] => "retryable",
        [false, true, true] => "retryable unless it is too large",
        other => panic!("the table has no words for {other:?}"),
    }
}

fn reply_text(reply: Reply) -> String {
    match reply {
        Reply::Empty => "an empty answer".to_owned(),
        Reply::OfReport => "the answer to the report".to_owned(),
        Reply::Status(code) => format!("`{}`", code_name(code)),
        Reply::OfRequest => "the answer to the request".to_owned(),
    }
}

const CODES: &str = "| status of a client's call | kinds of failure |\n|---|---|\n";

/// Writes the rows of the table of a client's statuses.
fn codes() -> String {
    let mut rows = String::new();
    let codes = [Code::INVALID_ARGUMENT, Code::FAILED_PRECONDITION, Code::INTERNAL, Code::UNAVAILABLE];
    let mut kinds = 0;
    for code in codes {
        let of_code = ErrorKind::ALL.iter().copied().filter(|kind| status(*kind) == Reply::Status(code));
        let names: Vec<String> = of_code.map(|kind| format!("`{kind}`")).collect();
        kinds += names.len();
        let _ = writeln!(rows, "| `{}` | {} |", code_name(code), names.join(", "));
    }
    assert_eq!(kinds, ErrorKind::ALL.len(), "every kind is in the table once");
    rows
}

fn status(kind: ErrorKind) -> Reply {
    let error = of_driver(kind);
    let [request, response] =
        [Path::OutboundRequest, Path::InboundResponse].map(|path| cell(path, Reason::Storage(&error)).1);
    assert_eq!(request, response, "a client's request and response have one status");
    request
}

fn code_name(code: Code) -> &'static str {
    match code {
        Code::INVALID_ARGUMENT => "INVALID_ARGUMENT",
        Code::NOT_FOUND => "NOT_FOUND",
        Code::FAILED_PRECONDITION => "FAILED_PRECONDITION",
        Code::INTERNAL => "INTERNAL",
        Code::UNAVAILABLE => "UNAVAILABLE",
        Code(other) => panic!("no name for the code {other}"),
    }
}
