//! Defines the kinds of errors and their retry classes.

use std::fmt;
use std::time::Duration;

/// Classifies a failure by what the operator must do.
///
/// Match on the kind, never on text. New kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration cannot work: a missing driver, a wrong option, a container that does not exist.
    ///
    /// **Do:** change the option, or create the container, that the message names. A retry changes nothing.
    Config,
    /// Somebody else changed the object between two of our requests, again and again.
    ///
    /// **Do:** retry; if it stays, look for another program that writes under our keys.
    Conflict,
    /// The stored object is not what the claim says: wrong digest, wrong length, not a payload.
    ///
    /// **Do:** restore the object from a backup or a version of the bucket; nothing was returned to the workflow.
    Integrity,
    /// A defect in a driver or in this library.
    ///
    /// **Do:** report it with the output of `{:?}`.
    Internal,
    /// The claim is malformed, contradicts itself, or points outside what the configuration allows.
    ///
    /// **Do:** if the writer is trusted, allow its location with the option that the message names; otherwise
    /// find out who forged the reference. No request was made.
    InvalidClaim,
    /// The store has no object at the claim's location.
    ///
    /// **Do:** check the expiry rules of the container and its `refresh_after`; restore the object.
    NotFound,
    /// The credentials are known and lack a permission.
    ///
    /// **Do:** grant the permission that the message names.
    PermissionDenied,
    /// The store asks for fewer requests.
    ///
    /// **Do:** nothing at first, it is retried; if it stays, lower the budgets or raise the store's quota.
    Throttled,
    /// No answer within the time that was allowed.
    ///
    /// **Do:** check the network path; raise the time-out or the deadline if payloads are large.
    Timeout,
    /// The payload, or a message's payloads together, exceed a configured limit.
    ///
    /// The error's message goes into failures that leave the process, because nobody can act without the numbers: it
    /// names sizes and options, and no place or id.
    ///
    /// **Do:** raise the limit that the message names, or make the payload smaller.
    TooLarge,
    /// The store did not accept the credentials.
    ///
    /// **Do:** renew them, and check the clock of this machine.
    Unauthenticated,
    /// The store cannot be reached or answers that it is failing.
    ///
    /// **Do:** check the endpoint and the store's health; it is retried.
    Unavailable,
    /// The input is well-formed and this version cannot handle it: a newer hash, a legacy reference.
    ///
    /// **Do:** upgrade the reader, or turn on the option that the message names.
    Unsupported,
}

/// Says whether the same call may succeed later in this process.
///
/// An error keeps its class when the engine has used up its attempts: the call has failed, and its caller may make it
/// again. [`Error::attempts`](crate::Error::attempts) says how many attempts were made. New classes may be added:
/// treat one that you do not know as [`Never`](Self::Never).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// The same call fails again until somebody changes something.
    Never,
    /// The same call may succeed; the caller chooses the delay.
    Later,
    /// The store asked for this delay.
    After(Duration),
}

impl ErrorKind {
    /// Lists every kind, for tables and tests.
    pub const ALL: &'static [Self] = &[
        Self::Config,
        Self::Conflict,
        Self::Integrity,
        Self::Internal,
        Self::InvalidClaim,
        Self::NotFound,
        Self::PermissionDenied,
        Self::Throttled,
        Self::Timeout,
        Self::TooLarge,
        Self::Unauthenticated,
        Self::Unavailable,
        Self::Unsupported,
    ];

    /// Tells the operator what to do, in one sentence without any identity in it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Config => "correct the configuration of external storage",
            Self::Conflict => "retry; if it stays, look for another writer of these keys",
            Self::Integrity => "the stored object does not match its claim; restore it from a backup",
            Self::Internal => "report this defect with the worker's log",
            Self::InvalidClaim => "the reference is malformed or points outside the configured locations",
            Self::NotFound => "the stored object is gone; check the expiry rules of the store",
            Self::PermissionDenied => {
                "grant the storage credentials the permission named in the worker's log"
            }
            Self::Throttled => "the store limits requests; lower the budgets or raise its quota",
            Self::Timeout => "the store did not answer in time; check the network path and the time-outs",
            Self::TooLarge => "the payload exceeds a configured limit; raise the limit or shrink the payload",
            Self::Unauthenticated => "renew the storage credentials and check the clock",
            Self::Unavailable => "the store is not reachable or is failing; check its health",
            Self::Unsupported => "upgrade the reader or turn on the option named in the worker's log",
        }
    }

    /// Returns the retry class of an error that does not say otherwise.
    #[must_use]
    pub fn default_retry(self) -> Retry {
        match self {
            Self::Conflict | Self::Throttled | Self::Timeout | Self::Unavailable => Retry::Later,
            _ => Retry::Never,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
