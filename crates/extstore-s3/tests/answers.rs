//! Answers that are no store's, and claims for which no store is asked.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::object::{Container, Readable, RetryPolicy};
use extstore::{Claim, Digest, Error, ErrorKind, RetrieveContext, StorageDriver};
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorder};
use support::{client, of_workflow, payload};

fn driver(recorder: &Recorder) -> S3Driver {
    let moment = Duration::from_millis(1);
    let options = S3Options::new("payloads")
        .with_readable(Readable::anywhere())
        .with_retry(RetryPolicy::attempts(2).with_pauses(moment, moment));
    S3Driver::new(client(&recorder.endpoint(), "AKID", "secret"), options).unwrap()
}

/// Stores a payload in what always answers the same.
async fn store(answer: Answer) -> Result<Vec<Claim>, Error> {
    let recorder = Recorder::start(move |_| answer.clone()).await;
    driver(&recorder).store(&of_workflow("w"), vec![payload("p")]).await
}

fn checksum(of: &str) -> String {
    BASE64_STANDARD.encode(Digest::of(payload(of).body()).as_bytes())
}

#[tokio::test]
async fn an_upload_that_no_store_confirms_is_not_acknowledged() {
    let portal = |status| Answer::status(status).with_header("content-type", "text/html");
    for answer in [
        portal(200).with_body("<html>Welcome to our network</html>"),
        portal(204),
        portal(206).with_body("<html>"),
        Answer::error(200, "InternalError"),
        Answer::stored().with_header("x-amz-checksum-sha256", checksum("another")),
        Answer::stored().with_header("x-amz-checksum-sha256", "no checksum"),
    ] {
        let said = format!("{answer:?}");
        let error = store(answer).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 2), "{said}: {error}");
    }
}

#[tokio::test]
async fn an_upload_that_the_store_confirms_is_acknowledged() {
    for answer in [Answer::stored(), Answer::stored().with_header("x-amz-checksum-sha256", checksum("p"))] {
        assert_eq!(store(answer).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_internal_error_is_tried_again_whatever_the_status() {
    for status in [200, 400, 500] {
        let error = store(Answer::error(status, "InternalError")).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 2), "{status}: {error}");
    }
}

#[tokio::test]
async fn a_claim_that_leads_elsewhere_is_refused_before_a_request() {
    let recorder = Recorder::start(|_| Answer::status(200)).await;
    let digest = Digest::of(payload("p").body()).to_hex();
    for (bucket, key) in [
        ("payloads", "../other/x"),
        ("payloads", "v0/../../other/x"),
        ("..", "x"),
        ("payloads/../other", "x"),
        ("arn:aws:s3:us-east-1:123456789012:accesspoint/../other", "x"),
    ] {
        let claim = Claim::new()
            .with("bucket", bucket)
            .with("key", key)
            .with("hash_algorithm", "sha256")
            .with("hash_value", &digest);
        let error = driver(&recorder).retrieve(&RetrieveContext::default(), vec![claim]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidClaim, 0), "{bucket} {key}: {error}");
    }
    assert_eq!(recorder.methods(), [""; 0]);
}

#[tokio::test]
async fn a_malformed_bucket_that_is_chosen_for_a_payload_is_refused_before_a_request() {
    let recorder = Recorder::start(|_| Answer::stored()).await;
    for bucket in ["", "a/b", "..", "arn:aws:s3:us-east-1:123456789012:accesspoint/../other"] {
        let chosen = Container::per_payload(move |_, _| Ok(bucket.to_owned()));
        let options = S3Options::new(chosen).with_readable(Readable::anywhere());
        let driver = S3Driver::new(client(&recorder.endpoint(), "AKID", "secret"), options).unwrap();
        let error = driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0), "{bucket}: {error}");
    }
    assert_eq!(recorder.methods(), [""; 0]);
}
