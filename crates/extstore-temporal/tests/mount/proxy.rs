//! Tests a connection through an HTTP proxy.

use std::net::SocketAddr;

use temporalio_client::{ConnectionOptions, HttpConnectProxyOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::stub::{Reply, Stub, call, headers, mount, request};

/// Starts a proxy for one connection; returns its address and the request that it will get.
async fn proxy() -> (SocketAddr, oneshot::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, (sender, receiver)) = (listener.local_addr().unwrap(), oneshot::channel());
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let mut server = TcpStream::connect(head.split(' ').nth(1).unwrap()).await.unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        sender.send(head).unwrap();
        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
    });
    (address, receiver)
}

#[tokio::test]
async fn a_proxy_is_used_also_where_load_balancing_is_at_its_default() {
    let stub = Stub::start(|_| Reply::default()).await;
    let (address, asked) = proxy().await;
    let through = HttpConnectProxyOptions::new(address.to_string())
        .basic_auth(("user".to_owned(), "pass".to_owned()))
        .build();
    let options = ConnectionOptions::new(stub.url()).http_connect_proxy(through).build();
    assert!(options.dns_load_balancing.is_some(), "the SDK's default");
    let options = mount().connection(options).unwrap();
    assert!(options.dns_load_balancing.is_none(), "the SDK refuses it beside a service_override");
    call(&options, request(headers(&[]), "")).await.unwrap();
    let asked = asked.await.unwrap();
    assert!(asked.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", stub.address)), "{asked}");
    assert!(asked.to_lowercase().contains("proxy-authorization: basic dxnlcjpwyxnz"), "{asked}");
    assert_eq!(stub.seen().len(), 1);
}
