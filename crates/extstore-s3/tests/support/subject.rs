//! Makes the S3 driver on a bucket of its own, for the tests that start themselves as child processes.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use extstore::{Result, StorageDriver, async_trait};
use extstore_s3::{S3Driver, S3Options};
use extstore_testkit::soak::Subject;

use super::bucket::Bucket;
use super::server::{Server, unique};

const BUCKET: &str = "EXTSTORE_S3_TEST_BUCKET";

/// Makes a driver of a bucket.
type Make = fn(&Bucket) -> Result<Arc<dyn StorageDriver>>;

pub(crate) struct S3Subject {
    bucket: Bucket,
    make: Make,
}

impl S3Subject {
    /// Uses the parent's bucket in a child, else makes a new one.
    pub(crate) async fn new(server: Server, name: &str, make: Make) -> Self {
        let given = std::env::var(BUCKET);
        let is_child = given.is_ok();
        let bucket = Bucket { client: server.client(), name: given.unwrap_or_else(|_| unique(name)) };
        if !is_child {
            bucket.create().await;
        }
        Self { bucket, make }
    }
}

pub(crate) fn is_child() -> bool {
    std::env::var_os(BUCKET).is_some()
}

/// Makes the driver itself.
pub(crate) fn s3(bucket: &Bucket) -> Result<Arc<dyn StorageDriver>> {
    let options = S3Options::new(bucket.name.as_str()).with_known_keys(0);
    Ok(Arc::new(S3Driver::new(bucket.client.clone(), options)?))
}

#[async_trait]
impl Subject for S3Subject {
    async fn driver(&self) -> Result<Arc<dyn StorageDriver>> {
        (self.make)(&self.bucket)
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![(BUCKET.to_owned(), self.bucket.name.clone())]
    }

    async fn objects(&self) -> io::Result<Vec<String>> {
        Ok(self.bucket.keys("").await)
    }

    async fn read(&self, object: &str) -> io::Result<Bytes> {
        self.bucket.get(object).await.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// An upload is one request, so there is nothing to remove; what would be left are uploads in parts.
    async fn sweep(&self) -> io::Result<u64> {
        Ok(self.bucket.unfinished_uploads().await as u64)
    }
}
