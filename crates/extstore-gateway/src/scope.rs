//! Keeps the facts of different servers and namespaces apart.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

/// Bounds the length of the names that are remembered, in bytes. Real tokens are shorter than 200, and a namespace has 1000
/// at most.
const LONGEST: usize = 4096;

/// Names the server and the namespace that a fact belongs to. The gateway keeps everything that it remembers under a
/// scope, so that a token of one namespace lends nothing to a request of another. Cloning is cheap.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The start of all keys: both names, each after its length, so that no two scopes share a key.
    prefix: Arc<[u8]>,
    namespace: Arc<str>,
}

impl Scope {
    pub(crate) fn new(server: &str, namespace: &str) -> Self {
        let length = |name: &str| (name.len() as u64).to_be_bytes();
        let prefix = [&length(server)[..], server.as_bytes(), &length(namespace)[..], namespace.as_bytes()];
        Self { prefix: prefix.concat().into(), namespace: namespace.into() }
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the key of a token or an id in this scope; none where it is longer than any real one, or the namespace is.
    /// Callers choose them: what is remembered is bounded in number, so each key must be bounded too.
    pub(crate) fn key(&self, name: &[u8]) -> Option<Bytes> {
        let is_real = name.len() <= LONGEST && self.namespace.len() <= LONGEST;
        is_real.then(|| [&self.prefix[..], name].concat().into())
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_scopes_share_a_key() {
        let key = |server, namespace, name: &str| Scope::new(server, namespace).key(name.as_bytes());
        assert_eq!(key("a", "b", "c"), key("a", "b", "c"));
        assert!(key("a", "b", "c").is_some());
        for other in [("ab", "", "c"), ("", "ab", "c"), ("a", "", "bc"), ("a", "bc", ""), ("b", "b", "c")] {
            assert_ne!(key("a", "b", "c"), key(other.0, other.1, other.2), "{other:?}");
        }
    }
}
