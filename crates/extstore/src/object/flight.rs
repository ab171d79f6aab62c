//! One request for callers that want the same thing at the same time.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{ErrorKind, Result, Retry};

type Slot<T> = Arc<tokio::sync::Mutex<Option<Outcome<T>>>>;

/// What the first caller leaves to the others.
#[derive(Debug)]
enum Outcome<T> {
    /// True of the object, whoever asks.
    Shared(Result<T>),
    /// The first caller ran out of its own time, attempts or cap: each of the others works for itself.
    Alone,
}

/// Work in flight, by key.
///
/// The first caller works, the others wait for its outcome, no longer than their own time. Where the first is
/// cancelled, the next one works instead. Where it failed for a reason of its own, or the store could not answer it,
/// all others work at once: one after the other, the last would wait for all of them.
#[derive(Debug)]
pub(super) struct Flights<K, T>(Mutex<HashMap<K, Slot<T>>>);

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, T: Clone> Flights<K, T> {
    /// Joins the work for this key, or begins it. A caller waits for another's outcome for `patience`, then works itself.
    pub(super) async fn run(
        &self,
        key: &K,
        patience: Duration,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let slot = Arc::clone(self.lock().entry(key.clone()).or_default());
        let seat = Seat { flights: self, key, slot };
        let Ok(mut outcome) = tokio::time::timeout(patience, seat.slot.lock()).await else {
            return work.await;
        };
        match &*outcome {
            Some(Outcome::Shared(result)) => return result.clone(),
            Some(Outcome::Alone) => {
                drop(outcome);
                return work.await;
            }
            None => {}
        }
        let result = work.await;
        *outcome = Some(if is_shared(&result) { Outcome::Shared(result.clone()) } else { Outcome::Alone });
        result
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Slot<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a result says something of the object, and not of the caller's deadline, attempts or restore cap.
fn is_shared<T>(result: &Result<T>) -> bool {
    let Err(error) = result else { return true };
    error.retry() == Retry::Never && !matches!(error.kind(), ErrorKind::Timeout | ErrorKind::TooLarge)
}

/// Clears the slot when its work is done, or when the last caller leaves.
struct Seat<'a, K: Hash + Eq + Clone, T: Clone> {
    flights: &'a Flights<K, T>,
    key: &'a K,
    slot: Slot<T>,
}

impl<K: Hash + Eq + Clone, T: Clone> Drop for Seat<'_, K, T> {
    fn drop(&mut self) {
        let mut slots = self.flights.lock();
        let ours = slots.get(self.key).is_some_and(|slot| Arc::ptr_eq(slot, &self.slot));
        // A finished slot must not answer later callers.
        let finished = self.slot.try_lock().is_ok_and(|outcome| outcome.is_some());
        // Given back under the map's lock: of callers that leave together, the last one sees that it is the last.
        self.slot = Slot::default();
        let unused = || slots.get(self.key).is_some_and(|slot| Arc::strong_count(slot) == 1);
        if ours && (finished || unused()) {
            slots.remove(self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::future::{join_all, pending};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    async fn slow<T>(result: Result<T>) -> Result<T> {
        tokio::task::yield_now().await;
        result
    }

    #[tokio::test]
    async fn callers_at_the_same_time_share_one_outcome() {
        let (flights, runs) = (Flights::default(), AtomicUsize::new(0));
        let work = || async { slow(Ok(())).await.map(|()| runs.fetch_add(1, Ordering::SeqCst)) };
        let outcomes = join_all((0..5).map(|_| flights.run(&"k", PATIENCE, work()))).await;
        assert!(outcomes.into_iter().all(|outcome| outcome.unwrap() == 0));
        assert_eq!(flights.run(&"k", PATIENCE, work()).await.unwrap(), 1);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn a_cancelled_first_caller_is_succeeded() {
        let flights: Flights<&str, u8> = Flights::default();
        let mut first = Box::pin(flights.run(&"k", PATIENCE, pending()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(flights.run(&"k", PATIENCE, async { Ok(2) }));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert_eq!(second.await.unwrap(), 2);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn what_concerns_one_caller_is_not_shared() {
        for kind in [ErrorKind::Timeout, ErrorKind::TooLarge, ErrorKind::Unavailable] {
            let flights: Flights<&str, u8> = Flights::default();
            let failing = flights.run(&"k", PATIENCE, slow(Err(kind.error("mine"))));
            let (first, second) = tokio::join!(failing, flights.run(&"k", PATIENCE, async { Ok(2) }));
            assert_eq!(first.unwrap_err().kind(), kind);
            assert_eq!(second.unwrap(), 2);
            assert!(flights.lock().is_empty());
        }
    }

    #[tokio::test]
    async fn what_is_true_of_the_object_is_shared() {
        let flights: Flights<&str, u8> = Flights::default();
        let failing = flights.run(&"k", PATIENCE, slow(Err(ErrorKind::NotFound.error("gone"))));
        let (_, second) = tokio::join!(failing, flights.run(&"k", PATIENCE, async { Ok(2) }));
        assert_eq!(second.unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_waits_no_longer_than_its_own_time() {
        let flights: Flights<&str, u8> = Flights::default();
        let mut stuck = Box::pin(flights.run(&"k", PATIENCE, pending()));
        assert!(stuck.as_mut().now_or_never().is_none());
        let started = tokio::time::Instant::now();
        assert_eq!(flights.run(&"k", Duration::from_secs(1), async { Ok(2) }).await.unwrap(), 2);
        assert_eq!(started.elapsed(), Duration::from_secs(1));
    }
}
