//! Turns failures of storage into reports to Temporal and answers to the caller, by one table of path and reason.
//!
//! The specification's rules behind the table: a failure of storage never fails a workflow; a report never goes
//! through storage; nothing fails silently, so the gateway logs and counts every failure, reported or not.

use extstore::{ErrorKind, Event};
use extstore_wire::Frame;

use crate::exchange::Exchange;
use crate::identity::Task;
use crate::{Answer, Code, FailedTask, Status};

mod data_converter;
mod omitted;
mod path;
mod reason;
mod report;
mod table;
mod task_ids;
mod text;

pub use data_converter::STORAGE_FAILURE;
pub(crate) use data_converter::name_cause;
pub(crate) use omitted::{Omissible, note_omitted};
pub(crate) use path::Path;
pub(crate) use reason::Reason;
pub(crate) use task_ids::TaskIds;
pub(crate) use text::public;

use report::Report;
use table::Reply;

/// Deals with a request whose payloads could not be stored: sends the report of its path, and returns the answer to the
/// caller.
///
/// `request` is the outermost message of the request: token and ids are its captures. `task` is the task that its token
/// stands for, where that is known; an unknown task counts as a first attempt.
pub(crate) async fn outbound(
    exchange: &Exchange,
    request: Frame<'_>,
    task: Option<&Task>,
    reason: Reason<'_>,
) -> Result<Answer, Status> {
    let ids = TaskIds::of_request(&exchange.caller, request, task.map_or(1, |task| task.attempt));
    conclude(exchange, Path::of_request(exchange.task_rpc), &ids, reason).await
}

/// Says why a task goes back to Temporal undelivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undelivered {
    /// Its caller is gone, or its worker has told the server that it stops. This is no failure of storage: neither the
    /// report nor an event says so.
    Stopped,
    /// Storage took longer than the caller of the answer may wait, who wants something else: the task is an eager one.
    Slow,
}

/// Gives a task back to Temporal that is not delivered, so that another worker gets it at once.
pub(crate) async fn hand_back(exchange: &Exchange, path: Path, task: &TaskIds, why: Undelivered) {
    let Some(report) = table::handed_back(path) else { return };
    let (failure_type, text) = match why {
        Undelivered::Stopped => {
            tracing::debug!(path = path.name(), "the worker stopped: its task goes back to Temporal");
            (report::STOPPED, text::STOPPED.to_owned())
        }
        Undelivered::Slow => {
            let slow = ErrorKind::Timeout.error(text::SLOW);
            note(exchange, path, Reason::Storage(&slow), true);
            count(exchange, path, Reason::Storage(&slow));
            (report::FAILED, public(path, Reason::Storage(&slow)))
        }
    };
    // A report that fails was logged; the task's time-out does the same later.
    let _ = report::send(exchange, task, report, failure_type, &text, report::REPEATED).await;
}

/// Deals with a failure on any path: sends the report, logs and counts the failure, and returns the answer to the
/// caller of the failed request or poll.
pub(crate) async fn conclude(
    exchange: &Exchange,
    path: Path,
    task: &TaskIds,
    reason: Reason<'_>,
) -> Result<Answer, Status> {
    let (report, reply) = table::cell(path, reason);
    // Each page of a completion may fail; its task fails once.
    let is_new =
        path != Path::OutboundCompletion || exchange.state.reported_tasks.add(&exchange.scope, task.token());
    let is_told = |report: &Report| is_new && (task.attempt() <= 1 || !report.only_first_attempt());
    let due = report.filter(is_told);
    // A path without a report has another way to tell: a status, or the failed answer to a query.
    note(exchange, path, reason, due.is_some() || report.is_none());
    if is_new {
        count(exchange, path, reason);
    }
    let text = public(path, reason);
    let reported = match due {
        Some(report) => {
            let pauses = if reply == Reply::OfReport { report::ONCE } else { report::REPEATED };
            report::send(exchange, task, report, report::FAILED, &text, pauses).await
        }
        None => Ok(Answer::empty()),
    };
    match reply {
        Reply::Empty => Ok(Answer::empty()),
        Reply::OfReport => reported,
        Reply::Status(code) => Err(Status::new(code, text)),
        // The request goes on without its payloads, unless it cannot be written: it is above protobuf's 2 GiB.
        Reply::OfRequest => Err(Status::new(Code::INTERNAL, text)),
    }
}

/// Logs the whole error with its location, and counts it. Only its public part leaves the process.
fn note(exchange: &Exchange, path: Path, reason: Reason<'_>, reported: bool) {
    let (path, kind) = (path.name(), reason.kind());
    match reason {
        Reason::Storage(error) | Reason::OutOfTime(error) => {
            tracing::warn!(path, reported, "external storage failed: {error}");
        }
        Reason::Limit(exceeded) => tracing::warn!(path, reported, "{exceeded}"),
    }
    exchange.observe(&Event::failed(path, kind, reported));
}

/// Tells the upstream of a failed attempt at a task.
fn count(exchange: &Exchange, path: Path, reason: Reason<'_>) {
    if let Some(kind) = path.failed_kind() {
        let namespace = &exchange.caller.namespace;
        exchange.upstream.note_failed(&FailedTask { kind, namespace, reason: reason.tag() });
    }
}

#[cfg(test)]
mod tests;
