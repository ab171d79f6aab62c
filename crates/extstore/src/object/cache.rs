//! Payloads that this process has seen, so that a replay does not read them again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::{Cache as Entries, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::StoreIdentity;
use super::lifetime::Lifetime;
use crate::{Digest, Payload};

/// What an entry costs beside its bytes.
const OVERHEAD: u64 = 512;
/// The cache is sized for payloads of this many bytes; others fit too.
const TYPICAL: u64 = 64 * 1024;

/// A bounded memory of verified payloads, filled by stores and by retrieves.
///
/// Give clones of one handle to the drivers of a worker and of a client. A history that is replayed reads each
/// payload once per process and not once per replay.
///
/// # Guarantees
///
/// An entry is found only under the store's identity, the container, the key prefix, the namespace in the key and the
/// digest, so tenants never see each other's payloads, and only for a claim that passed every check. An entry was verified when
/// it came in. It is forgotten after one hour, after the driver's `refresh_after`, or when space is needed; what is
/// larger than the whole cache is not kept.
///
/// # Concurrency
///
/// Shared freely. Clones share their entries.
#[derive(Clone)]
pub struct Cache(Arc<Entries<Key, Entry, ByBytes>>);

/// An hour: caches end before the lifetimes of objects do.
const LIFETIME: Duration = Duration::from_secs(3600);

/// To whom an entry belongs: a namespace, or the whole key where the layout is foreign. One cannot be taken for the other.
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

/// What an entry is found by.
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
    /// A cache of at most this many bytes.
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

    /// The bytes that are in use.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.weight()
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
