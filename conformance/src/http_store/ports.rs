//! Implements the ports that need nothing but the objects: raw store and foreign locations.

use async_trait::async_trait;
use bytes::Bytes;
use extstore::Claim;
use extstore::object::Location;

use super::objects::{Objects, Precondition};
use crate::{Foreign, RawStore};

pub(super) fn location(claim: &Claim) -> Location {
    let field = |name| claim.get(name).unwrap_or_default().to_owned();
    Location::new(field("bucket"), field("key"))
}

/// Implements the raw store port over one bucket.
#[derive(Debug)]
pub(super) struct ObjectsRaw {
    /// The store.
    pub(super) objects: Objects,
    /// The scope's bucket.
    pub(super) bucket: String,
}

#[async_trait]
impl RawStore for ObjectsRaw {
    async fn list(&self) -> Vec<String> {
        self.objects.keys(&self.bucket)
    }

    async fn read(&self, claim: &Claim) -> Option<Bytes> {
        self.objects.get(&location(claim)).map(|(bytes, _)| bytes)
    }

    async fn write(&self, claim: &Claim, bytes: Bytes) {
        self.objects.put(&location(claim), bytes, &Precondition::None);
    }

    async fn delete(&self, claim: &Claim) {
        self.objects.delete(&location(claim));
    }

    async fn read_listed(&self, id: &str) -> Option<Bytes> {
        let location = Location::new(self.bucket.clone(), id);
        self.objects.get(&location).map(|(bytes, _)| bytes)
    }
}

/// Implements the foreign port: another bucket of the same store, and paths out of the key prefix.
#[derive(Debug)]
pub(super) struct ObjectsForeign {
    /// The store.
    pub(super) objects: Objects,
    /// A bucket that no driver of the scope is configured for.
    pub(super) bucket: String,
    /// The prefix that the scope's drivers are confined to.
    pub(super) key_prefix: String,
}

#[async_trait]
impl Foreign for ObjectsForeign {
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim> {
        self.objects.create_bucket(&self.bucket);
        let moved = claim.clone().with("bucket", self.bucket.as_str());
        let outside = claim.clone().with("key", format!("other/{}", location(claim).key));
        if let Some((bytes, _)) = self.objects.get(&location(claim)) {
            self.objects.put(&location(&moved), bytes.clone(), &Precondition::None);
            self.objects.put(&location(&outside), bytes, &Precondition::None);
        }
        vec![moved, outside]
    }

    async fn escapes(&self, claim: &Claim) -> Vec<Claim> {
        let (prefix, key) = (&self.key_prefix, location(claim).key);
        let rest = key.strip_prefix(&format!("{prefix}/")).unwrap_or(&key);
        let bytes = self.objects.get(&location(claim)).map(|(bytes, _)| bytes).unwrap_or_default();
        let keys = [format!("{prefix}/../other/{rest}"), format!("{prefix}/./{rest}"), format!("/{key}")];
        let plant = |key: String| {
            let claim = claim.clone().with("key", key);
            self.objects.put(&location(&claim), bytes.clone(), &Precondition::None);
            claim
        };
        keys.into_iter().map(plant).collect()
    }
}
