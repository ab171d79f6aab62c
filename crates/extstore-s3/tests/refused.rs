//! Tests that configurations that cannot work fail as such, before a request, and tell no secret.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::error::Error as _;
use std::time::Duration;

use extstore::object::{ReadFallback, RetryPolicy};
use extstore::{Error, ErrorKind, RetrieveContext, StorageDriver};
use extstore_s3::aws_sdk_s3::config::retry::RetryConfig;
use extstore_s3::aws_sdk_s3::config::timeout::TimeoutConfig;
use extstore_s3::aws_sdk_s3::config::{BehaviorVersion, Builder, Region};
use extstore_s3::aws_sdk_s3::types::StorageClass;
use extstore_s3::aws_sdk_s3::{Client, Config};
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorder};
use support::{client, config, of_workflow, payload};

const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
const ACCESS_POINT: &str = "arn:aws:s3:us-east-1:123456789012:accesspoint/payloads";

async fn error_of(config: Builder, bucket: &str) -> Error {
    let options = S3Options::new(bucket).with_retry(RetryPolicy::attempts(1));
    let driver = S3Driver::new(Client::from_conf(config.build()), options).unwrap();
    driver.store(&of_workflow("w"), vec![payload("canary-in-payload")]).await.unwrap_err()
}

fn assert_tells_no_secret(error: &Error) {
    let mut told = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(source) = cause {
        told.push_str(&format!(" {source} {source:?}"));
        cause = source.source();
    }
    for secret in ["canary-in-secret", "canary-in-payload", "99, 97, 110, 97, 114, 121"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[tokio::test]
async fn an_access_point_that_cannot_be_reached_as_configured_is_refused_before_a_request() {
    let recorder = Recorder::start(|_| Answer::status(200)).await;
    let keys = || config("AKID", "canary-in-secret");
    let cases = [
        (keys().endpoint_url(recorder.endpoint()), MRAP, "endpoint URL"),
        (keys().force_path_style(true), MRAP, "path-style"),
        (keys().endpoint_url(recorder.endpoint()).force_path_style(true), ACCESS_POINT, "path-style"),
        (keys().force_path_style(true).accelerate(true), "payloads", "endpoint settings"),
        (keys().endpoint_url("http://no url"), "payloads", "endpoint settings"),
    ];
    for (config, bucket, word) in cases {
        let error = error_of(config, bucket).await;
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.message().contains(word), "{error}");
        assert_tells_no_secret(&error);
    }
    assert_eq!(recorder.methods(), [""; 0]);
}

#[tokio::test]
async fn what_the_client_lacks_is_not_an_unreachable_store() {
    let no_http_client = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url("http://127.0.0.1:9");
    let error = error_of(no_http_client, "payloads").await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
    let no_region = config("AKID", "canary-in-secret").region(None);
    let error = error_of(no_region, "payloads").await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
}

#[tokio::test]
async fn what_the_client_cannot_build_is_configuration_and_is_not_tried_again() {
    let recorder = Recorder::start(|_| Answer::stored()).await;
    let options = S3Options::new("payloads").with_put_hook(|put, _| put.tagging("team=a\nb"));
    let driver = S3Driver::new(client(&recorder.endpoint(), "AKID", "canary-in-secret"), options).unwrap();
    let error = driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 1), "{error:?}");
    assert!(error.message().contains("put hook"), "{error}");
    assert_eq!(recorder.methods(), [""; 0]);
    assert_tells_no_secret(&error);
}

#[tokio::test]
async fn a_storage_class_from_which_nothing_can_be_read_is_refused() {
    let recorder = Recorder::start(|_| Answer::stored()).await;
    for (class, is_refused) in
        [(StorageClass::Glacier, true), (StorageClass::DeepArchive, true), (StorageClass::GlacierIr, false)]
    {
        let name = class.as_str().to_owned();
        let options =
            S3Options::new("payloads").with_put_hook(move |put, _| put.storage_class(class.clone()));
        let driver = S3Driver::new(client(&recorder.endpoint(), "AKID", "secret"), options).unwrap();
        let outcome = driver.store(&of_workflow("w"), vec![payload("p")]).await;
        assert_eq!(outcome.is_err(), is_refused, "{name}");
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains(&name), "{error}");
        }
    }
    assert_eq!(recorder.methods(), ["PUT"]);
}

#[tokio::test]
async fn what_is_no_store_at_all_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            // A service that speaks something else than HTTP.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut connection, b"SSH-2.0-OpenSSH_9.2\r\n").await;
        }
    });
    let speaks_otherwise =
        config("AKID", "canary-in-secret").endpoint_url(format!("http://{address}")).force_path_style(true);
    let error = error_of(speaks_otherwise, "payloads").await;
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
    let refuses =
        config("AKID", "canary-in-secret").endpoint_url("http://127.0.0.1:9").force_path_style(true);
    let error = error_of(refuses, "payloads").await;
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
}

#[test]
fn options_that_cannot_work_are_refused_at_construction() {
    let construct = |options| S3Driver::new(client("http://127.0.0.1:9", "AKID", "secret"), options);
    for (options, word) in [
        (S3Options::new(""), "bucket"),
        (S3Options::new("a/b"), "with_key_prefix"),
        (S3Options::new("arn:aws:s3:us-east-1:1:accesspoint/p"), "ARN"),
        (S3Options::new("b").with_max_payload_size(0), "max_payload_size"),
        (S3Options::new("b").with_read_fallback(ReadFallback::container("")), "read_fallback"),
        (S3Options::new("b").with_read_fallback(ReadFallback::container("a/b")), "read_fallback"),
    ] {
        let error = construct(options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(word), "{error}");
    }
}

#[tokio::test]
async fn the_vendor_s_own_retries_and_time_outs_are_off_on_an_injected_client() {
    let recorder = Recorder::start(|_| Answer::error(500, "InternalError")).await;
    let waits = TimeoutConfig::builder().operation_timeout(Duration::from_nanos(1)).build();
    let config = config("AKID", "secret")
        .endpoint_url(recorder.endpoint())
        .force_path_style(true)
        .timeout_config(waits)
        .retry_config(RetryConfig::standard().with_max_attempts(5));
    let moment = Duration::from_millis(1);
    let options = S3Options::new("payloads").with_retry(RetryPolicy::attempts(3).with_pauses(moment, moment));
    let driver = S3Driver::new(Client::from_conf(config.build()), options).unwrap();
    let error = driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 3), "{error}");
    assert_eq!(recorder.methods().len(), 3);
    assert!(error.to_string().contains("client_region us-east-1"), "{error}");
}

#[tokio::test]
async fn a_forbidden_read_names_both_permissions_because_absent_looks_the_same() {
    let recorder = Recorder::start(|request| match request.method.as_str() {
        "PUT" => Answer::stored(),
        _ => Answer::error(403, "AccessDenied"),
    })
    .await;
    let driver =
        S3Driver::new(client(&recorder.endpoint(), "AKID", "s"), S3Options::new("payloads")).unwrap();
    let claims = driver.store(&of_workflow("w"), vec![payload("p")]).await.unwrap();
    let error = driver.retrieve(&RetrieveContext::default(), claims).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    for permission in ["s3:GetObject", "s3:ListBucket"] {
        assert!(error.message().contains(permission), "{error}");
    }
}

#[tokio::test]
async fn no_debug_output_holds_a_credential() {
    let options = S3Options::new("payloads").with_put_hook(|put, _| put.tagging("a=b"));
    let printed = format!("{options:?}");
    let driver = S3Driver::new(client("http://127.0.0.1:9", "AKID", "canary-in-secret"), options).unwrap();
    let printed = printed + &format!("{driver:?}");
    assert!(!printed.contains("canary-in-secret") && !printed.contains("AKID"), "{printed}");
}
