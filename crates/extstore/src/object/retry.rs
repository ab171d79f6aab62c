//! The one place that retries: attempts, pauses, time-outs, and the permit around each attempt.

use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

use super::engine::Engine;
use super::{Attempt, Location, Request, RetryPolicy};
use crate::error::suggested_delay;
use crate::{Error, ErrorKind, Event, Operation, Result, Retry};

/// All requests for one payload: they share its deadline and are described alike.
pub(super) struct Attempts<'a> {
    pub(super) engine: &'a Engine,
    pub(super) operation: &'a Operation,
    pub(super) name: &'static str,
    pub(super) location: &'a Location,
    started: OnceLock<Instant>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        operation: &'a Operation,
        name: &'static str,
        location: &'a Location,
    ) -> Self {
        Self { engine, operation, name, location, started: OnceLock::new() }
    }

    /// Makes a request until it succeeds, cannot succeed, or time or attempts are used up.
    ///
    /// `bytes` is what the request keeps in flight; `call` makes one attempt and bounds its own waits
    /// for chunks. No permit is held during a pause.
    pub(super) async fn run<T, F>(
        &self,
        request: Request,
        bytes: u64,
        call: impl Fn(Attempt) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let policy = self.engine.options.retry;
        let mut attempt = 0;
        loop {
            let outcome = self.attempt(request, attempt + 1, bytes, &call).await;
            attempt += u32::from(self.started.get().is_some());
            let error = match outcome {
                Ok(value) => return Ok(value),
                Err(error) => self.describe(request, error, attempt),
            };
            let pause = pause(&policy, attempt, &error);
            if error.retry() == Retry::Never || attempt >= policy.attempts || !self.time_for(pause) {
                return Err(error);
            }
            tracing::debug!(%error, ?pause, "a storage request failed and is tried again");
            sleep(pause).await;
        }
    }

    async fn attempt<T, F>(
        &self,
        request: Request,
        number: u32,
        bytes: u64,
        call: impl Fn(Attempt) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let attempt = Attempt::new(self.permit(bytes).await?);
        let started = Instant::now();
        // `total` starts with the first permit, so that queueing for others does not count.
        self.started.get_or_init(|| started);
        let attempt = attempt.with_number(number).with_deadline(self.deadline());
        let call =
            call(attempt).instrument(tracing::debug_span!("storage_request", request = request.name()));
        let outcome = match self.deadline() {
            Some(deadline) if deadline <= started => Err(expired()),
            Some(deadline) => timeout_at(deadline, call).await.unwrap_or_else(|_| Err(expired())),
            None => call.await,
        };
        self.operation.observers().observe(&Event::Request {
            request: request.name(),
            driver_type: self.engine.driver_type,
            elapsed: started.elapsed(),
            error: outcome.as_ref().err().map(Error::kind),
        });
        outcome
    }

    async fn permit(&self, bytes: u64) -> Result<crate::Permit> {
        let permit = self.operation.limiter().acquire(bytes);
        match self.deadline() {
            Some(deadline) if deadline <= Instant::now() => Err(expired()),
            Some(deadline) => timeout_at(deadline, permit).await.map_err(|_| expired()),
            None => Ok(permit.await),
        }
    }

    /// The nearer of the operation's deadline and the payload's own time.
    fn deadline(&self) -> Option<Instant> {
        let total =
            self.started.get().and_then(|started| started.checked_add(self.engine.options.timeouts.total));
        match (self.operation.deadline(), total) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Waits before the object is looked at once more, after it had changed or vanished in this round.
    pub(super) async fn pause(&self, round: u32) -> Result<()> {
        let pause = jittered(&self.engine.options.retry, round);
        if !self.time_for(pause) {
            return Err(self.engine.describe(expired(), self.name, self.location));
        }
        sleep(pause).await;
        Ok(())
    }

    /// How long to wait for somebody else who does the same work.
    pub(super) fn patience(&self) -> Duration {
        let total = self.engine.options.timeouts.total;
        self.operation.remaining().map_or(total, |left| left.min(total))
    }

    fn time_for(&self, pause: Duration) -> bool {
        let end = Instant::now().checked_add(pause);
        end.is_some_and(|end| self.deadline().is_none_or(|deadline| end < deadline))
    }

    /// Adds to an error what the engine knows and the backend does not.
    fn describe(&self, request: Request, error: Error, attempts: u32) -> Error {
        let error = match error.kind() {
            ErrorKind::PermissionDenied => error.with_message(format!(
                "access denied; the request needs {}",
                self.engine.backend.permission(request)
            )),
            _ => error,
        };
        let error = self.engine.describe(error, self.name, self.location).with_attempts(attempts);
        self.engine
            .backend
            .diagnostics()
            .into_iter()
            .fold(error, |error, (name, value)| error.with_detail(name, value))
    }

    /// Bounds one wait inside an attempt.
    pub(super) async fn idle<T>(&self, limit: Duration, wait: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::time::timeout(limit, wait).await.unwrap_or_else(|_| {
            Err(ErrorKind::Timeout
                .error(format!("the store did not answer within {limit:?}; see `with_timeouts`")))
        })
    }
}

fn expired() -> Error {
    ErrorKind::Timeout
        .error("the time for this payload is used up; see `with_timeouts` and the message's deadline")
        .with_retry(Retry::Never)
}

/// The pause after a failed attempt. It is never shorter than the store's `Retry-After`.
fn pause(policy: &RetryPolicy, attempt: u32, error: &Error) -> Duration {
    jittered(policy, attempt).max(suggested_delay(error).unwrap_or_default())
}

/// Doubles from the first pause, and draws from the upper half of the result.
fn jittered(policy: &RetryPolicy, attempt: u32) -> Duration {
    let doubled = policy.initial_pause.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    doubled.min(policy.max_pause).mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// How long one upload attempt may take: idle time plus one second per MiB.
pub(super) fn upload_limit(idle: Duration, bytes: u64) -> Duration {
    idle.saturating_add(Duration::from_secs(bytes.div_ceil(1 << 20)))
}
