//! One cache in drivers of two endpoints: neither answers for the other, though driver, bucket and key are the same.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use extstore::object::Cache;
use extstore::{ErrorKind, RetrieveContext, StorageDriver as _};
use extstore_s3::{S3Driver, S3Options};
use support::fake::{self, Conditions};
use support::{client, of_workflow, random_payload};

#[tokio::test]
async fn a_cache_answers_for_its_endpoint_and_for_no_other() {
    let cache = Cache::new(1 << 20);
    let (first, second) = (fake::start(Conditions::Honoured).await, fake::start(Conditions::Honoured).await);
    let driver = |endpoint: &str| {
        let options = S3Options::new("bucket").with_cache(cache.clone());
        S3Driver::new(client(endpoint, "key", "secret"), options).unwrap()
    };
    let (writer, other) = (driver(&first.endpoint()), driver(&second.endpoint()));
    let payload = random_payload(1000);
    let claims = writer.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let error = other.retrieve(&RetrieveContext::default(), claims.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(writer.retrieve(&RetrieveContext::default(), claims).await.unwrap(), [payload]);
    assert_eq!(first.requests().len(), 1, "the store; the retrieve needs none");
}
