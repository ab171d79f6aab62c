//! Puts a proxy between a driver and a real S3 server, so that a test can cut the link.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use extstore::object::{RetryPolicy, Timeouts};
use extstore_conformance::fault::Proxy;
use extstore_s3::{S3Driver, S3Options};

use crate::fixture::Fixture;
use crate::servers::Servers;

/// Holds a bucket, and a proxy before its server that refuses connections while the link is cut. Clones share both.
#[derive(Clone)]
pub(crate) struct CutLink {
    proxy: Arc<Proxy>,
    servers: Servers,
    bucket: String,
}

impl CutLink {
    /// Makes a link to a new bucket, not cut.
    pub(crate) async fn new(fixture: &Fixture) -> Self {
        let servers = fixture.servers().clone();
        let bucket = format!("faults-{:012x}", fastrand::u64(..1 << 48));
        servers.s3_client(servers.s3).create_bucket().bucket(&bucket).send().await.unwrap();
        let proxy = Arc::new(Proxy::http(servers.s3).await.unwrap());
        Self { proxy, servers, bucket }
    }

    /// Ends all connections and refuses new ones.
    pub(crate) async fn cut(&self) {
        self.proxy.refuse().await.unwrap();
    }

    /// Accepts connections again.
    pub(crate) async fn reconnect(&self) {
        self.proxy.resume().await.unwrap();
    }

    /// Makes a driver that does not use the link: it works while the link is cut.
    pub(crate) fn direct_driver(&self) -> S3Driver {
        self.driver_at(self.servers.s3, self.options())
    }

    /// Makes a driver over the link.
    pub(crate) fn driver(&self) -> S3Driver {
        self.driver_with(self.options())
    }

    /// Makes the same with other options.
    pub(crate) fn driver_with(&self, options: S3Options) -> S3Driver {
        self.driver_at(self.address(), options)
    }

    /// Returns options with which a driver gives up in two seconds: a workflow task must not time out first.
    pub(crate) fn options(&self) -> S3Options {
        let timeouts = Timeouts::default()
            .with_connect(Duration::from_millis(500))
            .with_idle(Duration::from_secs(1))
            .with_total(Duration::from_secs(2));
        let retry =
            RetryPolicy::attempts(2).with_pauses(Duration::from_millis(20), Duration::from_millis(100));
        S3Options::new(self.bucket.as_str()).with_timeouts(timeouts).with_retry(retry)
    }

    fn driver_at(&self, address: SocketAddr, options: S3Options) -> S3Driver {
        S3Driver::new(self.servers.s3_client(address), options).unwrap()
    }

    /// The address of the proxy.
    pub(crate) fn address(&self) -> SocketAddr {
        self.proxy.address()
    }

    pub(crate) fn servers(&self) -> &Servers {
        &self.servers
    }

    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Counts the requests that the proxy has seen.
    pub(crate) fn requests(&self) -> usize {
        self.proxy.requests()
    }
}
