//! Holds what the tests of this crate share.
#![allow(dead_code)]

pub(crate) mod bucket;
pub(crate) mod fake;
pub(crate) mod recorder;
pub(crate) mod server;
pub(crate) mod sigv4;
pub(crate) mod subject;

use extstore::{Operation, Payload, SelectContext, StoreContext, Target};
use extstore_s3::aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use extstore_s3::aws_sdk_s3::{Client, Config};
use extstore_s3::aws_smithy_http_client::Builder;
use extstore_s3::aws_smithy_http_client::tls::Provider;
use extstore_s3::aws_smithy_http_client::tls::rustls_provider::CryptoMode;

/// Makes a client with these keys; the bucket stands in the path.
pub(crate) fn client(endpoint: &str, access_key: &str, secret_key: &str) -> Client {
    let config = config(access_key, secret_key).endpoint_url(endpoint).force_path_style(true);
    // Loading the trusted certificates takes longer than most tests.
    let config = if endpoint.starts_with("https:") {
        let tls = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        config.http_client(tls.build_https())
    } else {
        config
    };
    Client::from_conf(config.build())
}

/// Makes the configuration that all clients of the tests have in common.
pub(crate) fn config(access_key: &str, secret_key: &str) -> extstore_s3::aws_sdk_s3::config::Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(std::env::var("AWS_REGION").unwrap_or_else(|_| "us-east-1".to_owned())))
        .credentials_provider(Credentials::new(access_key, secret_key, None, None, "test"))
        .http_client(Builder::new().build_http())
}

/// Makes a payload of `binary/plain`, which holds the canary of the run.
pub(crate) fn payload(data: impl Into<Vec<u8>>) -> Payload {
    let data = [canary(), data.into()].concat();
    Payload::new([(extstore::ENCODING, "binary/plain")], data)
}

/// Makes a payload of that many random bytes, which no other test has; the first are the canary of the run.
pub(crate) fn random_payload(bytes: usize) -> Payload {
    let words = std::iter::repeat_with(|| fastrand::u64(..).to_le_bytes()).flatten();
    let data = canary().into_iter().chain(words).take(bytes).collect::<Vec<u8>>();
    Payload::new([(extstore::ENCODING, "binary/plain")], data)
}

/// Finds the word that must not appear in any output, where the run has one.
fn canary() -> Vec<u8> {
    std::env::var("EXTSTORE_CANARY").unwrap_or_default().into_bytes()
}

/// Makes the context of a payload of this workflow.
pub(crate) fn of_workflow(id: &str) -> StoreContext {
    let target = Target::workflow("default", "T", id);
    StoreContext::new(SelectContext::new().with_target(Some(target)), Operation::new())
}
