//! Tests which drivers a common cache takes for drivers of one store, though driver, bucket and key are the same.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use extstore::object::Cache;
use extstore::{ErrorKind, RetrieveContext, StorageDriver as _};
use extstore_s3::aws_sdk_s3::Client;
use extstore_s3::{S3Driver, S3Options};
use support::fake::{self, Conditions};
use support::{client, of_workflow, random_payload};

fn driver(client: &Client, cache: &Cache) -> S3Driver {
    S3Driver::new(client.clone(), S3Options::new("bucket").with_cache(cache.clone())).unwrap()
}

#[tokio::test]
async fn a_cache_answers_for_its_endpoint_and_for_no_other() {
    let cache = Cache::new(1 << 20);
    let (first, second) = (fake::start(Conditions::Honoured).await, fake::start(Conditions::Honoured).await);
    let connect = |endpoint: &str| driver(&client(endpoint, "key", "secret"), &cache);
    let (writer, other) = (connect(&first.endpoint()), connect(&second.endpoint()));
    let payload = random_payload(1000);
    let claims = writer.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let error = other.retrieve(&RetrieveContext::default(), claims.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(writer.retrieve(&RetrieveContext::default(), claims).await.unwrap(), [payload]);
    assert_eq!(first.requests().len(), 1, "the store; the retrieve needs none");
}

#[tokio::test]
async fn a_cache_answers_for_clones_of_one_client_and_for_no_other_client() {
    let cache = Cache::new(1 << 20);
    let store = fake::start(Conditions::Honoured).await;
    let shared = client(&store.endpoint(), "key", "secret");
    let (writer, reader) = (driver(&shared, &cache), driver(&shared, &cache));
    let payload = random_payload(1000);
    let claims = writer.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let context = RetrieveContext::default();
    let read = reader.retrieve(&context, claims.clone()).await.unwrap();
    assert_eq!(read, std::slice::from_ref(&payload));
    assert_eq!(store.requests().len(), 1, "the store; the retrieve needs none");
    // The same endpoint, but another client could send its requests elsewhere.
    let other = driver(&client(&store.endpoint(), "key", "secret"), &cache);
    assert_eq!(other.retrieve(&context, claims).await.unwrap(), [payload]);
    assert_eq!(store.requests().len(), 2, "the driver of another client asks the store");
}
