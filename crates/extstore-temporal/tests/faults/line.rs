//! A real S3 server behind a line that can be cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use extstore::object::{RetryPolicy, Timeouts};
use extstore_conformance::fault::Proxy;
use extstore_s3::{S3Driver, S3Options};

use crate::servers::Servers;
use crate::stage::Stage;

/// A bucket, and a proxy before its server that refuses connections while the line is cut. Clones share both.
#[derive(Clone)]
pub(crate) struct Line {
    proxy: Arc<Proxy>,
    servers: Servers,
    bucket: String,
}

impl Line {
    /// A line to a new bucket, not cut.
    pub(crate) async fn new(stage: &Stage) -> Self {
        let servers = stage.servers().clone();
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
    pub(crate) async fn mend(&self) {
        self.proxy.resume().await.unwrap();
    }

    /// The driver of a client, beside the line: it works while the line is cut.
    pub(crate) fn beside(&self) -> S3Driver {
        self.driver(self.servers.s3, self.options())
    }

    /// The driver of a worker, over the line.
    pub(crate) fn over(&self) -> S3Driver {
        self.over_with(self.options())
    }

    /// The same with other options.
    pub(crate) fn over_with(&self, options: S3Options) -> S3Driver {
        self.driver(self.address(), options)
    }

    /// Options that give up in two seconds: a workflow task must not time out first.
    pub(crate) fn options(&self) -> S3Options {
        let timeouts = Timeouts::default()
            .with_connect(Duration::from_millis(500))
            .with_idle(Duration::from_secs(1))
            .with_total(Duration::from_secs(2));
        let retry =
            RetryPolicy::attempts(2).with_pauses(Duration::from_millis(20), Duration::from_millis(100));
        S3Options::new(self.bucket.as_str()).with_timeouts(timeouts).with_retry(retry)
    }

    fn driver(&self, address: SocketAddr, options: S3Options) -> S3Driver {
        S3Driver::new(self.servers.s3_client(address), options).unwrap()
    }

    /// The worker's end of the line.
    pub(crate) fn address(&self) -> SocketAddr {
        self.proxy.address()
    }

    pub(crate) fn servers(&self) -> &Servers {
        &self.servers
    }

    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// How many requests the worker's end has seen.
    pub(crate) fn requests(&self) -> usize {
        self.proxy.requests()
    }
}
