//! Ends what the process believes about an object, by two clocks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Ends by two clocks. The monotonic one stands still while a machine is suspended, the other one can be set: what
/// is believed must be young by both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifetime {
    until: Instant,
    from: SystemTime,
    lasts: Duration,
}

impl Lifetime {
    #[expect(clippy::disallowed_methods, reason = "the wall clock also counts while the machine sleeps")]
    pub(super) fn new(lasts: Duration) -> Self {
        let now = Instant::now();
        Self { until: now.checked_add(lasts).unwrap_or(now), from: SystemTime::now(), lasts }
    }

    pub(super) fn lasts(&self) -> bool {
        self.left().is_some()
    }

    /// Returns the time until the end by the nearer of the two clocks; `None` once it has passed.
    pub(super) fn left(&self) -> Option<Duration> {
        // A wall clock that went backwards tells nothing: then it is over.
        #[expect(clippy::disallowed_methods, reason = "the wall clock also counts while the machine sleeps")]
        let age = SystemTime::now().duration_since(self.from).ok()?;
        let by_wall_clock = self.lasts.checked_sub(age)?;
        let left = by_wall_clock.min(self.until.saturating_duration_since(Instant::now()));
        (!left.is_zero()).then_some(left)
    }
}

/// Keeps the longest life that the store named for an object when it was written, in whole milliseconds.
#[derive(Debug, Default)]
pub(super) struct LongestLife(AtomicU64);

impl LongestLife {
    pub(super) fn note(&self, life: Duration) {
        self.0.fetch_max(u64::try_from(life.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Returns the longest life; `None` before the store named one.
    pub(super) fn get(&self) -> Option<Duration> {
        let millis = self.0.load(Ordering::Relaxed);
        (millis > 0).then(|| Duration::from_millis(millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn either_clock_ends_it() {
        let hour = Duration::from_secs(3600);
        let young = Lifetime::new(hour);
        assert!(young.lasts());
        // A suspended machine: an hour has passed outside and nothing inside.
        assert!(!Lifetime { from: young.from - hour, ..young }.lasts());
        assert!(!Lifetime { from: young.from + hour, ..young }.lasts());
        tokio::time::advance(hour).await;
        assert!(!young.lasts());
    }
}
