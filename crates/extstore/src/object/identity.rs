//! Tells stores apart, for what is kept in memory.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Says which store a backend reaches: two backends with equal identities reach the same objects.
///
/// The engine keys its content cache by it, so that the payloads of one store never answer for another.
/// It holds the facts that make two clients reach one store (endpoint, region, account, root path,
/// database index), and no secret: it may be printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StoreIdentity(Arc<str>);

impl StoreIdentity {
    /// Makes an identity that equals every other one made of the same facts. The first fact is the driver's type.
    #[must_use]
    pub fn new<'a>(facts: impl IntoIterator<Item = &'a str>) -> Self {
        // Each fact is quoted, so that no two lists of facts become the same text.
        let quoted: Vec<String> = facts.into_iter().map(|fact| format!("{fact:?}")).collect();
        Self(quoted.join(" ").into())
    }

    /// Makes an identity that equals only its own clones: for a store that only this process can reach, and where the
    /// facts are not known. A backend makes it once and keeps it.
    #[must_use]
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(format!("unique {}", NEXT.fetch_add(1, Ordering::Relaxed)).into())
    }

    /// Returns the facts as text that is safe to print.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StoreIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreIdentity({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_facts_are_one_store_and_no_others_are() {
        assert_eq!(StoreIdentity::new(["s3", "a"]), StoreIdentity::new(["s3", "a"]));
        assert_ne!(StoreIdentity::new(["s3", "a b"]), StoreIdentity::new(["s3", "a", "b"]));
        assert_ne!(StoreIdentity::new(["s3", "a\" \"b"]), StoreIdentity::new(["s3", "a", "b"]));
        assert_ne!(StoreIdentity::unique(), StoreIdentity::unique());
        assert_ne!(StoreIdentity::unique(), StoreIdentity::new(["unique 0"]));
    }
}
