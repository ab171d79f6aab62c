//! Makes the requests for one payload: attempts, pauses, time-outs, and the permit around each attempt.

use std::future::Future;
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

use super::clock::Clock;
use super::engine::Engine;
use super::flight::{Flights, Turn};
use super::{Attempt, Location, ObjectBackend, Request, RetryPolicy};
use crate::error::suggested_delay;
use crate::{Error, ErrorKind, Event, Operation, Permit, Result, Retry};

/// Makes all requests for one payload: they share its time and are described alike.
pub(super) struct Attempts<'a> {
    pub(super) engine: &'a Engine,
    pub(super) operation: &'a Operation,
    pub(super) name: &'static str,
    pub(super) location: &'a Location,
    pub(super) backend: &'a dyn ObjectBackend,
    clock: Clock,
    turn: Arc<OnceLock<Turn<Permit>>>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        operation: &'a Operation,
        name: &'static str,
        location: &'a Location,
    ) -> Self {
        let (clock, turn) = (Clock::new(engine.options.timeouts.total), Arc::default());
        let backend = engine.backend.as_ref();
        Self { engine, operation, name, location, backend, clock, turn }
    }

    /// Makes the requests for the same payload at another place. They have a time of their own: a store that does not
    /// answer leaves no time to the next one otherwise.
    pub(super) fn elsewhere<'b>(
        &'b self,
        location: &'b Location,
        backend: &'b dyn ObjectBackend,
    ) -> Attempts<'b> {
        let clock = Clock::new(self.engine.options.timeouts.total);
        let turn = Arc::clone(&self.turn);
        Attempts {
            engine: self.engine,
            operation: self.operation,
            name: self.name,
            location,
            backend,
            clock,
            turn,
        }
    }

    /// Returns the attempts at one request: those of the policy, unless the backend makes its own.
    fn tries(&self) -> u32 {
        if self.backend.retries_itself() { 1 } else { self.engine.options.retry.attempts }
    }

    /// Does `work`, or takes the outcome of another caller that does the same at this time.
    ///
    /// The work begins with `request`, which keeps `bytes` in flight.
    pub(super) async fn share<K: Hash + Eq + Clone, T: Clone>(
        &self,
        flights: &Flights<K, T>,
        key: &K,
        request: Request,
        bytes: u64,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let permit = || async move {
            let permit = self.acquire(bytes).await;
            permit.map_err(|error| self.describe(request, error, 0))
        };
        let work = |turn| {
            // A payload's work is begun once.
            let _ = self.turn.set(turn);
            work
        };
        flights.run(key, || self.patience(bytes), permit, work).await
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
        let mut number = 0;
        loop {
            let permit = self.permit(bytes).await.map_err(|error| self.describe(request, error, number))?;
            self.in_time().map_err(|error| self.describe(request, error, number))?;
            number += 1;
            self.clock.start();
            let until = Instant::now().checked_add(self.limit(request, bytes));
            let attempt =
                Attempt::new(permit).with_number(number).with_deadline(earlier(until, self.deadline()));
            let error = match self.attempt(request, call(attempt)).await {
                Ok(value) => return Ok(value),
                Err(error) => self.describe(request, error, number),
            };
            let pause = pause(&policy, number, &error);
            if error.retry() == Retry::Never || number >= self.tries() || !self.time_for(pause) {
                return Err(error);
            }
            tracing::debug!(%error, ?pause, "a storage request failed and is tried again");
            #[expect(clippy::disallowed_methods, reason = "the pause between two attempts")]
            sleep(pause).await;
        }
    }

    async fn attempt<T>(&self, request: Request, call: impl Future<Output = Result<T>>) -> Result<T> {
        let started = Instant::now();
        let call = call.instrument(tracing::debug_span!("storage_request", request = request.name()));
        let outcome = match self.deadline() {
            Some(deadline) => timeout_at(deadline, call).await.unwrap_or_else(|_| Err(expired())),
            None => call.await,
        };
        let error = outcome.as_ref().err().map(Error::kind);
        let event = Event::request(self.engine.source(), request.name(), started.elapsed(), error);
        self.operation.observe(&event);
        outcome
    }

    /// Takes the permit that the work began with, or waits for one; nobody waits for this caller while it waits.
    async fn permit(&self, bytes: u64) -> Result<Permit> {
        let turn = self.turn.get();
        if let Some(permit) = turn.and_then(Turn::take_permit) {
            return Ok(permit);
        }
        let mut acquired = pin!(self.clock.stop_during(self.acquire(bytes)));
        if let Some(permit) = acquired.as_mut().now_or_never() {
            return permit;
        }
        let _queueing = turn.map(Turn::queueing);
        acquired.await
    }

    async fn acquire(&self, bytes: u64) -> Result<Permit> {
        self.in_time()?;
        let permit = self.operation.limiter().acquire(bytes);
        match self.operation.deadline() {
            Some(deadline) => timeout_at(deadline, permit).await.map_err(|_| expired()),
            None => Ok(permit.await),
        }
    }

    /// Returns the nearer of the operation's deadline and the payload's own.
    fn deadline(&self) -> Option<Instant> {
        earlier(self.operation.deadline(), self.clock.deadline())
    }

    /// Refuses to begin what could only begin after the deadline. A wait that ends at the deadline, or is looked at later,
    /// still has its outcome.
    fn in_time(&self) -> Result<()> {
        if self.is_over(Instant::now()) { Err(expired()) } else { Ok(()) }
    }

    fn is_over(&self, at: Instant) -> bool {
        self.deadline().is_some_and(|deadline| deadline <= at)
    }

    /// Returns the time to wait for another caller that does the same work: as long as an upload of these bytes may take,
    /// and at most half of what is left, so that the other half is left for attempts of one's own.
    fn patience(&self, bytes: u64) -> Duration {
        let timeouts = self.engine.options.timeouts;
        let left = self.operation.remaining().map_or(timeouts.total, |left| left.min(timeouts.total));
        upload_limit(timeouts.idle, bytes).min(left / 2)
    }

    /// Waits before the object is looked at once more, after it had changed or vanished in this round.
    pub(super) async fn pause(&self, round: u32) -> Result<()> {
        let pause = jittered(&self.engine.options.retry, round);
        if !self.time_for(pause) {
            return Err(self.engine.describe(expired(), self.name, self.location));
        }
        #[expect(clippy::disallowed_methods, reason = "the pause between two rounds")]
        sleep(pause).await;
        Ok(())
    }

    /// Returns the time that the store has until its answer begins, or for the whole of an upload.
    pub(super) fn limit(&self, request: Request, bytes: u64) -> Duration {
        let idle = self.engine.options.timeouts.idle;
        match request {
            Request::Open | Request::Stat => idle,
            Request::Create | Request::Renew => upload_limit(idle, bytes),
        }
    }

    fn time_for(&self, pause: Duration) -> bool {
        let end = Instant::now().checked_add(pause);
        end.is_some_and(|end| !self.is_over(end))
    }

    /// Adds to an error what the engine knows and the backend does not.
    pub(super) fn describe(&self, request: Request, error: Error, attempts: u32) -> Error {
        let error = match error.kind() {
            ErrorKind::PermissionDenied => error.with_message(format!(
                "access denied; the request needs {}",
                self.backend.permission(request)
            )),
            _ => error,
        };
        let error = self.engine.describe(error, self.name, self.location).with_attempts(attempts);
        self.backend
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

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}

/// Returns the pause after a failed attempt. It is never shorter than the store's `Retry-After`.
fn pause(policy: &RetryPolicy, attempt: u32, error: &Error) -> Duration {
    jittered(policy, attempt).max(suggested_delay(error).unwrap_or_default())
}

/// Doubles from the first pause, and draws from the upper half of the result.
fn jittered(policy: &RetryPolicy, attempt: u32) -> Duration {
    let doubled = policy.initial_pause.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    doubled.min(policy.max_pause).mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// Returns the time that one upload attempt has: the idle time and one second per MiB.
fn upload_limit(idle: Duration, bytes: u64) -> Duration {
    idle.saturating_add(Duration::from_secs(bytes.div_ceil(1 << 20)))
}
