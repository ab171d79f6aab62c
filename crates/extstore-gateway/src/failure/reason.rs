//! Defines the reasons for which the payloads of a message cannot go on.

use extstore::{Error, ErrorKind};

use crate::exchange::Exchange;
use crate::limits::Exceeded;
use crate::time_out::CallTime;

/// Says why payloads cannot go on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason<'a> {
    /// The payloads could not be stored or restored. An error that names no operation is the gateway's own: `TooLarge`
    /// of a restored message, `Config` of missing storage.
    Storage(&'a Error),
    /// The caller's time was over before the payloads were stored or restored.
    OutOfTime(&'a Error),
    /// Payloads that stay inline are above a limit of the namespace.
    Limit(&'a Exceeded),
}

impl<'a> Reason<'a> {
    /// Returns the reason that an error of storage is.
    pub(crate) fn of(exchange: &Exchange, error: &'a Error) -> Self {
        let is_over = exchange.time.is_some_and(CallTime::storage_is_over);
        if error.kind() == ErrorKind::Timeout && is_over {
            Self::OutOfTime(error)
        } else {
            Self::Storage(error)
        }
    }
    pub(super) fn kind(self) -> ErrorKind {
        match self {
            Self::Storage(error) | Self::OutOfTime(error) => error.kind(),
            Self::Limit(_) => ErrorKind::TooLarge,
        }
    }

    /// Returns the tag `failure_reason` of the SDKs' metrics.
    pub(super) fn tag(self) -> &'static str {
        if self.is_limit() { "PayloadsTooLarge" } else { "ExternalStorageError" }
    }

    /// Says whether the namespace's limit or the cap of a restored message was exceeded; the store's limit does not
    /// count.
    pub(super) fn is_limit(self) -> bool {
        match self {
            Self::Storage(error) => error.operation().is_none() && error.kind() == ErrorKind::TooLarge,
            Self::OutOfTime(_) => false,
            Self::Limit(_) => true,
        }
    }
}
