//! Objects in buckets, in memory, with a clock that a test can move.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use extstore::object::{Location, ObjectStat, ObjectVersion, StoreIdentity};
use tokio::time::Instant;

/// All objects of one store. Clones share them.
#[derive(Clone)]
pub(crate) struct Objects {
    identity: StoreIdentity,
    state: Arc<Mutex<State>>,
}

impl Default for Objects {
    fn default() -> Self {
        Self { identity: StoreIdentity::unique(), state: Arc::default() }
    }
}

#[derive(Default)]
struct State {
    buckets: BTreeSet<String>,
    objects: BTreeMap<Location, Object>,
    /// Counts writes, so that every write has a version of its own.
    writes: u64,
}

struct Object {
    bytes: Bytes,
    version: u64,
    written: Instant,
    /// What a test added to the age.
    aged: Duration,
}

/// What must hold for a write to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing.
    None,
    /// There is no object.
    Absent,
    /// The object still has this version.
    Version(String),
}

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// The object is there.
    Done,
    /// The precondition does not hold.
    Failed,
    /// There is no object that could have the version.
    NoKey,
    /// There is no such bucket.
    NoBucket,
}

impl Objects {
    /// The identity that these objects and their clones alone have.
    pub(super) fn identity(&self) -> StoreIdentity {
        self.identity.clone()
    }

    /// Creates a bucket unless it is there.
    pub(crate) fn create_bucket(&self, bucket: &str) {
        self.lock().buckets.insert(bucket.to_owned());
    }

    /// Whether there is such a bucket.
    #[must_use]
    pub(crate) fn has_bucket(&self, bucket: &str) -> bool {
        self.lock().buckets.contains(bucket)
    }

    /// Writes an object, atomically.
    pub(crate) fn put(&self, location: &Location, bytes: Bytes, precondition: &Precondition) -> Put {
        let mut state = self.lock();
        if !state.buckets.contains(&location.container) {
            return Put::NoBucket;
        }
        let seen = state.objects.get(location).map(|object| object.version.to_string());
        match (precondition, seen) {
            (Precondition::Absent, Some(_)) => return Put::Failed,
            (Precondition::Version(_), None) => return Put::NoKey,
            (Precondition::Version(wanted), Some(seen)) if *wanted != seen => return Put::Failed,
            _ => {}
        }
        state.writes += 1;
        let object = Object { bytes, version: state.writes, written: Instant::now(), aged: Duration::ZERO };
        state.objects.insert(location.clone(), object);
        Put::Done
    }

    /// An object's bytes and what the store knows about it.
    #[must_use]
    pub(crate) fn get(&self, location: &Location) -> Option<(Bytes, ObjectStat)> {
        let state = self.lock();
        let object = state.objects.get(location)?;
        let stat = ObjectStat::new(object.bytes.len() as u64)
            .with_age(Some(object.written.elapsed() + object.aged))
            .with_version(Some(ObjectVersion(object.version.to_string())));
        Some((object.bytes.clone(), stat))
    }

    /// Deletes an object and says whether there was one.
    pub(crate) fn delete(&self, location: &Location) -> bool {
        self.lock().objects.remove(location).is_some()
    }

    /// The keys of one bucket, sorted.
    #[must_use]
    pub(crate) fn keys(&self, bucket: &str) -> Vec<String> {
        let state = self.lock();
        let of_bucket = state.objects.keys().filter(|location| location.container == bucket);
        of_bucket.map(|location| location.key.clone()).collect()
    }

    /// Makes an object look as if it had been written this long ago.
    pub(crate) fn make_old(&self, location: &Location, age: Duration) {
        if let Some(object) = self.lock().objects.get_mut(location) {
            object.aged = age;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objects({})", self.lock().objects.len())
    }
}
