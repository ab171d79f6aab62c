//! Finds the server under test, which the environment names.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::process::ExitCode;

use extstore_s3::S3Options;
use extstore_s3::aws_sdk_s3::Client;
use extstore_testkit::live::{Live, NotRun, Test};

/// Holds the address of the server under test and its administrator's keys.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) endpoint: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

/// Runs `body` where there is a server, and says so where there is none.
pub(crate) fn with_server(body: impl FnOnce(Server) -> ExitCode) -> ExitCode {
    Server::find().map_or_else(NotRun::report, body)
}

/// Runs tests on the server as the whole of a test binary.
pub(crate) fn run(live: &Live, tests: impl IntoIterator<Item = Test<Server>>) -> ExitCode {
    live.run(Server::find(), |server, _| server.clone(), tests)
}

/// Makes a name that no other bucket has.
pub(crate) fn unique(name: &str) -> String {
    format!("{name}-{:012x}", fastrand::u64(..1 << 48))
}

impl Server {
    fn find() -> Result<Self, NotRun> {
        let missing = "EXTSTORE_S3_ENDPOINT is not set; `cargo xtask test` starts a server";
        let endpoint = std::env::var("EXTSTORE_S3_ENDPOINT")
            .map_err(|_| NotRun::unless_required("EXTSTORE_REQUIRE_S3", missing))?;
        let usual =
            || Some((std::env::var("AWS_ACCESS_KEY_ID").ok()?, std::env::var("AWS_SECRET_ACCESS_KEY").ok()?));
        let named = std::env::var_os("EXTSTORE_S3_ACCESS_KEY").is_some();
        let (access_key, secret_key) = usual().filter(|_| !named).unwrap_or_else(|| keys("EXTSTORE_S3"));
        Ok(Self { endpoint, access_key, secret_key })
    }

    pub(crate) fn client(&self) -> Client {
        super::client(&self.endpoint, &self.access_key, &self.secret_key)
    }

    /// Finds the address of an endpoint without TLS, where a proxy can be put between.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        let address = self.endpoint.strip_prefix("http://")?.trim_end_matches('/');
        address.to_socket_addrs().unwrap().next()
    }

    /// Makes a client of an identity that lacks a permission: `NOLIST` or `NOGET`.
    pub(crate) fn client_of(&self, identity: &str) -> Client {
        let (access_key, secret_key) = keys(&format!("EXTSTORE_S3_{identity}"));
        super::client(&self.endpoint, &access_key, &secret_key)
    }

    /// Makes a fresh bucket for one test.
    pub(crate) async fn bucket(&self, name: &str) -> String {
        let bucket = unique(name);
        self.client().create_bucket().bucket(&bucket).send().await.unwrap();
        bucket
    }

    /// Makes options for a fresh bucket.
    pub(crate) async fn options(&self, name: &str) -> S3Options {
        S3Options::new(self.bucket(name).await)
    }
}

fn keys(prefix: &str) -> (String, String) {
    let get = |suffix| {
        let name = format!("{prefix}_{suffix}");
        std::env::var(&name).unwrap_or_else(|_| panic!("{name} is not set, and the endpoint is"))
    };
    (get("ACCESS_KEY"), get("SECRET_KEY"))
}
