//! Holds objects in buckets, in memory, with a clock and a status that a test can change.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use extstore::object::{Location, ObjectStat, ObjectVersion, StoreIdentity};
use tokio::time::Instant;

/// Holds all objects of one store. Clones share them.
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
    buckets: BTreeMap<String, Habits>,
    objects: BTreeMap<Location, Object>,
    /// Counts writes, so that every write has a version of its own.
    writes: u64,
}

struct Object {
    bytes: Bytes,
    version: u64,
    written: Instant,
    /// The time that a test added to the age.
    aged: Duration,
    /// The moment at which the store deletes it, as it says.
    ends: Option<Instant>,
    /// Says that no write moves the end.
    end_is_fixed: bool,
    archived: bool,
    /// The number of requests that do not find it yet.
    hidden: u32,
}

/// Says how the store treats all objects of a bucket.
#[derive(Clone, Copy, Default)]
struct Habits {
    hides_lengths: bool,
    refuses_renewals: bool,
}

/// Answers a client that asks for an object.
pub(crate) enum Found {
    /// The object, with its bytes unless it is archived.
    Object(ObjectStat, Option<Bytes>),
    /// There is none, or none yet.
    Nothing,
}

/// Says under which condition a write succeeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing.
    None,
    /// There is no object.
    Absent,
    /// The object still has this version.
    Version(String),
}

/// Says how a write ended.
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
    /// Nobody may write over an object of this bucket.
    Refused,
}

impl Object {
    fn new(bytes: Bytes, version: u64) -> Self {
        let (written, aged) = (Instant::now(), Duration::ZERO);
        Self { bytes, version, written, aged, ends: None, end_is_fixed: false, archived: false, hidden: 0 }
    }

    fn stat(&self) -> ObjectStat {
        let left = self.ends.map(|ends| ends.saturating_duration_since(Instant::now()));
        ObjectStat::new(self.bytes.len() as u64)
            .with_age(Some(self.written.elapsed() + self.aged))
            .with_version(Some(ObjectVersion(self.version.to_string())))
            .with_expires_in(left)
            .with_readable(!self.archived)
    }
}

impl Objects {
    /// The identity that these objects and their clones alone have.
    pub(super) fn identity(&self) -> StoreIdentity {
        self.identity.clone()
    }

    /// Creates a bucket unless it is there.
    pub(crate) fn create_bucket(&self, bucket: &str) {
        self.lock().buckets.entry(bucket.to_owned()).or_default();
    }

    /// Says whether there is such a bucket.
    #[must_use]
    pub(crate) fn has_bucket(&self, bucket: &str) -> bool {
        self.lock().buckets.contains_key(bucket)
    }

    /// Writes an object, atomically.
    pub(crate) fn put(&self, location: &Location, bytes: Bytes, precondition: &Precondition) -> Put {
        let mut state = self.lock();
        let Some(habits) = state.buckets.get(&location.container).copied() else { return Put::NoBucket };
        let seen = state.objects.get(location).map(|object| object.version.to_string());
        match (precondition, seen) {
            (Precondition::Absent, Some(_)) => return Put::Failed,
            (Precondition::Version(_), None) => return Put::NoKey,
            (Precondition::Version(wanted), Some(seen)) if *wanted != seen => return Put::Failed,
            (Precondition::None | Precondition::Version(_), _) | (Precondition::Absent, None) => {}
        }
        if habits.refuses_renewals && state.objects.contains_key(location) {
            return Put::Refused;
        }
        state.writes += 1;
        let mut object = Object::new(bytes, state.writes);
        if let Some(before) = state.objects.get(location).filter(|before| before.end_is_fixed) {
            (object.ends, object.end_is_fixed) = (before.ends, true);
        }
        state.objects.insert(location.clone(), object);
        Put::Done
    }

    /// An object's bytes and what the store knows about it, whatever it tells others.
    #[must_use]
    pub(crate) fn get(&self, location: &Location) -> Option<(Bytes, ObjectStat)> {
        let state = self.lock();
        let object = state.objects.get(location)?;
        Some((object.bytes.clone(), object.stat()))
    }

    /// Answers a client that asks for an object: with what the store says at this moment.
    pub(crate) fn ask(&self, location: &Location) -> Found {
        let mut state = self.lock();
        let habits = state.buckets.get(&location.container).copied().unwrap_or_default();
        let Some(object) = state.objects.get_mut(location) else { return Found::Nothing };
        if object.hidden > 0 {
            object.hidden -= 1;
            return Found::Nothing;
        }
        let mut stat = object.stat();
        if habits.hides_lengths {
            stat.len = None;
        }
        Found::Object(stat, (!object.archived).then(|| object.bytes.clone()))
    }

    /// Deletes an object and says whether there was one.
    pub(crate) fn delete(&self, location: &Location) -> bool {
        self.lock().objects.remove(location).is_some()
    }

    /// Returns the keys of one bucket, sorted.
    #[must_use]
    pub(crate) fn keys(&self, bucket: &str) -> Vec<String> {
        let state = self.lock();
        let of_bucket = state.objects.keys().filter(|location| location.container == bucket);
        of_bucket.map(|location| location.key.clone()).collect()
    }

    /// Makes an object look as if it had been written this long ago.
    pub(crate) fn make_old(&self, location: &Location, age: Duration) {
        self.edit(location, |object| object.aged = age);
    }

    /// Says that an object will be deleted after `left`, which is a third of its life.
    pub(crate) fn expire_in(&self, location: &Location, left: Duration) {
        self.edit(location, |object| {
            object.aged = 2 * left;
            object.ends = Instant::now().checked_add(left);
        });
    }

    /// Says that an object will be deleted after `left`, whatever is written to it.
    pub(crate) fn fix_end(&self, location: &Location, left: Duration) {
        self.expire_in(location, left);
        self.edit(location, |object| object.end_is_fixed = true);
    }

    /// Makes an object unreadable until it is written again.
    pub(crate) fn archive(&self, location: &Location) {
        self.edit(location, |object| object.archived = true);
    }

    /// Hides an object from so many requests, as a replica that lags does.
    pub(crate) fn hide(&self, location: &Location, requests: u32) {
        self.edit(location, |object| object.hidden = requests);
    }

    /// Says no lengths in a bucket any more.
    pub(crate) fn hide_lengths(&self, bucket: &str) {
        self.lock().buckets.entry(bucket.to_owned()).or_default().hides_lengths = true;
    }

    /// Refuses from now on to write over objects of a bucket.
    pub(crate) fn refuse_renewals(&self, bucket: &str) {
        self.lock().buckets.entry(bucket.to_owned()).or_default().refuses_renewals = true;
    }

    fn edit(&self, location: &Location, change: impl FnOnce(&mut Object)) {
        if let Some(object) = self.lock().objects.get_mut(location) {
            change(object);
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
