//! One request for callers that want the same thing at the same time.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{ErrorKind, Result};

type Slot<T> = Arc<tokio::sync::Mutex<Option<Result<T>>>>;

/// Work in flight, by key.
///
/// The first caller works, the others wait for its outcome. Where the first is cancelled or runs out
/// of its own time, the next one works instead.
#[derive(Debug)]
pub(super) struct Flights<K, T>(Mutex<HashMap<K, Slot<T>>>);

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, T: Clone> Flights<K, T> {
    pub(super) async fn run(&self, key: &K, work: impl Future<Output = Result<T>>) -> Result<T> {
        let slot = Arc::clone(self.lock().entry(key.clone()).or_default());
        let _seat = Seat { flights: self, key, slot: &slot };
        let mut outcome = slot.lock().await;
        if let Some(outcome) = &*outcome {
            return outcome.clone();
        }
        let result = work.await;
        if !matches!(&result, Err(error) if error.kind() == ErrorKind::Timeout) {
            *outcome = Some(result.clone());
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Slot<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Clears the slot when its work is done, or when the last caller leaves.
struct Seat<'a, K: Hash + Eq + Clone, T: Clone> {
    flights: &'a Flights<K, T>,
    key: &'a K,
    slot: &'a Slot<T>,
}

impl<K: Hash + Eq + Clone, T: Clone> Drop for Seat<'_, K, T> {
    fn drop(&mut self) {
        let mut slots = self.flights.lock();
        let ours = slots.get(self.key).is_some_and(|slot| Arc::ptr_eq(slot, self.slot));
        // Two references: the map's and this caller's. A finished slot must not answer later callers.
        let finished = || self.slot.try_lock().is_ok_and(|outcome| outcome.is_some());
        if ours && (Arc::strong_count(self.slot) <= 2 || finished()) {
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

    #[tokio::test]
    async fn callers_at_the_same_time_share_one_outcome() {
        let (flights, runs) = (Flights::default(), AtomicUsize::new(0));
        let work = || async {
            tokio::task::yield_now().await;
            Ok(runs.fetch_add(1, Ordering::SeqCst))
        };
        let outcomes = join_all((0..5).map(|_| flights.run(&"k", work()))).await;
        assert!(outcomes.into_iter().all(|outcome| outcome.unwrap() == 0));
        assert_eq!(flights.run(&"k", work()).await.unwrap(), 1);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn a_cancelled_first_caller_is_succeeded() {
        let flights: Flights<&str, u8> = Flights::default();
        let mut first = Box::pin(flights.run(&"k", pending()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(flights.run(&"k", async { Ok(2) }));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert_eq!(second.await.unwrap(), 2);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn another_callers_time_out_is_not_shared() {
        let flights: Flights<&str, u8> = Flights::default();
        let slow = async {
            tokio::task::yield_now().await;
            Err(ErrorKind::Timeout.error("mine"))
        };
        let (first, second) = tokio::join!(flights.run(&"k", slow), flights.run(&"k", async { Ok(2) }));
        assert_eq!(first.unwrap_err().kind(), ErrorKind::Timeout);
        assert_eq!(second.unwrap(), 2);
    }
}
