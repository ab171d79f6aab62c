use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use extstore::object::Location;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::http_store::{HttpStore, Objects};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Holds a running server, and the objects that it serves.
struct Store {
    server: HttpStore,
    objects: Objects,
}

/// Starts a store with the bucket `b`, and a proxy before it.
async fn store() -> (Store, Proxy) {
    let objects = Objects::default();
    objects.create_bucket("b");
    let server = HttpStore::start(objects.clone()).await.unwrap();
    let proxy = Proxy::http(server.address()).await.unwrap();
    (Store { server, objects }, proxy)
}

/// Sends bytes and reads until the connection ends.
async fn ask(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an end")?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn put(key: &str, body: &str) -> String {
    let length = body.len();
    format!("PUT /b/{key} HTTP/1.1\r\nhost: h\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn get(key: &str) -> String {
    format!("GET /b/{key} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
}

fn stored(store: &Store, key: &str) -> Option<usize> {
    let location = Location::new("b", key);
    store.objects.get(&location).map(|(bytes, _)| bytes.len())
}

/// Serves one connection as an upstream: reads `expected` bytes, says something, reads on, says the rest.
async fn scripted(parts: Vec<(usize, &'static str)>) -> (SocketAddr, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        for (expected, answer) in parts {
            let mut part = vec![0; expected];
            stream.read_exact(&mut part).await.unwrap();
            seen.extend(part);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        seen
    });
    (address, task)
}

#[tokio::test]
async fn bytes_are_forwarded_as_they_arrived() {
    let head = "PUT /a%2Fb/../c//%zz?X=%20y HTTP/1.1\r\nHOST: Bucket.Example:9\r\nx-B:  1 \r\nX-b: 2\r\n";
    let request = format!("{head}Transfer-Encoding: chunked\r\n\r\n3;s=x\r\nabc\r\n0\r\nT: v\r\n\r\n");
    let (upstream, seen) =
        scripted(vec![(request.len(), "HTTP/1.1 299 Own Words\r\nConnection: close\r\n\r\nrest")]).await;
    let proxy = Proxy::http(upstream).await.unwrap();
    let answer = ask(proxy.address(), &request).await.unwrap();
    assert_eq!(answer, "HTTP/1.1 299 Own Words\r\nConnection: close\r\n\r\nrest");
    assert_eq!(String::from_utf8(seen.await.unwrap()).unwrap(), request);
    let log = proxy.log();
    assert_eq!((log[0].method.as_str(), log[0].path.as_str()), ("PUT", "/a%2Fb/../c//%zz"));
    assert_eq!((log[0].body_bytes, log[0].status), (3, Some(299)));
}

#[tokio::test]
async fn a_client_that_waits_for_permission_gets_it_from_the_store() {
    let head = "PUT /b/k HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n";
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let last = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (upstream, seen) = scripted(vec![(head.len(), interim), (4, last)]).await;
    let proxy = Proxy::http(upstream).await.unwrap();
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut permission = vec![0; interim.len()];
    stream.read_exact(&mut permission).await.unwrap();
    assert_eq!(permission, interim.as_bytes());
    stream.write_all(b"body").await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, last);
    assert!(seen.await.unwrap().ends_with(b"body"));
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let (_store, proxy) = store().await;
    proxy.next(On::Upload, Fault::Answer { status: 503, retry_after: Some(7) });
    let kept = put("k", "one").replace("connection: close\r\n", "");
    let answer = ask(proxy.address(), &format!("{kept}{}", get("k"))).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 Injected\r\n"), "{answer}");
    assert!(answer.contains("retry-after: 7\r\n") && answer.contains("HTTP/1.1 404 "), "{answer}");
    assert_eq!(proxy.log().iter().map(|logged| logged.status).collect::<Vec<_>>(), [Some(503), Some(404)]);
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_store_has_acted() {
    let (store, proxy) = store().await;
    proxy.next(On::Upload, Fault::CutAfterUpstream);
    let error = ask(proxy.address(), &put("k", "hello")).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(stored(&store, "k"), Some(5));
    assert_eq!(proxy.log()[0].status, None);
}

#[tokio::test]
async fn an_upload_that_is_reset_does_not_reach_the_store_whole() {
    let (store, proxy) = store().await;
    proxy.next(On::Any, Fault::ResetUpload { after: 2 });
    let error = ask(proxy.address(), &put("k", "hello")).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!((stored(&store, "k"), proxy.log()[0].body_bytes), (None, 2));
}

#[tokio::test]
async fn an_answer_is_cut_to_the_byte_and_sliced_without_a_change() {
    let (_store, proxy) = store().await;
    ask(proxy.address(), &put("k", "0123456789")).await.unwrap();
    proxy.next(On::Download, Fault::CutResponse { after: 4 });
    proxy.next(On::Download, Fault::Sliced { bytes: 3 });
    let cut = ask(proxy.address(), &get("k")).await.unwrap();
    assert!(cut.ends_with("\r\n\r\n0123"), "{cut}");
    let sliced = ask(proxy.address(), &get("k")).await.unwrap();
    assert!(sliced.ends_with("\r\n\r\n0123456789"), "{sliced}");
}

#[tokio::test]
async fn requests_in_a_black_hole_are_counted_while_they_wait() {
    let (_store, proxy) = store().await;
    proxy.always(On::Any, Fault::Blackhole);
    let address = proxy.address();
    let waiting: Vec<_> =
        (0..3).map(|_| tokio::spawn(async move { ask(address, &get("k")).await })).collect();
    tokio::time::timeout(PATIENCE, proxy.wait_for_requests(3)).await.unwrap();
    assert_eq!(proxy.peak_in_flight(), 3);
    assert!(waiting.iter().all(|task| !task.is_finished()));
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_proxy_that_refuses_ends_connections_and_can_resume_at_its_address() {
    let (_store, proxy) = store().await;
    proxy.always(On::Any, Fault::Blackhole);
    let address = proxy.address();
    let open = tokio::spawn(async move { ask(address, &get("k")).await });
    proxy.wait_for_requests(1).await;
    proxy.refuse().await.unwrap();
    // However the end looks, it is one, and nothing was answered.
    assert!(open.await.unwrap().is_ok_and(|answer| answer.is_empty()));
    assert_eq!(ask(address, &get("k")).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    proxy.clear();
    proxy.resume().await.unwrap();
    assert!(ask(address, &get("k")).await.unwrap().starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn other_protocols_have_faults_per_connection() {
    let (store, _) = store().await;
    let proxy = Proxy::tcp(store.server.address()).await.unwrap();
    assert!(ask(proxy.address(), &put("k", "hello")).await.unwrap().starts_with("HTTP/1.1 201 "));
    proxy.next(On::Any, Fault::CutResponse { after: 8 });
    assert_eq!(ask(proxy.address(), &get("k")).await.unwrap(), "HTTP/1.1");
    proxy.next(On::Any, Fault::CutAfterUpstream);
    assert!(ask(proxy.address(), &put("lost", "hello")).await.is_err());
    assert_eq!((stored(&store, "lost"), proxy.requests()), (Some(5), 3));
}
