//! Tests credentials that the store does not accept any more.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_credential_types::provider::future;
use extstore::object::RetryPolicy;
use extstore::{Claim, ErrorKind, Result, StorageDriver};
use extstore_s3::aws_sdk_s3::Client;
use extstore_s3::aws_sdk_s3::config::{Credentials, ProvideCredentials};
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorder};
use support::{config, of_workflow, payload};

/// Provides `KEY0`, `KEY1` and so on, and counts how often it was asked.
#[derive(Clone, Debug, Default)]
struct Rotating(Arc<AtomicUsize>);

impl ProvideCredentials for Rotating {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let key = format!("KEY{}", self.0.fetch_add(1, Ordering::SeqCst));
        future::ProvideCredentials::ready(Ok(Credentials::new(key, "secret", None, None, "rotating")))
    }
}

/// Holds a store, a driver, and the provider of its credentials.
/// Holds a store, a driver, and the provider of its credentials.
struct Rotation {
    /// The number of the only key that the store accepts.
    accepted: Arc<AtomicUsize>,
    provider: Rotating,
    driver: S3Driver,
    recorder: Recorder,
}

/// Starts a store that rejects all keys but one with this answer.
async fn start(status: u16, code: &'static str) -> Rotation {
    let accepted = Arc::<AtomicUsize>::default();
    let number = Arc::clone(&accepted);
    let recorder = Recorder::start(move |request| {
        let key = format!("Credential=KEY{}/", number.load(Ordering::SeqCst));
        let authorization = request.header("authorization").unwrap();
        if authorization.contains(&key) { Answer::stored() } else { Answer::error(status, code) }
    })
    .await;
    let provider = Rotating::default();
    let config = config("unused", "unused")
        .credentials_provider(provider.clone())
        .endpoint_url(recorder.endpoint())
        .force_path_style(true);
    let moment = Duration::from_millis(1);
    let retry = RetryPolicy::attempts(4).with_pauses(moment, moment);
    let options = S3Options::new("payloads").with_retry(retry);
    let driver = S3Driver::new(Client::from_conf(config.build()), options).unwrap();
    Rotation { accepted, provider, driver, recorder }
}

impl Rotation {
    async fn store(&self, text: &str) -> Result<Vec<Claim>> {
        self.driver.store(&of_workflow("w"), vec![payload(text)]).await
    }

    fn asked(&self) -> usize {
        self.provider.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_key_that_was_rotated_is_read_again_and_the_request_repeated() {
    for (status, code) in [
        (403, "InvalidAccessKeyId"),
        (400, "ExpiredToken"),
        (400, "InvalidToken"),
        (400, "TokenRefreshRequired"),
    ] {
        let rotation = start(status, code).await;
        rotation.store("a").await.unwrap();
        rotation.accepted.store(1, Ordering::SeqCst);
        rotation.store("b").await.unwrap();
        assert_eq!((rotation.asked(), rotation.recorder.methods().len()), (2, 3), "{code}");
        rotation.store("c").await.unwrap();
        assert_eq!(rotation.asked(), 2, "the new key is kept");
    }
}

#[tokio::test]
async fn rejected_credentials_are_read_again_at_most_once_a_minute() {
    let rotation = start(403, "InvalidAccessKeyId").await;
    rotation.accepted.store(9, Ordering::SeqCst);
    let error = rotation.store("a").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthenticated, 2), "{error}");
    let error = rotation.store("b").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthenticated, 1), "{error}");
    assert_eq!(rotation.asked(), 2);
    rotation.accepted.store(2, Ordering::SeqCst);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    tokio::time::resume();
    rotation.store("c").await.unwrap();
    assert_eq!(rotation.asked(), 3);
}

#[tokio::test]
async fn other_refusals_do_not_read_credentials_again() {
    for (status, code) in
        [(403, "SignatureDoesNotMatch"), (403, "AccessDenied"), (403, "RequestTimeTooSkewed")]
    {
        let rotation = start(status, code).await;
        rotation.accepted.store(1, Ordering::SeqCst);
        assert_eq!(rotation.store("a").await.unwrap_err().attempts(), 1, "{code}");
        assert_eq!(rotation.asked(), 1, "{code}");
    }
}
