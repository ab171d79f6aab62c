//! Implements the ports of the memory store: changes its objects behind the driver's back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use extstore::object::Location;
use extstore::{Claim, Error, MemoryBackend, MemoryDriver, StorageDriver, async_trait};
use extstore_conformance::{Clock, Foreign, RawStore, Scope};

/// Names the place where the drivers under test keep their objects.
pub(crate) const PREFIX: &str = "inside";

/// Implements every port over one scope's store.
pub(crate) struct Ports(pub(crate) MemoryBackend);

fn location(claim: &Claim) -> Location {
    at(claim.get("key").unwrap_or_default())
}

fn at(key: &str) -> Location {
    Location::new("", key)
}

#[async_trait]
impl RawStore for Ports {
    async fn list(&self) -> Vec<String> {
        self.0.list().into_iter().map(|location| location.key).collect()
    }

    async fn read(&self, claim: &Claim) -> Option<Bytes> {
        self.0.read(&location(claim))
    }

    async fn write(&self, claim: &Claim, bytes: Bytes) {
        self.0.write(location(claim), bytes);
    }

    async fn delete(&self, claim: &Claim) {
        self.0.delete(&location(claim));
    }

    async fn read_listed(&self, id: &str) -> Option<Bytes> {
        self.0.read(&at(id))
    }
}

impl Ports {
    /// Copies the object to other keys and returns the claims for it there.
    fn copies(&self, claim: &Claim, keys: impl IntoIterator<Item = String>) -> Vec<Claim> {
        let bytes = self.0.read(&location(claim)).unwrap_or_default();
        let copy = |key: String| {
            self.0.write(at(&key), bytes.clone());
            claim.clone().with("key", key)
        };
        keys.into_iter().map(copy).collect()
    }
}

#[async_trait]
impl Foreign for Ports {
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim> {
        let inside = claim.get("key").unwrap_or_default();
        let bare = inside.trim_start_matches(PREFIX).trim_start_matches('/').to_owned();
        self.copies(claim, [format!("outside/{bare}"), format!("{PREFIX}-too/{bare}"), bare])
    }

    async fn escapes(&self, claim: &Claim) -> Vec<Claim> {
        let paths = ["../outside", "./x", "a/../../outside", "..", "x\0y"];
        self.copies(claim, paths.map(|path| format!("{PREFIX}/{path}")))
    }
}

#[async_trait]
impl Clock for Ports {
    async fn driver(&self, _: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Error> {
        let options = super::options().with_refresh_after(refresh_after);
        Ok(Arc::new(MemoryDriver::with_backend(Arc::new(self.0.clone()), options)?))
    }

    async fn make_old(&self, claim: &Claim, age: Duration) {
        self.0.make_old(&location(claim), age);
    }

    async fn age(&self, claim: &Claim) -> Option<Duration> {
        self.0.age(&location(claim))
    }
}
