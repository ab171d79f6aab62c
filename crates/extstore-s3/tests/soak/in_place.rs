//! A wrong backend: an object grows before everybody's eyes.

use std::sync::Arc;

use extstore::object::{
    Attempt, Content, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, OpenObject, Renewed,
    Request,
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
    async fn create(&self, _: &Attempt, location: &Location, content: &Content) -> Result<Created> {
        if self.0.get(&location.key).await.is_some() {
            return Ok(Created::Exists);
        }
        let whole = content.body.to_bytes();
        for quarters in 1..=4 {
            self.0.put(&location.key, whole.slice(..whole.len() * quarters / 4)).await;
        }
        Ok(Created::Created)
    }

    async fn open(&self, _: &Attempt, location: &Location) -> Result<OpenObject> {
        self.0.get(&location.key).await.map(OpenObject::whole).ok_or_else(missing)
    }

    async fn stat(&self, _: &Attempt, location: &Location) -> Result<ObjectStat> {
        self.0.get(&location.key).await.map(|bytes| ObjectStat::new(bytes.len() as u64)).ok_or_else(missing)
    }

    async fn renew(
        &self,
        _: &Attempt,
        location: &Location,
        content: &Content,
        _: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        self.0.put(&location.key, content.body.to_bytes()).await;
        Ok(Renewed::Renewed)
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
