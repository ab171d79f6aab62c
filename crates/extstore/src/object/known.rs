//! Remembers the keys that this process stored, so that storing them again makes no request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Location;
use super::lifetime::Lifetime;

/// Remembers up to `capacity` keys of one engine, each for its lifetime; the oldest leave first when it is full.
///
/// Each engine has its own and has one store, so a key of one store is never taken for a key of another.
#[derive(Debug)]
pub(super) struct KnownKeys {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    until: HashMap<Location, Lifetime>,
    order: VecDeque<Location>,
}

impl KnownKeys {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    /// Returns how long a known key is still known; `None` for a key that is not.
    pub(super) fn left(&self, location: &Location) -> Option<Duration> {
        self.lock().until.get(location).and_then(Lifetime::left)
    }

    pub(super) fn insert(&self, location: &Location, lifetime: Duration) {
        if self.capacity == 0 || lifetime.is_zero() {
            return;
        }
        let mut entries = self.lock();
        if entries.until.insert(location.clone(), Lifetime::new(lifetime)).is_none() {
            entries.order.push_back(location.clone());
        }
        while entries.order.len() > self.capacity {
            if let Some(oldest) = entries.order.pop_front() {
                entries.until.remove(&oldest);
            }
        }
    }

    /// Forgets what turned out to be gone or wrong.
    pub(super) fn forget(&self, location: &Location) {
        let mut entries = self.lock();
        if entries.until.remove(location).is_some() {
            entries.order.retain(|other| other != location);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(key: &str) -> Location {
        Location::new("", key)
    }

    #[tokio::test(start_paused = true)]
    async fn an_entry_ends_with_its_lifetime_and_can_be_forgotten() {
        let known = KnownKeys::new(8);
        known.insert(&at("a"), Duration::from_secs(10));
        known.insert(&at("b"), Duration::from_secs(10));
        known.forget(&at("b"));
        assert!(known.left(&at("a")).is_some() && known.left(&at("b")).is_none());
        tokio::time::advance(Duration::from_secs(10)).await;
        assert!(known.left(&at("a")).is_none());
    }

    #[tokio::test]
    async fn the_memory_is_bounded_and_the_oldest_leaves_first() {
        let known = KnownKeys::new(2);
        for key in ["a", "b", "a", "c"] {
            known.insert(&at(key), Duration::from_secs(10));
        }
        assert!(
            known.left(&at("a")).is_none()
                && known.left(&at("b")).is_some()
                && known.left(&at("c")).is_some()
        );
        assert_eq!(known.lock().until.len(), 2);
    }
}
