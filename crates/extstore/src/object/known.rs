//! A bounded memory of what this process stored, so that storing it again makes no request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Location;
use super::lifetime::Lifetime;

/// Positive entries only, each with an end; the oldest leave first when it is full.
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

    pub(super) fn contains(&self, location: &Location) -> bool {
        self.lock().until.get(location).is_some_and(Lifetime::lasts)
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
        Location { container: String::new(), key: key.into() }
    }

    #[tokio::test(start_paused = true)]
    async fn an_entry_ends_with_its_lifetime_and_can_be_forgotten() {
        let known = KnownKeys::new(8);
        known.insert(&at("a"), Duration::from_secs(10));
        known.insert(&at("b"), Duration::from_secs(10));
        known.forget(&at("b"));
        assert!(known.contains(&at("a")) && !known.contains(&at("b")));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert!(!known.contains(&at("a")));
    }

    #[tokio::test]
    async fn the_memory_is_bounded_and_the_oldest_leaves_first() {
        let known = KnownKeys::new(2);
        for key in ["a", "b", "a", "c"] {
            known.insert(&at(key), Duration::from_secs(10));
        }
        assert!(!known.contains(&at("a")) && known.contains(&at("b")) && known.contains(&at("c")));
        assert_eq!(known.lock().until.len(), 2);
    }
}
