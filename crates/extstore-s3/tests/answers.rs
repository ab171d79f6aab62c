//! Tests answers that are no store's, and claims for which no store is asked.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::object::{Container, ReadFallback, Readable, RetryPolicy};
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
    store_in(&recorder).await
}

async fn store_in(recorder: &Recorder) -> Result<Vec<Claim>, Error> {
    driver(recorder).store(&of_workflow("w"), vec![payload("p")]).await
}

/// Answers as a network does that wants people to log in.
fn portal(status: u16) -> Answer {
    Answer::status(status)
        .with_header("content-type", "text/html")
        .with_body("<html>Welcome to our network</html>")
}

fn checksum(of: &str) -> String {
    BASE64_STANDARD.encode(Digest::of(payload(of).body()).as_bytes())
}

#[tokio::test]
async fn an_upload_that_no_store_confirms_is_not_acknowledged() {
    for answer in [
        portal(200),
        portal(204).with_body(""),
        portal(206),
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
async fn a_read_that_no_store_answered_is_tried_again() {
    let portals = AtomicUsize::new(1);
    let recorder = Recorder::start(move |request| match request.method.as_str() {
        "PUT" => Answer::stored(),
        _ if portals.swap(0, Ordering::SeqCst) == 1 => portal(200),
        _ => Answer::object(payload("p").to_bytes().to_vec()),
    })
    .await;
    let claims = store_in(&recorder).await.unwrap();
    let read = driver(&recorder).retrieve(&RetrieveContext::default(), claims).await.unwrap();
    assert_eq!(read, [payload("p")]);
    assert_eq!(recorder.methods(), ["PUT", "GET", "GET"]);
}

#[tokio::test]
async fn reads_that_no_store_answered_are_no_damage() {
    let recorder = Recorder::start(|request| match request.method.as_str() {
        "PUT" => Answer::stored(),
        _ => portal(200),
    })
    .await;
    let claims = store_in(&recorder).await.unwrap();
    let error = driver(&recorder).retrieve(&RetrieveContext::default(), claims).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 2), "{error}");
    assert_eq!(recorder.methods(), ["PUT", "GET", "GET"]);
}

#[tokio::test]
async fn a_look_that_no_store_answered_says_nothing_of_the_object() {
    let recorder = Recorder::start(|request| match request.method.as_str() {
        "PUT" => Answer::error(412, "PreconditionFailed"),
        _ => portal(200),
    })
    .await;
    let error = store_in(&recorder).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 2), "{error}");
    assert_eq!(recorder.methods(), ["PUT", "HEAD", "HEAD"]);
}

#[tokio::test]
async fn a_look_that_is_refused_without_a_code_asks_for_the_reason() {
    for (why, kind) in [
        (Answer::error(400, "ExpiredToken"), ErrorKind::Unauthenticated),
        (Answer::error(400, "AuthorizationHeaderMalformed"), ErrorKind::Config),
        (Answer::error(404, "NoSuchBucket"), ErrorKind::Config),
    ] {
        let code = String::from_utf8(why.body.clone()).unwrap();
        let recorder = Recorder::start(move |request| match request.method.as_str() {
            "PUT" => Answer::error(412, "PreconditionFailed"),
            "HEAD" => Answer::status(400),
            _ => why.clone(),
        })
        .await;
        let error = store_in(&recorder).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(code.contains(error.vendor().code.as_deref().unwrap()), "{error}");
        let asked = recorder.requests().into_iter().find(|request| request.method == "GET").unwrap();
        assert_eq!(asked.header("range"), Some("bytes=0-0"));
    }
}

#[tokio::test]
async fn a_refusal_that_a_read_does_not_repeat_is_reported_as_it_is() {
    for read in [Answer::object("p"), Answer::error(416, "InvalidRange")] {
        let recorder = Recorder::start(move |request| match request.method.as_str() {
            "PUT" => Answer::error(412, "PreconditionFailed"),
            "HEAD" => Answer::status(400),
            _ => read.clone(),
        })
        .await;
        let error = store_in(&recorder).await.unwrap_err();
        assert_eq!((error.kind(), error.vendor().status), (ErrorKind::Config, Some(400)), "{error}");
    }
}

/// Sets the length of an answer that the buffers of a connection do not hold.
const LONG: usize = 64 << 20;

#[tokio::test]
async fn an_answer_that_is_no_object_is_not_read_to_its_end() {
    for (status, length) in [(500, false), (200, false), (500, true), (403, true)] {
        let mut answer = Answer::status(status).with_body(vec![b'x'; LONG]);
        if !length {
            answer = answer.without_length();
        }
        let mut recorder = Recorder::start(move |_| answer.clone()).await;
        let error = store_in(&recorder).await.unwrap_err();
        let expected = if status == 403 { ErrorKind::PermissionDenied } else { ErrorKind::Unavailable };
        assert_eq!(error.kind(), expected, "{status}: {error}");
        assert!(!recorder.client_took_it().await, "{status}: the whole answer was read");
    }
}

#[tokio::test]
async fn an_error_of_usual_length_is_read_whole() {
    let filler = "x".repeat(60_000);
    let body = format!("<Error><Message>{filler}</Message><Code>NoSuchBucket</Code></Error>");
    let error = store(Answer::status(404).with_body(body)).await.unwrap_err();
    assert_eq!(error.vendor().code.as_deref(), Some("NoSuchBucket"), "{error}");
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
async fn a_claim_reads_in_a_replica_only_what_it_could_read_in_the_own_bucket() {
    let recorder = Recorder::start(|request| match request.target.starts_with("/replica/") {
        true => Answer::object(payload("p").to_bytes().to_vec()),
        false => Answer::error(404, "NoSuchKey"),
    })
    .await;
    let options = S3Options::new("own")
        .with_key_prefix("mine")
        .with_readable(Readable::container("open"))
        .with_read_fallback(ReadFallback::container("replica"));
    let driver = S3Driver::new(client(&recorder.endpoint(), "AKID", "secret"), options).unwrap();
    let claim = |bucket: &str, key: &str| {
        let hash = Digest::of(payload("p").body()).to_hex();
        let claim = Claim::new().with("bucket", bucket).with("key", key);
        claim.with("hash_algorithm", "sha256").with("hash_value", hash)
    };
    let read = async |claim| driver.retrieve(&RetrieveContext::default(), vec![claim]).await;
    assert_eq!(read(claim("own", "mine/x")).await.unwrap(), [payload("p")]);
    assert_eq!(read(claim("open", "mine/x")).await.unwrap(), [payload("p")]);
    assert_eq!(read(claim("open", "theirs/x")).await.unwrap_err().kind(), ErrorKind::NotFound);
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
