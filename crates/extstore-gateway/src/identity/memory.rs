//! Holds a map that is bounded in bytes.

use std::fmt;

use bytes::Bytes;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Weighter};

/// Estimates the bytes that an entry takes beside its key and value.
const OVERHEAD: usize = 512;
/// Sizes the map for entries of this many bytes; others fit too.
const TYPICAL: u64 = 768;

/// Tells the bytes that a value holds on the heap.
pub(super) trait Weighed {
    /// Returns the length of its strings together, in bytes.
    fn bytes(&self) -> usize;
}

/// Holds entries of a bounded number of bytes. It forgets the least used entry first.
pub(super) struct Memory<V>(Cache<Bytes, V, ByBytes>);

#[derive(Clone)]
struct ByBytes;

impl<V: Weighed> Weighter<Bytes, V> for ByBytes {
    fn weight(&self, key: &Bytes, value: &V) -> u64 {
        (key.len() + value.bytes() + OVERHEAD) as u64
    }
}

impl<V: Weighed + Clone> Memory<V> {
    pub(super) fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / TYPICAL).unwrap_or(usize::MAX);
        let hasher = DefaultHashBuilder::default();
        Self(Cache::with(items, bytes, ByBytes, hasher, DefaultLifecycle::default()))
    }

    /// Keeps a value. The key must have a buffer of its own: a slice would keep a message's buffer alive.
    pub(super) fn keep(&self, key: Bytes, value: V) {
        self.0.insert(key, value);
    }

    pub(super) fn find(&self, key: &[u8]) -> Option<V> {
        self.0.get(key)
    }
}

impl<V: Weighed + Clone> fmt::Debug for Memory<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} entries, {} bytes)", self.0.len(), self.0.weight())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for usize {
        fn bytes(&self) -> usize {
            *self
        }
    }

    #[test]
    fn the_memory_is_bounded_by_bytes() {
        let memory = Memory::new(64 << 10);
        for at in 0..10_000_u32 {
            memory.keep(Bytes::copy_from_slice(&at.to_be_bytes()), 100_usize);
            assert!(memory.0.weight() <= 64 << 10);
        }
        assert_eq!(memory.find(&9_999_u32.to_be_bytes()), Some(100));
        assert!((0..10_000_u32).any(|at| memory.find(&at.to_be_bytes()).is_none()));
    }
}
