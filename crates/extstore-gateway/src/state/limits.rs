//! Remembers the limits of namespaces.

use bytes::Bytes;
use quick_cache::sync::Cache;

use crate::scope::Scope;

/// The number of namespaces that are remembered; the least used are forgotten.
const NAMESPACES: usize = 1024;

/// The real limits of the namespaces that a `DescribeNamespace` was about.
#[derive(Debug)]
pub(crate) struct Limits(Cache<Bytes, Sizes>);

/// A limit of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Bounds the payloads of one field together.
    Blob,
    /// Bounds a memo.
    Memo,
}

/// A namespace's limits in bytes; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) blob: u64,
    pub(crate) memo: u64,
}

impl Limits {
    /// Remembers the limits of a namespace.
    pub(crate) fn keep(&self, scope: &Scope, sizes: Sizes) {
        self.0.insert(scope.key(b""), sizes);
    }

    /// Returns the limits of a namespace, if they are known.
    pub(crate) fn find(&self, scope: &Scope) -> Option<Sizes> {
        self.0.get(&scope.key(b""))
    }
}

impl Sizes {
    pub(crate) fn of(self, limit: Limit) -> u64 {
        match limit {
            Limit::Blob => self.blob,
            Limit::Memo => self.memo,
        }
    }

    /// Returns the smaller of the limits that are set.
    pub(crate) fn smallest(self) -> Option<u64> {
        [self.blob, self.memo].into_iter().filter(|size| *size > 0).min()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self(Cache::new(NAMESPACES))
    }
}
