//! Implements a wrong backend: readers see an object while it grows.

use std::sync::Arc;

use extstore::object::{
    Create, Created, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{ErrorKind, Result, StorageDriver, async_trait};
use extstore_s3::{S3Driver, S3Options};

use super::support::bucket::Bucket;

pub(crate) fn driver(bucket: &Bucket) -> Result<Arc<dyn StorageDriver>> {
    let options = S3Options::new(bucket.name.as_str()).with_known_keys(0);
    Ok(Arc::new(S3Driver::with_backend(Arc::new(InPlace(bucket.clone())), options)?))
}

struct InPlace(Bucket);

impl std::fmt::Debug for InPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InPlace")
    }
}

#[async_trait]
impl ObjectBackend for InPlace {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        if self.0.get(&create.location().key).await.is_some() {
            return Ok(Created::Exists(None));
        }
        let whole = create.content().to_bytes();
        for quarters in 1..=4 {
            self.0.put(&create.location().key, whole.slice(..whole.len() * quarters / 4)).await;
        }
        Ok(Created::Created(ObjectStat::unknown()))
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.0.get(&open.location().key).await.map(OpenObject::whole).ok_or_else(missing)
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.0
            .get(&stat.location().key)
            .await
            .map(|bytes| ObjectStat::new(bytes.len() as u64))
            .ok_or_else(missing)
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.0.put(&renew.location().key, renew.content().to_bytes()).await;
        Ok(Renewed::Renewed(ObjectStat::unknown()))
    }

    fn identity(&self) -> StoreIdentity {
        StoreIdentity::new([self.0.name.as_str()])
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "none"
    }
}

fn missing() -> extstore::Error {
    ErrorKind::NotFound.error("there is no object")
}
