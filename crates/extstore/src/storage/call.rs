//! Makes one call of one driver: turns its panics into errors, counts its results, warns where it took no permit.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::message::Message;
use crate::{Error, ErrorKind, Event, EventSource, Limiter, Result, Retry, StorageDriver};

/// Holds what is known about a call before it is made.
pub(super) struct Call<'a> {
    pub(super) message: &'a Message,
    pub(super) driver: &'a dyn StorageDriver,
    pub(super) operation: &'static str,
    /// Names what the driver returns: `claims` or `payloads`.
    pub(super) noun: &'static str,
    /// The message's indices of the batch's items.
    pub(super) indices: &'a [usize],
    /// The whole message has this many payloads.
    pub(super) total: usize,
    pub(super) limiter: Limiter,
}

impl Call<'_> {
    /// Runs the driver and translates its failures into the message's terms. `moved` sums up what the driver returned:
    /// the bytes, and the failure of one item where each has a result of its own.
    pub(super) async fn run<T>(
        &self,
        future: impl Future<Output = Result<Vec<T>>>,
        moved: impl Fn(&[T]) -> (u64, Option<ErrorKind>),
    ) -> Result<Vec<T>> {
        let _running = self.message.elapsed.start();
        let started = Instant::now();
        let span = tracing::debug_span!(
            "external_storage",
            operation = self.operation,
            driver = self.driver.name(),
            payloads = self.indices.len()
        );
        let name = format!("driver '{}'", self.driver.name());
        let outcome = guarded(self.message, &name, future).instrument(span).await;
        let outcome = outcome.and_then(|items| self.counted(items));
        let outcome = outcome.map_err(|error| self.explain(error));
        let (bytes, error) = match &outcome {
            Ok(items) => moved(items),
            Err(error) => (0, Some(error.kind())),
        };
        let source = EventSource::new(self.driver.name(), self.driver.driver_type());
        let batch = Event::batch(source, self.operation, self.indices.len(), bytes, started.elapsed(), error);
        self.message.operation().observe(&batch);
        outcome
    }

    fn counted<T>(&self, items: Vec<T>) -> Result<Vec<T>> {
        if !self.limiter.was_used() {
            tracing::warn!(
                driver = self.driver.name(),
                "a driver took no permit of the limiter: its requests are unbounded"
            );
        }
        if items.len() == self.indices.len() {
            return Ok(items);
        }
        let (name, got, expected) = (self.driver.name(), items.len(), self.indices.len());
        let noun = self.noun;
        Err(ErrorKind::Internal.error(format!("Driver '{name}' returned {got} {noun}, expected {expected}")))
    }

    /// Names operation and driver of a failure, and its item's place in the message.
    pub(super) fn explain(&self, error: Error) -> Error {
        let error = error.with_operation(self.operation).with_driver(self.driver.name());
        match error.index().and_then(|index| self.indices.get(index)) {
            Some(index) => error.with_index(*index, self.total),
            None => error,
        }
    }
}

/// Runs what somebody else wrote within the message's deadline, and turns a panic into an error.
pub(super) async fn guarded<T>(
    message: &Message,
    what: &str,
    future: impl Future<Output = Result<T>>,
) -> Result<T> {
    let expired = || {
        let text = "the message's deadline passed; see `with_deadline`";
        Err(ErrorKind::Timeout.error(text).with_retry(Retry::Never))
    };
    let contained = AssertUnwindSafe(future).catch_unwind();
    let outcome = match message.operation().deadline() {
        Some(deadline) if deadline <= Instant::now() => return expired(),
        Some(deadline) => match tokio::time::timeout_at(deadline, contained).await {
            Ok(outcome) => outcome,
            Err(_) => return expired(),
        },
        None => contained.await,
    };
    // The panic's own text can hold payload bytes: it stays out of the error.
    outcome.unwrap_or_else(|_panic| Err(ErrorKind::Internal.error(format!("{what} panicked"))))
}

/// Runs the groups of a message concurrently. The first failure drops the others, which stops their requests.
pub(super) async fn all<T>(
    groups: impl IntoIterator<Item = impl Future<Output = Result<T>>>,
) -> Result<Vec<T>> {
    let mut running: FuturesUnordered<_> = groups.into_iter().collect();
    let mut done = Vec::with_capacity(running.len());
    while let Some(outcome) = running.next().await {
        done.push(outcome?);
    }
    Ok(done)
}
