//! Counts the requests of each call, in a proxy before the server.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::process::ExitCode;

use extstore::{RetrieveContext, StorageDriver};
use extstore_conformance::fault::Proxy;
use extstore_s3::S3Driver;
use extstore_testkit::live::{Live, Test};
use support::server::{self, Server};
use support::{client, of_workflow, random_payload};

fn main() -> ExitCode {
    server::run(&Live::new(), [Test::new("each_payload_takes_one_request", count)])
}

/// Starts a proxy that forwards and counts, and a driver that calls it.
async fn counted(server: &Server) -> (Proxy, S3Driver) {
    let proxy = Proxy::http(server.address().expect("plain HTTP")).await.unwrap();
    let endpoint = format!("http://{}", proxy.address());
    let options = server.options("requests").await;
    let driver = S3Driver::new(client(&endpoint, &server.access_key, &server.secret_key), options).unwrap();
    (proxy, driver)
}

async fn count(server: Server) {
    let (proxy, driver) = counted(&server).await;
    let mut seen = 0;
    let mut made = |what: &str, expected: usize| {
        let made = proxy.requests() - seen;
        seen += made;
        assert_eq!(made, expected, "{what}: {:?}", proxy.log());
    };
    let (context, payload) = (of_workflow("w"), random_payload(100_000));
    let claims = driver.store(&context, vec![payload.clone()]).await.unwrap();
    made("a fresh payload", 1);
    driver.store(&context, vec![payload.clone()]).await.unwrap();
    made("a known key", 0);
    let copies = vec![random_payload(100_000); 100];
    let claims_of_copies = driver.store(&context, copies.clone()).await.unwrap();
    made("100 copies in a batch", 1);
    assert_eq!(driver.retrieve(&RetrieveContext::default(), claims).await.unwrap(), [payload]);
    made("a retrieve", 1);
    assert_eq!(driver.retrieve(&RetrieveContext::default(), claims_of_copies).await.unwrap(), copies);
    made("a retrieve of 100 copies", 1);
    driver.store(&context, Vec::new()).await.unwrap();
    made("an empty batch", 0);
}
