//! Keeps payloads that this process has stored or read, so that a replay does not read them again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::{Cache as Entries, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::StoreIdentity;
use super::lifetime::Lifetime;
use crate::{Digest, Payload};

/// Counts the bytes that an entry takes beside its payload and its names.
const OVERHEAD: u64 = 512;
/// Sets the mean payload size, in bytes, that the cache sizes its table for; other sizes fit too.
const TYPICAL: u64 = 64 * 1024;

/// Keeps verified payloads in a bounded amount of memory; stores and retrieves fill it.
///
/// Give clones of one handle to the drivers of a worker and of a client. A history that is replayed reads each
/// payload once per process and not once per replay.
///
/// # Guarantees
///
/// An entry is found only by a driver of the same store ([`StoreIdentity`]), under the same container, key prefix,
/// namespace in the key and digest, and only for a claim that passed every check of that driver. So drivers of
/// different stores, endpoints or prefixes never answer each other's claims, whatever their names are. Drivers that
/// agree in all of these share entries even where their credentials differ: give them caches of their own if one may
/// not read what the other reads.
///
/// An entry was verified when it came in. It is forgotten after one hour, when the driver must renew the object, or
/// when space is needed; a payload that is larger than the whole cache is neither copied nor kept. Each entry has a
/// buffer of its own, so the cache takes the memory that [`bytes`](Self::bytes) says, and little more.
///
/// # Concurrency
///
/// Shared freely. Clones share their entries.
#[derive(Clone)]
pub struct Cache(Arc<Entries<Key, Entry, ByBytes>>);

/// An entry ends after an hour, before the lifetime of its object does.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Names the owner of an entry: a namespace, or the whole key where the layout is foreign. One cannot be taken for the
/// other.
pub(super) enum Tenant<'a> {
    Namespace(&'a str),
    Key(&'a str),
}

impl fmt::Display for Tenant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(namespace) => write!(f, "namespace {namespace}"),
            Self::Key(key) => write!(f, "key {key}"),
        }
    }
}

/// Finds an entry: the whole tenant and the digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) store: StoreIdentity,
    pub(super) container: String,
    pub(super) prefix: String,
    pub(super) tenant: String,
    pub(super) digest: Digest,
}

#[derive(Clone)]
struct Entry {
    payload: Payload,
    lifetime: Lifetime,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Entry> for ByBytes {
    fn weight(&self, key: &Key, entry: &Entry) -> u64 {
        let names = key.store.as_str().len() + key.container.len() + key.prefix.len() + key.tenant.len();
        (entry.payload.encoded_len() + names) as u64 + OVERHEAD
    }
}

impl Cache {
    /// Builds a cache of at most this many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        // One shard: otherwise a payload could be no larger than a shard's share.
        let options = OptionsBuilder::new()
            .estimated_items_capacity(
                usize::try_from(bytes / TYPICAL).unwrap_or(usize::MAX).clamp(16, 1 << 20),
            )
            .weight_capacity(bytes)
            .shards(1)
            .build()
            // The builder fails only where a capacity is missing.
            .expect("both capacities are set");
        let hasher = DefaultHashBuilder::default();
        Self(Arc::new(Entries::with_options(options, ByBytes, hasher, DefaultLifecycle::default())))
    }

    /// Returns the bytes that are in use.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.weight()
    }

    /// Says whether a payload is small enough to be kept.
    pub(super) fn fits(&self, payload: &Payload) -> bool {
        self.fits_len(payload.encoded_len())
    }

    /// Says whether a payload of so many bytes is small enough to be kept.
    pub(super) fn fits_len(&self, bytes: usize) -> bool {
        bytes as u64 + OVERHEAD <= self.0.capacity()
    }

    pub(super) fn find(&self, key: &Key) -> Option<Payload> {
        let entry = self.0.get(key)?;
        if entry.lifetime.lasts() {
            return Some(entry.payload);
        }
        self.0.remove(key);
        None
    }

    pub(super) fn keep(&self, key: Key, payload: Payload, lasts: Option<Duration>) {
        let lifetime = lasts.map_or(LIFETIME, |lasts| lasts.min(LIFETIME));
        self.0.insert(key, Entry { payload, lifetime: Lifetime::new(lifetime) });
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({} entries, {} bytes)", self.0.len(), self.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(tenant: &str, payload: &Payload) -> Key {
        let digest = Digest::of(payload.body());
        let store = StoreIdentity::new(["memory"]);
        Key { store, container: String::new(), prefix: String::new(), tenant: tenant.into(), digest }
    }

    fn payload(len: usize) -> Payload {
        Payload::new([("encoding", "binary/plain")], vec![7; len])
    }

    #[tokio::test(start_paused = true)]
    async fn an_entry_belongs_to_its_tenant_and_ends() {
        let (cache, payload) = (Cache::new(1 << 20), payload(10));
        cache.keep(key("a", &payload), payload.clone(), Some(Duration::from_secs(5)));
        assert_eq!(cache.find(&key("a", &payload)), Some(payload.clone()));
        assert_eq!(cache.find(&key("b", &payload)), None);
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(cache.find(&key("a", &payload)), None);
        assert_eq!(cache.bytes(), 0);
    }

    #[tokio::test]
    async fn the_cache_is_bounded_and_a_large_payload_fits() {
        let cache = Cache::new(1 << 20);
        let large = payload(1_000_000);
        cache.keep(key("a", &large), large.clone(), None);
        assert_eq!(cache.find(&key("a", &large)), Some(large));
        for len in 0..100 {
            let payload = payload(100_000 + len);
            cache.keep(key("a", &payload), payload, None);
            assert!(cache.bytes() <= 1 << 20);
        }
        let too_large = payload(2 << 20);
        cache.keep(key("a", &too_large), too_large.clone(), None);
        assert_eq!(cache.find(&key("a", &too_large)), None);
    }
}
