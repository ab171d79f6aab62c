//! Names one object in a store.

/// Names one object: a container where the store has them (a bucket), and a key in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Location {
    /// The bucket, access point or Azure container; empty where the store has none.
    pub container: String,
    /// The key, exactly as it reaches the store.
    pub key: String,
}

impl Location {
    /// Makes a location; `container` is empty where the store has no containers.
    #[must_use]
    pub fn new(container: impl Into<String>, key: impl Into<String>) -> Self {
        Self { container: container.into(), key: key.into() }
    }
}
