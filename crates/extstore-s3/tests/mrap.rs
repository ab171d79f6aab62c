//! Tests requests to a Multi-Region Access Point, as they would arrive at Amazon.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::net::SocketAddr;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use extstore::{Digest, RetrieveContext, StorageDriver as _};
use extstore_s3::aws_sdk_s3::Client;
use extstore_s3::aws_sdk_s3::config::SharedHttpClient;
use extstore_s3::aws_smithy_http_client::Builder;
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorder};
use support::{config, of_workflow, payload};

const ARN: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
const HOST: &str = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com";

/// Sends what is meant for Amazon to a server of the test, and leaves everything else of the request alone.
#[derive(Debug)]
struct Diverted {
    to: SocketAddr,
    http: SharedHttpClient,
}

#[derive(Debug)]
struct Diversion(SocketAddr, SharedHttpConnector);

impl HttpClient for Diverted {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Diversion(self.to, self.http.http_connector(settings, components)))
    }
}

impl HttpConnector for Diversion {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let rest = request.uri().strip_prefix("https://").unwrap().to_owned();
        let (host, target) = rest.split_once('/').unwrap();
        request.headers_mut().insert("host", host.to_owned());
        request.set_uri(format!("http://{}/{target}", self.0)).unwrap();
        self.1.call(request)
    }
}

#[tokio::test]
async fn an_upload_is_signed_for_every_region_with_its_own_digest() {
    let payload = payload("payload");
    let stored = payload.to_bytes().to_vec();
    let recorder = Recorder::start(move |_| Answer::stored().with_body(stored.clone())).await;
    let http = Diverted { to: recorder.address, http: Builder::new().build_http() };
    let client = Client::from_conf(config("AKID", "secret").http_client(http).build());
    let driver = S3Driver::new(client, S3Options::new(ARN)).unwrap();
    let claims = driver.store(&of_workflow("a b+é"), vec![payload.clone()]).await.unwrap();
    assert_eq!(claims[0].get("bucket"), Some(ARN));
    let read = driver.retrieve(&RetrieveContext::default(), claims).await.unwrap();
    assert_eq!(read, std::slice::from_ref(&payload));

    let digest = Digest::of(payload.body()).to_hex();
    for (request, hash) in recorder.requests().iter().zip([digest.as_str(), EMPTY]) {
        assert_eq!(request.header("host"), Some(HOST));
        assert_eq!(request.header("x-amz-region-set"), Some("*"));
        assert_eq!(request.header("x-amz-content-sha256"), Some(hash));
        assert!(request.header("authorization").unwrap().starts_with("AWS4-ECDSA-P256-SHA256 "));
        assert!(request.target.contains("/wi/a%2520b%252B%25C3%25A9/ri/"), "{}", request.target);
    }
    assert_eq!(recorder.methods(), ["PUT", "GET"]);
}

/// Holds the SHA-256 of no bytes.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
