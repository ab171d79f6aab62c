//! Runs the whole suite on the S3 driver, on the server that the environment names.
#![allow(clippy::unwrap_used)] // A panic is how a harness fails.

mod ports;
#[path = "../support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use extstore::object::{RetryPolicy, Timeouts};
use extstore::{Error, StorageDriver, async_trait};
use extstore_conformance::{
    Clock, Durability, Foreign, Harness, KeyLayout, Profile, RawStore, Role, Scope, Secrets, Wire,
};
use extstore_s3::aws_sdk_s3::Client;
use extstore_s3::{S3_DRIVER_TYPE, S3Driver, S3Options};
use ports::Ports;
use support::bucket::Bucket;
use support::server::{self, Server};

/// Hands the bucket of the run to child processes.
const BUCKET: &str = "EXTSTORE_S3_TEST_BUCKET";
/// Small, so that an object above it is cheap.
const READ_CAP: u64 = 2 << 20;

fn main() -> ExitCode {
    server::with_server(|server| {
        extstore_conformance::main(async { Ok::<_, Error>(S3::start(server).await) })
    })
}

/// Holds one bucket for the run, in which each scope is a key prefix, and one that no driver is configured for.
#[derive(Clone)]
struct S3 {
    server: Server,
    bucket: Bucket,
    foreign: Bucket,
}

impl S3 {
    async fn start(server: Server) -> Self {
        let given = std::env::var(BUCKET).ok();
        let name = given.clone().unwrap_or_else(|| server::unique("conformance"));
        let foreign = Bucket { client: server.client(), name: format!("{name}-foreign") };
        let bucket = Bucket { client: server.client(), name };
        if given.is_none() {
            bucket.create().await;
            foreign.create().await;
        }
        Self { server, bucket, foreign }
    }

    /// Small, so that a payload of the largest size is cheap.
    fn options(&self, scope: &Scope) -> S3Options {
        S3Options::new(self.bucket.name.as_str())
            .with_key_prefix(scope.as_str())
            .with_max_payload_size(1 << 20)
            .with_read_cap(READ_CAP)
    }

    fn make(&self, options: S3Options) -> Result<Arc<dyn StorageDriver>, Error> {
        make(self.server.client(), options)
    }

    fn ports(&self, scope: &Scope) -> Arc<Ports> {
        Arc::new(Ports { s3: self.clone(), scope: scope.clone() })
    }
}

fn make(client: Client, options: S3Options) -> Result<Arc<dyn StorageDriver>, Error> {
    Ok(Arc::new(S3Driver::new(client, options)?))
}

#[async_trait]
impl Harness for S3 {
    fn name(&self) -> &str {
        "s3"
    }

    fn profile(&self) -> Profile {
        let mut profile = Profile::object(S3_DRIVER_TYPE, Durability::ProcessCrash)
            .with_claim_field(Role::Container, &["bucket"]);
        profile.key_layout = Some(KeyLayout::S3);
        profile.read_cap = Some(READ_CAP);
        profile
    }

    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error> {
        self.make(self.options(scope))
    }

    async fn close(&self) {
        self.bucket.remove().await;
        self.foreign.remove().await;
    }

    fn backend(&self) -> (String, String) {
        let product = std::env::var("EXTSTORE_S3_PRODUCT").unwrap_or_else(|_| "a named endpoint".to_owned());
        let name = product.split(' ').next().unwrap_or_default().to_lowercase();
        (name, product)
    }

    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        Some(vec![(BUCKET.to_owned(), self.bucket.name.clone())])
    }

    async fn renamed(&self, scope: &Scope, name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        Some(self.make(self.options(scope).with_name(name)))
    }

    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        let made = |options| S3Driver::new(self.server.client(), options).map(drop);
        let options = || S3Options::new("payloads");
        vec![
            ("bucket", made(S3Options::new(""))),
            ("bucket", made(S3Options::new("a/b"))),
            ("ARN", made(S3Options::new("arn:aws:s3:::payloads"))),
            ("name", made(options().with_name(""))),
            ("max_payload_size", made(options().with_max_payload_size(0))),
            ("read_cap", made(options().with_read_cap(1))),
            ("refresh_after", made(options().with_refresh_after(Duration::ZERO))),
            ("attempts", made(options().with_retry(RetryPolicy::attempts(0)))),
        ]
    }

    fn debug_output(&self) -> Vec<String> {
        let canary = Secrets::of_this_run().canary();
        let options = S3Options::new("payloads").with_put_hook(|put, _| put.tagging("team=orders"));
        let client = support::client(&self.server.endpoint, canary, canary);
        let driver = S3Driver::new(client, options.clone());
        vec![format!("{driver:?}"), format!("{driver:#?}"), format!("{options:?}")]
    }

    async fn absent_container(&self, scope: &Scope) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        let absent = format!("{}-absent", self.bucket.name);
        Some(self.make(S3Options::new(absent).with_key_prefix(scope.as_str())))
    }

    fn raw(&self, scope: &Scope) -> Option<Arc<dyn RawStore>> {
        Some(self.ports(scope))
    }

    fn wire(&self) -> Option<Arc<dyn Wire>> {
        let address = self.server.address()?;
        Some(Arc::new(Endpoint { s3: self.clone(), address }))
    }

    fn foreign(&self, scope: &Scope) -> Option<Arc<dyn Foreign>> {
        Some(self.ports(scope))
    }

    fn clock(&self, scope: &Scope) -> Option<Arc<dyn Clock>> {
        Some(self.ports(scope))
    }
}

/// The server's own address, without TLS.
struct Endpoint {
    s3: S3,
    address: SocketAddr,
}

#[async_trait]
impl Wire for Endpoint {
    fn upstream(&self) -> SocketAddr {
        self.address
    }

    async fn driver(&self, scope: &Scope, endpoint: SocketAddr) -> Result<Arc<dyn StorageDriver>, Error> {
        let patient = Duration::from_secs(60);
        self.make(
            scope,
            endpoint,
            Timeouts::default().with_connect(patient).with_idle(patient).with_total(2 * patient),
        )
    }

    async fn impatient(&self, scope: &Scope, endpoint: SocketAddr) -> Result<Arc<dyn StorageDriver>, Error> {
        self.make(scope, endpoint, Timeouts::default().with_idle(Duration::from_secs(2)))
    }
}

impl Endpoint {
    fn make(
        &self,
        scope: &Scope,
        endpoint: SocketAddr,
        waits: Timeouts,
    ) -> Result<Arc<dyn StorageDriver>, Error> {
        let millis = Duration::from_millis;
        let retry = RetryPolicy::attempts(self.s3.profile().attempts).with_pauses(millis(10), millis(100));
        let server = Server { endpoint: format!("http://{endpoint}"), ..self.s3.server.clone() };
        make(server.client(), self.s3.options(scope).with_retry(retry).with_timeouts(waits))
    }
}
