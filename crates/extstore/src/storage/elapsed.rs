//! Measures a message's storage work: the union of overlapping intervals.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

#[derive(Clone, Debug, Default)]
pub(super) struct Elapsed(Arc<Mutex<Union>>);

#[derive(Debug, Default)]
struct Union {
    running: usize,
    since: Option<Instant>,
    total: Duration,
}

/// Measures one interval, which ends when this is dropped, also by cancellation.
#[must_use]
pub(super) struct Running(Elapsed);

impl Elapsed {
    pub(super) fn start(&self) -> Running {
        let mut union = self.lock();
        if union.running == 0 {
            union.since = Some(Instant::now());
        }
        union.running += 1;
        drop(union);
        Running(self.clone())
    }

    pub(super) fn total(&self) -> Duration {
        let union = self.lock();
        union.total + union.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Union> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut union = self.0.lock();
        union.running -= 1;
        if union.running == 0 {
            let interval = union.since.take().map_or(Duration::ZERO, |since| since.elapsed());
            union.total += interval;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn overlapping_intervals_count_once() {
        let elapsed = Elapsed::default();
        let first = elapsed.start();
        tokio::time::advance(Duration::from_secs(2)).await;
        let second = elapsed.start();
        drop(first);
        tokio::time::advance(Duration::from_secs(3)).await;
        drop(second);
        tokio::time::advance(Duration::from_secs(9)).await;
        let third = elapsed.start();
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(elapsed.total(), Duration::from_secs(6));
        drop(third);
        assert_eq!(elapsed.total(), Duration::from_secs(6));
    }
}
