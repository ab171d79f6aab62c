//! Whether the store honours conditional writes, found out once.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use extstore::Error;
use extstore::object::Location;

/// How many creations are remembered until the store's behaviour is known.
const REMEMBERED: usize = 256;

const UNKNOWN: u8 = 0;
const HONOURED: u8 = 1;
const MISSING: u8 = 2;

/// What is known of a store's conditions, shared by all requests of a backend.
///
/// A store that rejects `If-None-Match` says so. One that ignores it overwrites the object, which is harmless
/// because a key names its content, but it transfers what is there already and makes versions; it is caught when it
/// says "created" of an object that this process created before.
#[derive(Debug)]
pub(crate) struct Conditions {
    create: AtomicU8,
    renew_missing: AtomicBool,
    created: Mutex<VecDeque<u64>>,
}

impl Conditions {
    /// Starts not knowing, or knowing that there is nothing to try.
    pub(crate) fn new(try_them: bool) -> Self {
        Self {
            create: AtomicU8::new(if try_them { UNKNOWN } else { MISSING }),
            renew_missing: AtomicBool::new(!try_them),
            created: Mutex::default(),
        }
    }

    pub(crate) fn create_is_missing(&self) -> bool {
        self.create.load(Ordering::Relaxed) == MISSING
    }

    pub(crate) fn create_is_unknown(&self) -> bool {
        self.create.load(Ordering::Relaxed) == UNKNOWN
    }

    pub(crate) fn create_is_honoured(&self) {
        self.create.store(HONOURED, Ordering::Relaxed);
        self.created.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn create_turned_out_missing(&self) {
        if self.create.swap(MISSING, Ordering::Relaxed) != MISSING {
            tracing::warn!(
                "the store does not honour If-None-Match; from now on each store looks for the object first"
            );
        }
    }

    pub(crate) fn renew_is_missing(&self) -> bool {
        self.renew_missing.load(Ordering::Relaxed)
    }

    pub(crate) fn renew_turned_out_missing(&self) {
        if !self.renew_missing.swap(true, Ordering::Relaxed) {
            tracing::warn!("the store does not honour If-Match; renewals are unconditional from now on");
        }
    }

    /// Notes a creation, and says whether this process had created the object already: then somebody has deleted it,
    /// or the condition was ignored.
    pub(crate) fn created_twice(&self, location: &Location) -> bool {
        if !self.create_is_unknown() {
            return false;
        }
        let mut hasher = DefaultHasher::new();
        location.hash(&mut hasher);
        let hash = hasher.finish();
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        if created.contains(&hash) {
            return true;
        }
        if created.len() == REMEMBERED {
            created.pop_front();
        }
        created.push_back(hash);
        false
    }
}

/// Whether the condition failed: there is an object, or it has another version.
pub(crate) fn failed(error: &Error) -> bool {
    error.vendor().status == Some(412)
}

/// Whether the store may be one that does not know the header. Only the same request without it can tell.
pub(crate) fn may_be_unknown(error: &Error) -> bool {
    let vendor = error.vendor();
    match (vendor.status, vendor.code.as_deref()) {
        (Some(501), _) => true,
        (Some(400), code) => matches!(
            code,
            None | Some(
                "InvalidArgument" | "InvalidHeader" | "InvalidRequest" | "NotImplemented" | "BadRequest"
            )
        ),
        _ => false,
    }
}
