//! Remembers which optional headers the store honours: `If-None-Match`, `If-Match` and the checksum.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use extstore::Error;
use extstore::object::Location;

use crate::S3Options;

/// Bounds the number of creations that are remembered until the store's behaviour is known.
const REMEMBERED: usize = 256;

const UNKNOWN: u8 = 0;
const HONOURED: u8 = 1;
const MISSING: u8 = 2;

/// Knows what was found out about a store's headers, for all requests of a backend.
///
/// A store that rejects a header says so, and the same request without it shows that the header was the reason.
/// A store that ignores `If-None-Match` overwrites the object, which is harmless because a key names its
/// content, but it transfers what is there already and makes versions; it is recognised when it says "created" of an
/// object that this process created before.
#[derive(Debug)]
pub(crate) struct Headers {
    create: AtomicU8,
    renew_missing: AtomicBool,
    checksum: AtomicU8,
    checksum_mode_missing: AtomicBool,
    /// An upload without checksum was read back, and was right.
    verified: AtomicBool,
    created: Mutex<VecDeque<u64>>,
}

impl Headers {
    /// Begins without knowledge, but for what the options switch off.
    pub(crate) fn new(options: &S3Options) -> Self {
        let state = |try_it| AtomicU8::new(if try_it { UNKNOWN } else { MISSING });
        Self {
            create: state(options.conditional_writes),
            renew_missing: AtomicBool::new(!options.conditional_writes),
            checksum: state(options.checksums),
            checksum_mode_missing: AtomicBool::new(!options.checksums),
            verified: AtomicBool::new(false),
            created: Mutex::default(),
        }
    }

    pub(crate) fn create_is_missing(&self) -> bool {
        self.create.load(Ordering::Relaxed) == MISSING
    }

    pub(crate) fn create_is_unknown(&self) -> bool {
        self.create.load(Ordering::Relaxed) == UNKNOWN
    }

    /// Notes that the store refused to create an object twice.
    pub(crate) fn note_create_honoured(&self) {
        self.create.store(HONOURED, Ordering::Relaxed);
        self.created.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Notes that the store rejects or ignores `If-None-Match`.
    pub(crate) fn note_create_missing(&self) {
        if self.create.swap(MISSING, Ordering::Relaxed) != MISSING {
            tracing::warn!(
                "the store does not honour If-None-Match; from now on each store looks for the object first"
            );
        }
    }

    pub(crate) fn renew_is_missing(&self) -> bool {
        self.renew_missing.load(Ordering::Relaxed)
    }

    /// Notes that the store rejects `If-Match`.
    pub(crate) fn note_renew_missing(&self) {
        if !self.renew_missing.swap(true, Ordering::Relaxed) {
            tracing::warn!("the store does not honour If-Match; renewals are unconditional from now on");
        }
    }

    pub(crate) fn checksum_is_missing(&self) -> bool {
        self.checksum.load(Ordering::Relaxed) == MISSING
    }

    pub(crate) fn checksum_is_unknown(&self) -> bool {
        self.checksum.load(Ordering::Relaxed) == UNKNOWN
    }

    /// Notes that the store accepted an upload with its checksum.
    pub(crate) fn note_checksum_accepted(&self) {
        self.checksum.store(HONOURED, Ordering::Relaxed);
    }

    /// Notes that the store accepted an upload only without its checksum.
    pub(crate) fn note_checksum_missing(&self) {
        if self.checksum.swap(MISSING, Ordering::Relaxed) != MISSING {
            self.checksum_mode_missing.store(true, Ordering::Relaxed);
            tracing::warn!(
                "the store rejects x-amz-checksum-sha256; uploads are sent without it from now on, and their \
                 payload hash is signed"
            );
        }
    }

    /// Says whether a HEAD asks for the object's checksum.
    pub(crate) fn asks_for_checksum(&self) -> bool {
        !self.checksum_mode_missing.load(Ordering::Relaxed)
    }

    /// Notes that the store rejects `x-amz-checksum-mode`.
    pub(crate) fn note_checksum_mode_missing(&self) {
        self.checksum_mode_missing.store(true, Ordering::Relaxed);
    }

    /// Says whether an upload without checksum was read back already.
    pub(crate) fn is_verified(&self) -> bool {
        self.verified.load(Ordering::Relaxed)
    }

    /// Notes that an upload without checksum was read back, or that reading is not allowed.
    pub(crate) fn note_verified(&self) {
        self.verified.store(true, Ordering::Relaxed);
    }

    /// Notes a creation, and says whether this process had created the object already: then somebody has deleted it,
    /// or the condition was ignored.
    pub(crate) fn note_creation(&self, location: &Location) -> bool {
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

/// Says whether the condition failed: there is an object, or it has another version.
pub(crate) fn condition_failed(error: &Error) -> bool {
    error.vendor().status == Some(412)
}

/// Says whether the store may be one that does not know an optional header. Only the same request without the header
/// shows it.
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
