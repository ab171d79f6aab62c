//! Tests calls that end early, and connections that are lost.

use std::time::{Duration, Instant};

use temporalio_client::tonic::Code;
use temporalio_client::{ClientKeepAliveOptions, ConnectionOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::stub::{Reply, Stub, call, headers, mount, request};

fn silent() -> Reply {
    Reply { silent: true, ..Reply::default() }
}

#[tokio::test]
async fn a_call_ends_with_its_own_time_out() {
    let stub = Stub::start(|_| silent()).await;
    let options = mount().connection(stub.options()).unwrap();
    let status = call(&options, request(headers(&[("grpc-timeout", "100m")]), "")).await.unwrap_err();
    // The code of the SDK's own channel, by which core tells a long poll that found nothing.
    assert_eq!(status.code(), Code::Cancelled);
    assert_eq!(stub.only().headers["grpc-timeout"], "100m", "the server is told");
}

#[tokio::test]
async fn a_dropped_call_is_reset_at_the_server() {
    let stub = Stub::start(|_| silent()).await;
    let options = mount().connection(stub.options()).unwrap();
    let pending = tokio::spawn(call(&options, request(headers(&[]), "")));
    while stub.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    pending.abort();
    let reset = tokio::time::timeout(Duration::from_secs(10), stub.resets.acquire()).await;
    assert!(reset.is_ok(), "the server was not told");
}

/// Starts a server that accepts the connection and never answers in HTTP/2.
async fn mute() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        // Its settings, empty, and nothing else: no ping is answered.
        socket.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        let mut sink = vec![0; 4096];
        while socket.read(&mut sink).await.is_ok_and(|length| length > 0) {}
    });
    address
}

#[tokio::test]
async fn keep_alive_finds_a_connection_that_died() {
    let target = temporalio_client::Url::parse(&format!("http://{}", mute().await)).unwrap();
    let ping = ClientKeepAliveOptions::builder()
        .interval(Duration::from_millis(100))
        .timeout(Duration::from_millis(100))
        .build();
    let options = ConnectionOptions::new(target).keep_alive(Some(ping)).build();
    let options = mount().connection(options).unwrap();
    let started = Instant::now();
    let status = call(&options, request(headers(&[]), "")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_found_when_it_comes() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let target = temporalio_client::Url::parse(&format!("http://user:secret@{free}")).unwrap();
    let options = mount().connection(ConnectionOptions::new(target).build()).unwrap();
    let status = call(&options, request(headers(&[]), "")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let text = status.message();
    assert!(text.contains(&format!("http://{free}")) && text.contains("Connection refused"), "{text}");
    assert!(!text.contains("secret"), "{text}");
    let stub = Stub::on(free, |_| Reply::default(), None).await;
    call(&options, request(headers(&[]), "")).await.unwrap();
    assert_eq!(stub.seen().len(), 1);
}
