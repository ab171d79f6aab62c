//! Changes the bucket behind the driver's back.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use extstore::{Claim, Error, StorageDriver, async_trait};
use extstore_conformance::{Clock, Foreign, RawStore, Scope};

use super::S3;

/// Implements every port of one scope.
pub(crate) struct Ports {
    pub(crate) s3: S3,
    pub(crate) scope: Scope,
}

fn key(claim: &Claim) -> &str {
    claim.get("key").unwrap()
}

#[async_trait]
impl RawStore for Ports {
    async fn list(&self) -> Vec<String> {
        self.s3.bucket.keys(&format!("{}/", self.scope.as_str())).await
    }

    async fn read(&self, claim: &Claim) -> Option<Bytes> {
        self.s3.bucket.get(key(claim)).await
    }

    async fn write(&self, claim: &Claim, bytes: Bytes) {
        self.s3.bucket.put(key(claim), bytes).await;
    }

    async fn delete(&self, claim: &Claim) {
        self.s3.bucket.delete(key(claim)).await;
    }

    async fn read_listed(&self, id: &str) -> Option<Bytes> {
        self.s3.bucket.get(id).await
    }
}

impl Ports {
    /// Returns the key without the scope's prefix.
    fn bare<'a>(&self, claim: &'a Claim) -> &'a str {
        key(claim).strip_prefix(self.scope.as_str()).unwrap().trim_start_matches('/')
    }
}

#[async_trait]
impl Foreign for Ports {
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim> {
        let bytes = self.s3.bucket.get(key(claim)).await.unwrap();
        self.s3.foreign.put(key(claim), bytes.clone()).await;
        let mut claims = vec![claim.clone().with("bucket", self.s3.foreign.name.as_str())];
        let (scope, bare) = (self.scope.as_str(), self.bare(claim));
        for key in [format!("outside/{bare}"), format!("{scope}-too/{bare}"), bare.to_owned()] {
            self.s3.bucket.put(&key, bytes.clone()).await;
            claims.push(claim.clone().with("key", key));
        }
        claims
    }

    /// The object lies where each path leads for a client or server that resolves it. It cannot be planted under the
    /// paths themselves: SeaweedFS refuses keys with dot segments.
    async fn escapes(&self, claim: &Claim) -> Vec<Claim> {
        let bytes = self.s3.bucket.get(key(claim)).await.unwrap();
        let (scope, bare) = (self.scope.as_str(), self.bare(claim));
        self.s3.bucket.put(&format!("outside/{bare}"), bytes.clone()).await;
        self.s3.foreign.put(&format!("outside/{bare}"), bytes).await;
        let paths = [
            format!("{scope}/../outside/{bare}"),
            format!("{scope}/./../outside/{bare}"),
            format!("{scope}/../../{}/outside/{bare}", self.s3.foreign.name),
            format!("/outside/{bare}"),
        ];
        paths.into_iter().map(|path| claim.clone().with("key", path)).collect()
    }
}

#[async_trait]
impl Clock for Ports {
    async fn driver(&self, scope: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Error> {
        self.s3.make(self.s3.options(scope).with_refresh_after(refresh_after))
    }

    /// The server's clock cannot be moved, and nothing tells when it has moved on.
    async fn make_old(&self, claim: &Claim, age: Duration) {
        while self.age(claim).await.unwrap() < age {
            #[expect(
                clippy::disallowed_methods,
                reason = "the server's clock cannot be moved, and nothing tells when it has moved on"
            )]
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the time of an object is the wall clock's")]
    async fn age(&self, claim: &Claim) -> Option<Duration> {
        let bucket = &self.s3.bucket;
        let head = bucket.client.head_object().bucket(&bucket.name).key(key(claim)).send().await.ok()?;
        let written: SystemTime = head.last_modified?.try_into().ok()?;
        Some(SystemTime::now().duration_since(written).unwrap_or_default())
    }
}
