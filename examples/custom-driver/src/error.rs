use extstore::{Error, ErrorKind};
use rusqlite::ErrorCode;

/// Maps SQLite's errors, in this one place, to kinds that tell an operator what to do.
pub(crate) fn explain(error: rusqlite::Error) -> Error {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Unavailable,
        Some(ErrorCode::DiskFull) => ErrorKind::Unavailable,
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => ErrorKind::PermissionDenied,
        Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase) => ErrorKind::Config,
        Some(ErrorCode::DatabaseCorrupt) => ErrorKind::Integrity,
        Some(ErrorCode::TooBig) => ErrorKind::TooLarge,
        _ => ErrorKind::Internal,
    };
    kind.error(text(kind)).with_source(error)
}

fn text(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unavailable => "the database is busy or its disk is full",
        ErrorKind::PermissionDenied => "the database file may not be written",
        ErrorKind::Config => "the file cannot be opened as a SQLite database",
        ErrorKind::Integrity => "the database file is damaged",
        ErrorKind::TooLarge => "the payload exceeds SQLite's own limit",
        _ => "SQLite failed",
    }
}
