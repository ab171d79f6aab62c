//! Tests objects that the store says will expire, or cannot be read now.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::{Digest, ErrorKind, Payload, RetrieveContext, StorageDriver};
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorded, Recorder};
use support::{client, of_workflow, payload};

/// The store's clock: decades away from this machine's, so that times counted by the wrong one are wrong.
const NOW: &str = "Sat, 21 Nov 2076 00:00:00 GMT";
const MONTH_AGO: &str = "Thu, 22 Oct 2076 00:00:00 GMT";
const IN_A_MINUTE: &str = r#"expiry-date="Sat, 21 Nov 2076 00:01:00 GMT", rule-id="month""#;
const IN_A_YEAR: &str = r#"expiry-date="Sun, 21 Nov 2077 00:00:00 GMT", rule-id="year""#;
const RESTORED: &str = r#"ongoing-request="false", expiry-date="Sun, 21 Nov 2077 00:00:00 GMT""#;
const BEING_RESTORED: &str = r#"ongoing-request="true""#;

/// Answers HEAD for the right object, a month old.
fn looked_at(payload: &Payload) -> Answer {
    Answer::looked_at(payload.encoded_len())
        .with_header("date", NOW)
        .with_header("last-modified", MONTH_AGO)
        .with_header("x-amz-checksum-sha256", BASE64_STANDARD.encode(Digest::of(payload.body()).as_bytes()))
}

fn driver(recorder: &Recorder, options: S3Options) -> S3Driver {
    S3Driver::new(client(&recorder.endpoint(), "AKID", "secret"), options).unwrap()
}

/// Starts a store that has an object, of which HEAD says this.
async fn start(head: Answer) -> Recorder {
    Recorder::start(move |request| match request.method.as_str() {
        "PUT" if request.header("if-none-match").is_some() => Answer::error(412, "PreconditionFailed"),
        "PUT" => Answer::stored().with_header("date", NOW).with_header("x-amz-expiration", IN_A_YEAR),
        "HEAD" => head.clone(),
        _ => Answer::object(payload("p").to_bytes().to_vec()),
    })
    .await
}

/// Stores a payload that is there already, and returns the requests that it took.
async fn store(head: Answer) -> Vec<Recorded> {
    let recorder = start(head).await;
    let driver = driver(&recorder, S3Options::new("payloads"));
    driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap();
    recorder.requests()
}

fn methods(requests: &[Recorded]) -> String {
    requests.iter().map(|request| request.method.as_str()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_object_that_is_there_and_stays_is_not_written_again() {
    let payload = payload("p");
    for head in [
        looked_at(&payload),
        looked_at(&payload).with_header("x-amz-expiration", IN_A_YEAR),
        looked_at(&payload).with_header("x-amz-storage-class", "STANDARD_IA"),
        looked_at(&payload).with_header("x-amz-storage-class", "GLACIER_IR"),
        looked_at(&payload).with_header("x-amz-storage-class", "INTELLIGENT_TIERING"),
        looked_at(&payload)
            .with_header("x-amz-storage-class", "DEEP_ARCHIVE")
            .with_header("x-amz-restore", RESTORED),
    ] {
        let said = format!("{head:?}");
        assert_eq!(methods(&store(head).await), "PUT HEAD", "{said}");
    }
}

#[tokio::test]
async fn an_object_that_expires_soon_or_is_archived_is_written_again() {
    let payload = payload("p");
    for head in [
        looked_at(&payload).with_header("x-amz-expiration", IN_A_MINUTE),
        looked_at(&payload).with_header("x-amz-storage-class", "GLACIER"),
        looked_at(&payload).with_header("x-amz-storage-class", "DEEP_ARCHIVE"),
        looked_at(&payload)
            .with_header("x-amz-storage-class", "GLACIER")
            .with_header("x-amz-restore", BEING_RESTORED),
        looked_at(&payload)
            .with_header("x-amz-storage-class", "INTELLIGENT_TIERING")
            .with_header("x-amz-archive-status", "ARCHIVE_ACCESS"),
        looked_at(&payload)
            .with_header("x-amz-storage-class", "INTELLIGENT_TIERING")
            .with_header("x-amz-archive-status", "DEEP_ARCHIVE_ACCESS"),
    ] {
        let said = format!("{head:?}");
        let requests = store(head).await;
        assert_eq!(methods(&requests), "PUT HEAD PUT", "{said}");
        assert_eq!(requests[2].header("if-match"), Some("\"v1\""));
    }
}

#[tokio::test]
async fn a_rule_that_deletes_sooner_than_the_options_demand_is_found_by_the_first_upload() {
    let recorder = Recorder::start(|_| {
        Answer::stored().with_header("date", NOW).with_header("x-amz-expiration", IN_A_MINUTE)
    })
    .await;
    let options = S3Options::new("payloads").with_min_lifetime(Duration::from_secs(3600));
    let driver = driver(&recorder, options);
    let error = driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.message().contains("with_min_lifetime"), "{error}");
}

#[tokio::test]
async fn a_weak_etag_is_no_version() {
    let reads = AtomicUsize::new(0);
    let recorder = Recorder::start(move |request| match request.method.as_str() {
        "PUT" if request.header("if-none-match").is_some() || request.header("if-match").is_some() => {
            Answer::error(412, "PreconditionFailed")
        }
        "PUT" => Answer::stored(),
        "HEAD" => Answer::status(200)
            .with_header("content-length", payload("p").encoded_len().to_string())
            .with_header("etag", "W/\"v1\""),
        _ if reads.fetch_add(1, Ordering::SeqCst) == 0 => Answer::object(payload("x").to_bytes().to_vec()),
        _ => Answer::object(payload("p").to_bytes().to_vec()),
    })
    .await;
    let driver = driver(&recorder, S3Options::new("payloads"));
    driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap();
    let requests = recorder.requests();
    assert!(methods(&requests).starts_with("PUT HEAD GET"), "{}", methods(&requests));
    assert!(requests.iter().all(|request| request.header("if-match").is_none()));
    assert_eq!(requests.last().unwrap().method, "PUT");
}

#[tokio::test]
async fn a_look_without_a_length_is_no_empty_object() {
    let requests = store(looked_at(&payload("p")).without_length()).await;
    assert_eq!(methods(&requests), "PUT HEAD", "the checksum decides");
}

#[tokio::test]
async fn an_archived_object_is_reported_as_such() {
    let recorder = Recorder::start(|request| match request.method.as_str() {
        "PUT" => Answer::stored(),
        _ => Answer::error(403, "InvalidObjectState"),
    })
    .await;
    let driver = driver(&recorder, S3Options::new("payloads"));
    let claims = driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap();
    let error = driver.retrieve(&RetrieveContext::default(), claims).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 1), "{error}");
    assert!(error.message().contains("archived") && error.message().contains("restore"), "{error}");
}
