//! Measures the time that one payload's requests take.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Counts the time from a payload's first attempt on. It stands still while the payload waits for a permit: the
/// requests of others are not its fault.
pub(super) struct Clock {
    total: Duration,
    started: OnceLock<Instant>,
    stopped_nanos: AtomicU64,
}

impl Clock {
    /// Makes a clock that allows `total` once it has started.
    pub(super) fn new(total: Duration) -> Self {
        Self { total, started: OnceLock::new(), stopped_nanos: AtomicU64::new(0) }
    }

    /// Starts the clock unless it runs already.
    pub(super) fn start(&self) {
        self.started.get_or_init(Instant::now);
    }

    /// Returns the moment at which the time is used up; `None` before the start, and where the total is beyond measure.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let stopped = Duration::from_nanos(self.stopped_nanos.load(Ordering::Relaxed));
        self.started.get()?.checked_add(self.total)?.checked_add(stopped)
    }

    /// Waits, and does not count the wait.
    pub(super) async fn stop_during<T>(&self, wait: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let outcome = wait.await;
        if self.started.get().is_some() {
            // Five hundred years of waiting fit.
            let waited = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.stopped_nanos.fetch_add(waited, Ordering::Relaxed);
        }
        outcome
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the clock is paused")]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waiting_does_not_count() {
        let seconds = Duration::from_secs;
        let clock = Clock::new(seconds(10));
        clock.stop_during(sleep(seconds(5))).await;
        assert_eq!(clock.deadline(), None);
        clock.start();
        let deadline = Instant::now() + seconds(10);
        advance(seconds(1)).await;
        clock.start();
        assert_eq!(clock.deadline(), Some(deadline));
        clock.stop_during(sleep(seconds(30))).await;
        assert_eq!(clock.deadline(), Some(deadline + seconds(30)));
        assert_eq!(Clock::new(Duration::MAX).deadline(), None);
    }
}
