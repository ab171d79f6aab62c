//! Tests stores that honour, reject or ignore conditional writes.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use extstore::{Payload, RetrieveContext, StorageDriver, StoreContext};
use extstore_s3::{S3Driver, S3Options};
use support::fake::{Conditions, start, start_with};
use support::recorder::{Answer, Recorder};
use support::{client, of_workflow, payload};

fn options() -> S3Options {
    S3Options::new("payloads").with_known_keys(0)
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

#[tokio::test]
async fn a_store_that_rejects_conditions_is_recognised_once() {
    for (status, code) in [(501, "NotImplemented"), (400, "InvalidArgument"), (501, "")] {
        let recorder = start(Conditions::Refused(status, code)).await;
        let driver = driver(&recorder, options());
        assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT HEAD PUT", "{status} {code}");
        assert_eq!(store(&driver, &recorder, &payload("b")).await, "HEAD PUT");
        assert_eq!(store(&driver, &recorder, &payload("b")).await, "HEAD GET", "there, and proved");
    }
}

#[tokio::test]
async fn a_store_that_ignores_conditions_is_recognised_when_it_creates_an_object_twice() {
    let recorder = start(Conditions::Ignored).await;
    let driver = driver(&recorder, options());
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT");
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT PUT", "created twice, and asked again");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "HEAD PUT");
}

#[tokio::test]
async fn a_deleted_object_does_not_make_a_store_one_that_ignores_conditions() {
    let deleted = AtomicUsize::new(0);
    let recorder = start_with(Conditions::Honoured, move |request| {
        // The second creation succeeds as if somebody had deleted the object in between.
        let second = request.method == "PUT" && deleted.fetch_add(1, Ordering::SeqCst) == 1;
        second.then(Answer::stored)
    })
    .await;
    let driver = driver(&recorder, options());
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT");
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT PUT");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT");
}

#[tokio::test]
async fn the_check_recognises_a_store_that_ignores_conditions() {
    let recorder = start(Conditions::Ignored).await;
    let driver = driver(&recorder, options());
    driver.check(&StoreContext::default()).await.unwrap();
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "HEAD PUT");
}

#[tokio::test]
async fn the_check_finds_nothing_wrong_with_a_store_that_honours_conditions() {
    let recorder = start(Conditions::Honoured).await;
    let driver = driver(&recorder, options());
    driver.check(&StoreContext::default()).await.unwrap();
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT");
}

#[tokio::test]
async fn conditions_can_be_switched_off() {
    let recorder = start(Conditions::Honoured).await;
    let driver = driver(&recorder, options().with_conditional_writes(false));
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "HEAD PUT");
    assert!(recorder.requests().iter().all(|request| request.header("if-none-match").is_none()));
}

#[tokio::test]
async fn a_request_that_fails_without_its_optional_headers_too_proves_nothing_about_them() {
    let refusals = AtomicUsize::new(0);
    let recorder = start_with(Conditions::Honoured, move |request| {
        let refusal = (request.method == "PUT").then(|| refusals.fetch_add(1, Ordering::SeqCst))?;
        ["InvalidArgument", "InvalidRequest", "InvalidRequest", "InvalidRequest"]
            .get(refusal)
            .map(|code| Answer::error(400, code))
    })
    .await;
    let driver = driver(&recorder, options());
    let error = driver.store(&of_workflow("w"), vec![payload("a")]).await.unwrap_err();
    assert_eq!(error.vendor().code.as_deref(), Some("InvalidArgument"), "the first refusal is reported");
    assert_eq!(
        recorder.methods().join(" "),
        "PUT HEAD PUT PUT HEAD PUT",
        "without the condition, the checksum, both"
    );
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT");
    let last = recorder.requests().into_iter().rfind(|request| request.method == "PUT").unwrap();
    assert!(last.header("x-amz-checksum-sha256").is_some());
}

#[tokio::test]
async fn a_refusal_of_what_exists_already_proves_nothing_about_conditions() {
    let refused = AtomicUsize::new(0);
    let recorder = start_with(Conditions::Honoured, move |request| {
        // The second upload: that of the second driver.
        let second = request.method == "PUT" && refused.fetch_add(1, Ordering::SeqCst) == 1;
        second.then(|| Answer::status(400))
    })
    .await;
    store(&driver(&recorder, options()), &recorder, &payload("a")).await;
    let driver = driver(&recorder, options());
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT HEAD GET", "refused, and there");
    assert_eq!(store(&driver, &recorder, &payload("b")).await, "PUT", "the condition is sent again");
    assert_eq!(recorder.requests().last().unwrap().method, "GET");
}

#[tokio::test]
async fn a_repair_does_without_if_match_where_the_store_refuses_it() {
    for (conditions, requests) in [
        (Conditions::Honoured, "PUT HEAD GET PUT"),
        (Conditions::Refused(501, "NotImplemented"), "PUT HEAD GET PUT PUT"),
    ] {
        let poison = payload("poison").to_bytes().to_vec();
        let reads = AtomicUsize::new(0);
        let recorder = start_with(conditions, move |request| match request.method.as_str() {
            // Somebody else's bytes lie there, of the right length, until they are overwritten.
            "PUT" if request.header("if-none-match").is_some() => {
                matches!(conditions, Conditions::Honoured).then(|| Answer::error(412, "PreconditionFailed"))
            }
            "HEAD" => Some(Answer::looked_at(poison.len())),
            "GET" if reads.fetch_add(1, Ordering::SeqCst) == 0 => Some(Answer::object(poison.clone())),
            _ => None,
        })
        .await;
        let driver = driver(&recorder, options());
        assert_eq!(store(&driver, &recorder, &payload("poisen")).await, requests);
    }
}

#[tokio::test]
async fn a_conflict_of_two_creations_is_tried_again() {
    let conflicts = AtomicUsize::new(0);
    let recorder = start_with(Conditions::Honoured, move |request| {
        let first = request.method == "PUT" && conflicts.fetch_add(1, Ordering::SeqCst) == 0;
        first.then(|| Answer::error(409, "ConditionalRequestConflict"))
    })
    .await;
    assert_eq!(store(&driver(&recorder, options()), &recorder, &payload("a")).await, "PUT PUT");
}

#[tokio::test]
async fn without_the_right_to_look_an_existing_object_is_written_again() {
    let recorder =
        start_with(Conditions::Honoured, |request| (request.method == "HEAD").then(|| Answer::status(403)))
            .await;
    let driver = driver(&recorder, options());
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT");
    assert_eq!(store(&driver, &recorder, &payload("a")).await, "PUT HEAD PUT");
}
