//! Tells an observer what happened, for metrics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::ErrorKind;

/// Receives one event per thing that happened; `tracing` spans stand beside it.
///
/// It is called on the path of a request: count and return, do not block. Events hold no identity,
/// location or payload byte, so their fields are fit for metric labels.
pub trait Observer: Send + Sync + 'static {
    /// Takes one event.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

/// Describes one thing that happened in a host or a driver. New events may be added.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Says that a driver finished a batch of a message.
    #[non_exhaustive]
    Batch {
        /// `store` or `retrieve`.
        operation: &'static str,
        /// The driver's name, as references carry it.
        driver: &'a str,
        /// The driver's type, such as `aws.s3driver`.
        driver_type: &'a str,
        /// The batch held this many payloads.
        payloads: usize,
        /// The encoded bytes of these payloads together; 0 where a retrieve failed.
        bytes: u64,
        /// The time from the call to its end.
        elapsed: Duration,
        /// The kind of the failure, if it failed.
        error: Option<ErrorKind>,
    },
    /// Says that one attempt at one request ended.
    #[non_exhaustive]
    Request {
        /// `create`, `open`, `stat`, `renew`.
        request: &'static str,
        /// The driver's name.
        driver: &'a str,
        /// The driver's type.
        driver_type: &'a str,
        /// The time from the permit to the end of the attempt.
        elapsed: Duration,
        /// The kind of the failure, if it failed.
        error: Option<ErrorKind>,
    },
    /// Says that a payload was known to be stored and no request was made.
    #[non_exhaustive]
    KnownKey {
        /// The driver's name.
        driver: &'a str,
        /// The driver's type.
        driver_type: &'a str,
    },
    /// A payload was found in the cache and no request was made.
    #[non_exhaustive]
    CacheHit {
        /// The driver's name.
        driver: &'a str,
        /// The driver's type.
        driver_type: &'a str,
    },
    /// An object that existed was renewed or repaired.
    #[non_exhaustive]
    Renewed {
        /// The driver's name.
        driver: &'a str,
        /// The driver's type.
        driver_type: &'a str,
        /// Says whether the object was wrong and has been rewritten.
        repaired: bool,
    },
    /// Says that a task, a query or a request failed because of storage. The specification counts it with
    /// `failure_reason="ExternalStorageError"`, on every attempt.
    #[non_exhaustive]
    Failed {
        /// Names what failed: `workflow_task`, `activity_task`, `query`, `nexus_task`, `request`.
        path: &'static str,
        /// The kind of the failure.
        kind: ErrorKind,
        /// Says whether Temporal was told; the later attempts of a workflow task are not reported.
        reported: bool,
    },
    /// Says that a workflow task's completion was too large for one request and was made to fit.
    #[non_exhaustive]
    CompletionCut {
        /// The requests that carry it; 1 where it became small enough for one.
        pages: usize,
        /// The payloads below the threshold that were offloaded so that it fits.
        payloads: usize,
    },
    /// A part of a message was not understood and passed on as it stands, payloads included.
    #[non_exhaustive]
    PassedOn {
        /// The reason: `malformed`, `unknown_command`, `unknown_field`, and the like.
        reason: &'static str,
    },
    /// References of a response were left in their places.
    #[non_exhaustive]
    Left {
        /// The reason: `replayed` (the data converter resolves them when a workflow asks), `message_cap` (the response has no
        /// room for their payloads), `failed` (they could not be restored, in a response whose rows fail alone).
        reason: &'static str,
        /// The number of references.
        references: usize,
    },
}

/// Names the driver that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventSource<'a> {
    /// The driver's name, as references carry it.
    pub driver: &'a str,
    /// The driver's type.
    pub driver_type: &'a str,
}

impl<'a> EventSource<'a> {
    /// Makes a source with this name and this type.
    #[must_use]
    pub fn new(driver: &'a str, driver_type: &'a str) -> Self {
        Self { driver, driver_type }
    }
}

/// Makes events, for hosts and for drivers that do not use the object engine; the engine sends the events of all
/// others.
impl<'a> Event<'a> {
    /// Says that a driver finished a batch of `payloads` payloads and `bytes` encoded bytes.
    #[must_use]
    pub fn batch(
        source: EventSource<'a>,
        operation: &'static str,
        payloads: usize,
        bytes: u64,
        elapsed: Duration,
        error: Option<ErrorKind>,
    ) -> Self {
        let EventSource { driver, driver_type } = source;
        Self::Batch { operation, driver, driver_type, payloads, bytes, elapsed, error }
    }

    /// Says that one attempt at one request ended.
    #[must_use]
    pub fn request(
        source: EventSource<'a>,
        request: &'static str,
        elapsed: Duration,
        error: Option<ErrorKind>,
    ) -> Self {
        let EventSource { driver, driver_type } = source;
        Self::Request { request, driver, driver_type, elapsed, error }
    }

    /// Says that a payload was known to be stored and no request was made.
    #[must_use]
    pub fn known_key(source: EventSource<'a>) -> Self {
        Self::KnownKey { driver: source.driver, driver_type: source.driver_type }
    }

    /// Says that a payload was found in a cache and no request was made.
    #[must_use]
    pub fn cache_hit(source: EventSource<'a>) -> Self {
        Self::CacheHit { driver: source.driver, driver_type: source.driver_type }
    }

    /// Says that an object that existed was renewed, or repaired where it was wrong.
    #[must_use]
    pub fn renewed(source: EventSource<'a>, repaired: bool) -> Self {
        Self::Renewed { driver: source.driver, driver_type: source.driver_type, repaired }
    }

    /// Says that a workflow task's completion was made to fit into `pages` requests, with `payloads` payloads below the
    /// threshold offloaded for that.
    #[must_use]
    pub fn completion_cut(pages: usize, payloads: usize) -> Self {
        Self::CompletionCut { pages, payloads }
    }

    /// Says that a task, a query or a request failed because of storage.
    #[must_use]
    pub fn failed(path: &'static str, kind: ErrorKind, reported: bool) -> Self {
        Self::Failed { path, kind, reported }
    }

    /// Says that references of a response were left in their places.
    #[must_use]
    pub fn left(reason: &'static str, references: usize) -> Self {
        Self::Left { reason, references }
    }

    /// Says that a part of a message was passed on unchanged.
    #[must_use]
    pub fn passed_on(reason: &'static str) -> Self {
        Self::PassedOn { reason }
    }
}

/// Holds the observer of one operation, if it has one.
#[derive(Clone, Default)]
pub(crate) struct Observers(Option<Arc<dyn Observer>>);

impl Observers {
    pub(crate) fn new(observer: Option<Arc<dyn Observer>>) -> Self {
        Self(observer)
    }

    pub(crate) fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0 {
            tell(observer.as_ref(), event);
        }
    }
}

/// Hands an event over. An observer that panics loses the event: what it observes goes on.
pub(crate) fn tell(observer: &dyn Observer, event: &Event<'_>) {
    if catch_unwind(AssertUnwindSafe(|| observer.observe(event))).is_err() {
        tracing::error!("the observer panicked; the event is lost");
    }
}

impl std::fmt::Debug for Observers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Observers(1)" } else { "Observers(0)" })
    }
}

#[cfg(test)]
mod tests;
