//! What a failure of storage becomes: one table of failure × path → RPC, cause, retryable, answer.
//!
//! The specification's rules behind the table: a failure of storage never fails a workflow; a report never goes
//! through storage; nothing fails silently, so every failure is logged and counted, whether Temporal is told or not.

use extstore::Event;
use extstore_wire::Frame;

use crate::exchange::Exchange;
use crate::identity::Task;
use crate::{Answer, Status};

mod path;
mod reason;
mod report;
mod resolver;
mod subject;
mod table;
mod text;

pub(crate) use path::Path;
pub(crate) use reason::Reason;
pub use resolver::STORAGE_FAILURE;
pub(crate) use resolver::name_cause;
pub(crate) use subject::Subject;
pub(crate) use text::public;

use report::{Effort, Report};
use table::Reply;

/// Deals with payloads of a request that could not be stored: reports what the path demands, and returns what the
/// caller is answered.
///
/// `request` is the outermost message of the request: token and ids are its captures. `task` is what its token stands
/// for, where that is known; a task that is not known counts as a first attempt.
pub(crate) async fn outbound(
    exchange: &Exchange,
    request: Frame<'_>,
    task: Option<&Task>,
    reason: Reason<'_>,
) -> Result<Answer, Status> {
    let subject = Subject::of_request(&exchange.caller, request, task.map_or(1, |task| task.attempt));
    conclude(exchange, Path::of_request(exchange.rpc), &subject, reason).await
}

/// Gives a polled task back that nobody is left to work on, so that another worker gets it at once.
///
/// It is no failure of storage: neither cause nor count says so.
pub(crate) async fn hand_back(exchange: &Exchange, path: Path, subject: &Subject) {
    let Some(report) = table::handed_back(path) else { return };
    tracing::debug!(path = path.name(), "the worker stopped: its task goes back to Temporal");
    // A report that fails was logged; the task's time-out does the same later.
    let _ = report::send(exchange, subject, report, report::STOPPED, text::STOPPED, Effort::Insist).await;
}

/// Deals with a failure on any path: of payloads that came with a task or another response, too. What is returned is
/// what the caller of the failed request or poll is answered.
pub(crate) async fn conclude(
    exchange: &Exchange,
    path: Path,
    subject: &Subject,
    reason: Reason<'_>,
) -> Result<Answer, Status> {
    let verdict = table::verdict(path, table::Fault::of(reason));
    let report = verdict.report.filter(|report| subject.attempt() <= 1 || !report.only_first_attempt());
    note(exchange, path, reason, report);
    let text = public(path, reason);
    let reported = match report {
        Some(report) => {
            let effort = if verdict.reply == Reply::Outcome { Effort::Once } else { Effort::Insist };
            report::send(exchange, subject, report, report::FAILED, &text, effort).await
        }
        None => Ok(Answer::empty()),
    };
    match verdict.reply {
        Reply::Empty => Ok(Answer::empty()),
        Reply::Outcome => reported,
        Reply::Status(code) => Err(Status::new(code, text)),
    }
}

/// The log has the whole error, with its location; what leaves the process has only its public part.
fn note(exchange: &Exchange, path: Path, reason: Reason<'_>, report: Option<Report>) {
    let told = report.is_some() || path == Path::Client || path == Path::QueryInTask;
    let (path, kind) = (path.name(), reason.kind());
    match reason {
        Reason::Storage(error) => tracing::warn!(path, reported = told, "external storage failed: {error}"),
        Reason::Limit(exceeded) => tracing::warn!(path, reported = told, "{exceeded}"),
    }
    exchange.observe(&Event::failed(path, kind, told));
}

#[cfg(test)]
mod tests;
