//! Tests on a real server, which is named by the environment.
//!
//! The test binaries have no libtest harness, because that has no outcome for "not run" but "ok".

use std::io::Write as _;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use extstore_s3::S3Options;
use extstore_s3::aws_sdk_s3::Client;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

/// The server under test and its administrator's keys.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) endpoint: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

/// A test and its name.
pub(crate) type Test = (&'static str, fn(Server) -> LocalBoxFuture<'static, ()>);

/// Runs `body` where there is a server, and says so where there is none.
pub(crate) fn with_server(body: impl FnOnce(Server) -> ExitCode) -> ExitCode {
    if let Some(server) = Server::from_env() {
        return body(server);
    }
    say("not run: EXTSTORE_S3_ENDPOINT is not set; `cargo xtask test` starts a server");
    let required = std::env::var("EXTSTORE_REQUIRE_S3").is_ok_and(|value| value == "1");
    if required { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs the tests one after another.
pub(crate) fn main(tests: &[Test]) -> ExitCode {
    with_server(|server| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut failed = 0;
        for (name, test) in tests {
            let outcome = runtime.block_on(AssertUnwindSafe(test(server.clone())).catch_unwind());
            say(&format!("test {name} ... {}", if outcome.is_ok() { "ok" } else { "FAILED" }));
            failed += u8::from(outcome.is_err());
        }
        say(&format!("test result: {} passed; {failed} failed", tests.len() - usize::from(failed)));
        ExitCode::from(failed)
    })
}

/// A name that no other bucket has.
pub(crate) fn unique(name: &str) -> String {
    format!("{name}-{:012x}", fastrand::u64(..1 << 48))
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
}

impl Server {
    fn from_env() -> Option<Self> {
        let endpoint = std::env::var("EXTSTORE_S3_ENDPOINT").ok()?;
        let usual =
            || Some((std::env::var("AWS_ACCESS_KEY_ID").ok()?, std::env::var("AWS_SECRET_ACCESS_KEY").ok()?));
        let named = std::env::var_os("EXTSTORE_S3_ACCESS_KEY").is_some();
        let (access_key, secret_key) = usual().filter(|_| !named).unwrap_or_else(|| keys("EXTSTORE_S3"));
        Some(Self { endpoint, access_key, secret_key })
    }

    pub(crate) fn client(&self) -> Client {
        super::client(&self.endpoint, &self.access_key, &self.secret_key)
    }

    /// The address behind the endpoint, where a proxy can be put between: without TLS.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        let address = self.endpoint.strip_prefix("http://")?.trim_end_matches('/');
        address.to_socket_addrs().unwrap().next()
    }

    /// A client of an identity that lacks a permission: `NOLIST` or `NOGET`.
    pub(crate) fn client_of(&self, identity: &str) -> Client {
        let (access_key, secret_key) = keys(&format!("EXTSTORE_S3_{identity}"));
        super::client(&self.endpoint, &access_key, &secret_key)
    }

    /// A fresh bucket of its own for one test.
    pub(crate) async fn bucket(&self, name: &str) -> String {
        let bucket = unique(name);
        self.client().create_bucket().bucket(&bucket).send().await.unwrap();
        bucket
    }

    /// Options for a fresh bucket.
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
