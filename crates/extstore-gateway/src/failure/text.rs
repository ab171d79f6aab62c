//! What people read: in the Web UI, in a client's error, in the answer of a query.

use extstore::{Error, ErrorKind};

use super::path::Path;
use super::reason::Reason;

/// The text of a task that is given back.
pub(super) const STOPPED: &str = "the worker stopped before the task was delivered to it";

const MISSING_STORAGE: &str = "TMPRL1105";

/// What may leave the process: what failed, the error's public part, and what its code or its sizes say.
///
/// It never holds a location, an id or text of the store's vendor.
pub(crate) fn public(path: Path, reason: Reason<'_>) -> String {
    match reason {
        Reason::Limit(exceeded) => exceeded.to_string(),
        Reason::Storage(error) => {
            let (noun, verb) = (path.noun(), verb(path, error));
            format!("External storage could not {verb} payloads of this {noun}. {}", detail(error))
        }
    }
}

/// Whether the error says that a reference was found and no storage is configured.
pub(super) fn names_missing_storage(error: &Error) -> bool {
    error.code() == Some(MISSING_STORAGE)
}

/// Sizes and limits are what its reader must know of a payload that is too large.
fn detail(error: &Error) -> String {
    let public = error.public();
    match error.kind() {
        ErrorKind::TooLarge => format!("{public}: {}", error.message()),
        _ if error.code().is_some() => format!("{} ({public})", error.message()),
        _ => public,
    }
}

fn verb(path: Path, error: &Error) -> &'static str {
    match (error.operation(), path) {
        (Some("store"), _) => "store",
        (Some("retrieve"), _) => "restore",
        (
            _,
            Path::WorkflowTaskIn
            | Path::TaskHistoryIn
            | Path::QueryTaskIn
            | Path::QueryHistoryIn
            | Path::QueryInTask
            | Path::ActivityIn
            | Path::NexusIn
            | Path::Client,
        ) => "restore",
        _ => "store",
    }
}
