//! Tests stores that reject `x-amz-checksum-sha256`, or the question for it.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use extstore::object::RetryPolicy;
use extstore::{Payload, RetrieveContext, StorageDriver, StoreContext};
use extstore_s3::{S3Driver, S3Options};
use support::fake::{Conditions, start, start_with};
use support::recorder::{Answer, Recorded, Recorder};
use support::{client, of_workflow, payload};

fn options() -> S3Options {
    let moment = Duration::from_millis(1);
    let retry = RetryPolicy::attempts(2).with_pauses(moment, moment);
    S3Options::new("payloads").with_known_keys(0).with_retry(retry)
}

fn driver(recorder: &Recorder, options: S3Options) -> S3Driver {
    S3Driver::new(client(&recorder.endpoint(), "AKID", "secret"), options).unwrap()
}

/// Stores a payload, reads it back, and says which requests storing took.
async fn store(driver: &S3Driver, recorder: &Recorder, payload: &Payload) -> String {
    let before = recorder.methods().len();
    let claims = driver.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let requests = recorder.methods()[before..].join(" ");
    let read = driver.retrieve(&RetrieveContext::default(), claims).await.unwrap();
    assert_eq!(read, std::slice::from_ref(payload));
    requests
}

fn has_checksum(request: &Recorded) -> bool {
    request.headers.iter().any(|(name, _)| name.starts_with("x-amz-checksum-"))
}

fn refused(request: &Recorded) -> Option<Answer> {
    let refused = request.header("x-amz-checksum-sha256").is_some();
    refused.then(|| Answer::error(400, "InvalidArgument"))
}

#[tokio::test]
async fn a_store_that_rejects_checksums_is_recognised_once_and_its_first_upload_is_read_back() {
    let recorder = start_with(Conditions::Honoured, refused).await;
    let driver = driver(&recorder, options());
    let first = store(&driver, &recorder, &payload("a")).await;
    assert_eq!(first, "PUT HEAD PUT PUT GET", "refused with and without the condition, accepted, verified");
    let before = recorder.requests().len();
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT HEAD GET", "there, and proved");
    for request in &recorder.requests()[before..] {
        assert!(!has_checksum(request), "{request:?}");
        assert!(request.method != "PUT" || request.header("if-none-match").is_some(), "conditions work");
    }
}

#[tokio::test]
async fn a_store_that_rejects_conditions_and_checksums_is_recognised_once() {
    let recorder = start_with(Conditions::Refused(501, "NotImplemented"), refused).await;
    let driver = driver(&recorder, options());
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT HEAD PUT PUT HEAD PUT GET");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "HEAD PUT");
}

#[tokio::test]
async fn a_store_that_rejects_every_checksum_header_can_be_used() {
    let recorder = start_with(Conditions::Honoured, |request| {
        has_checksum(request).then(|| Answer::error(400, "InvalidArgument"))
    })
    .await;
    let first = driver(&recorder, options());
    store(&first, &recorder, &payload("a")).await;
    assert_eq!(store(&first, &recorder, &payload("b")).await, "PUT");
    // Another process finds the object there, before it knows the store.
    let second = driver(&recorder, options());
    let requests = store(&second, &recorder, &payload("a")).await;
    assert!(requests.starts_with("PUT HEAD GET HEAD"), "{requests}");
    assert_eq!(store(&second, &recorder, &payload("c")).await, "PUT HEAD PUT PUT GET");
    second.check(&StoreContext::default()).await.unwrap();
}

#[tokio::test]
async fn an_upload_without_checksum_that_the_store_damaged_is_not_acknowledged() {
    let (puts, reads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let recorder = start_with(Conditions::Honoured, move |request| {
        let damaged = payload("b").to_bytes().to_vec();
        match request.method.as_str() {
            "PUT" => {
                puts.fetch_add(1, Ordering::SeqCst);
                None
            }
            // What lies there is another payload of the same length, until it is written a second time.
            "HEAD" => Some(Answer::looked_at(damaged.len())),
            _ if puts.load(Ordering::SeqCst) < 3 => {
                reads.fetch_add(1, Ordering::SeqCst);
                Some(Answer::object(damaged))
            }
            _ => None,
        }
    })
    .await;
    let driver = driver(&recorder, options().with_checksums(false));
    let requests = store(&driver, &recorder, &payload("a")).await;
    assert_eq!(requests, "PUT GET PUT HEAD GET PUT GET", "damaged, looked at, repaired, verified");
}

#[tokio::test]
async fn checksums_can_be_switched_off() {
    let recorder = start(Conditions::Honoured).await;
    let driver = driver(&recorder, options().with_checksums(false));
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT GET", "verified once");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT HEAD GET");
    assert!(recorder.requests().iter().all(|request| !has_checksum(request)));
}

#[tokio::test]
async fn a_process_that_may_not_read_still_stores_without_checksums() {
    let recorder = start_with(Conditions::Honoured, |request| {
        (request.method == "GET").then(|| Answer::error(403, "AccessDenied"))
    })
    .await;
    let driver = driver(&recorder, options().with_checksums(false));
    for (text, requests) in [("a", "PUT GET"), ("b", "PUT")] {
        let before = recorder.methods().len();
        driver.store(&of_workflow("w"), vec![payload(text)]).await.unwrap();
        assert_eq!(recorder.methods()[before..].join(" "), requests);
    }
}
