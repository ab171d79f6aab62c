//! Says why the payloads of a message cannot go on.

use extstore::ErrorKind;

use crate::limits::Exceeded;

/// The reason why payloads cannot go on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason<'a> {
    /// They could not be stored, or not be restored. An error that names no operation is the gateway's own: `TooLarge`
    /// of a restored message, `Config` of missing storage.
    Storage(&'a extstore::Error),
    /// What stays inline is above a limit of the namespace.
    Limit(&'a Exceeded),
}

impl Reason<'_> {
    pub(super) fn kind(self) -> ErrorKind {
        match self {
            Self::Storage(error) => error.kind(),
            Self::Limit(_) => ErrorKind::TooLarge,
        }
    }
}
