//! Writes the texts that people read: in the Web UI, in a client's error, in the answer of a query.

use extstore::{Error, ErrorKind};

use super::path::{Direction, Path};
use super::reason::Reason;

/// Tells a reader of the history why a task was given back.
pub(super) const STOPPED: &str = "the worker stopped before the task was delivered to it";
/// Tells a reader of the log why an eager task was given back. It never leaves the process.
pub(super) const SLOW: &str = "the answer that brings the eager task waits no longer for its payloads";

/// Returns the text that may leave the process: the kind of message, the error's public part, and its code or its
/// sizes.
///
/// It never holds a location, an id or text of the store's vendor.
pub(crate) fn public(path: Path, reason: Reason<'_>) -> String {
    match reason {
        Reason::Limit(exceeded) => exceeded.to_string(),
        Reason::Storage(error) | Reason::OutOfTime(error) => {
            let (noun, verb) = (path.noun(), verb(path, error));
            format!("External storage could not {verb} payloads of this {noun}. {}", detail(error))
        }
    }
}

/// Returns the error's public part, with the sizes of a payload that is too large, or with the text of a `TMPRL` code.
fn detail(error: &Error) -> String {
    let public = error.public();
    match error.kind() {
        ErrorKind::TooLarge => format!("{public}: {}", error.message()),
        _ if error.code().is_some() => format!("{} ({public})", error.message()),
        _ => public,
    }
}

fn verb(path: Path, error: &Error) -> &'static str {
    match (error.operation(), path.direction()) {
        (Some("store"), _) => "store",
        (Some("retrieve"), _) => "restore",
        (_, Direction::Inbound) => "restore",
        (_, Direction::Outbound) => "store",
    }
}
