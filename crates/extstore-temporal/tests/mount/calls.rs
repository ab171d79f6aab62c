//! Tests calls and answers over a mounted connection.

use bytes::Bytes;
use temporalio_client::tonic::Code;
use temporalio_client::{Connection, ConnectionOptions};

use crate::stub::{Reply, Stub, call, headers, mount, request};

fn mounted(options: ConnectionOptions) -> ConnectionOptions {
    mount().connection(options).unwrap()
}

#[tokio::test]
async fn a_connection_of_the_sdk_is_served() {
    let stub = Stub::start(|_| Reply::default()).await;
    let options = ConnectionOptions::new(stub.url())
        .api_key("a-secret".to_owned())
        .headers([("tenant".to_owned(), "blue".to_owned())].into())
        .binary_headers([("trace-bin".to_owned(), vec![0, 1, 255])].into())
        .build();
    Connection::connect(mounted(options)).await.unwrap();
    let seen = stub.only();
    assert_eq!(seen.path, "/temporal.api.workflowservice.v1.WorkflowService/GetSystemInfo");
    assert_eq!(seen.authority, stub.address.to_string());
    let header = |name: &str| seen.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("authorization"), "Bearer a-secret");
    assert_eq!(header("tenant"), "blue");
    assert_eq!(header("trace-bin").trim_end_matches('='), "AAH/");
    assert_eq!(header("client-name"), "temporal-rust");
    assert_eq!(header("te"), "trailers");
    assert!(header("user-agent").starts_with("tonic/"), "as the SDK's own channel says");
}

#[tokio::test]
async fn metadata_passes_both_ways_and_hops_keep_theirs() {
    let sent = headers(&[("temporal-namespace", "default"), ("te", "gzip"), ("connection", "close")]);
    let stub = Stub::start(|_| Reply {
        headers: headers(&[("server", "stub"), ("grpc-accept-encoding", "gzip")]),
        trailers: headers(&[("grpc-status", "5"), ("cost", "7")]),
        ..Reply::default()
    });
    let stub = stub.await;
    let options = mounted(stub.options());
    let status = call(&options, request(sent, "")).await.unwrap_err();
    assert_eq!(stub.only().headers["temporal-namespace"], "default");
    assert!(!stub.only().headers.contains_key("connection"));
    assert_eq!(status.metadata().get("cost").unwrap(), "7");

    let stub = Stub::start(|_| Reply { headers: headers(&[("server", "stub")]), ..Reply::default() }).await;
    let answer = call(&mounted(stub.options()), request(headers(&[]), "")).await.unwrap();
    assert_eq!(answer.headers["server"], "stub");
    for own in ["content-type", "grpc-status", "grpc-encoding"] {
        assert!(!answer.headers.contains_key(own), "{own} belongs to the SDK's own framing");
    }
}

#[tokio::test]
async fn a_status_keeps_its_code_its_text_and_its_details() {
    // An encoded google.rpc.Status: code 3, message "no".
    let details = [8, 3, 18, 2, b'n', b'o'];
    let stub = Stub::start(|_| Reply {
        trailers: headers(&[
            ("grpc-status", "3"),
            ("grpc-message", "Blob%20data%20%C3%BC"),
            ("grpc-status-details-bin", "CAMSAm5v"),
        ]),
        ..Reply::default()
    });
    let options = mounted(stub.await.options());
    let status = call(&options, request(headers(&[]), "")).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "Blob data ü");
    assert_eq!(status.details(), details);
    // As the SDK reads it again: details in the trailer, once.
    let encoded = status.into_http::<()>();
    assert_eq!(encoded.headers().get_all("grpc-status-details-bin").iter().count(), 1);
}

#[tokio::test]
async fn messages_above_grpcs_usual_limit_pass_both_ways() {
    let request_bytes = Bytes::from(vec![7; 9 << 20]);
    let reply_bytes = Bytes::from((0..11 << 20).map(|index: u32| index as u8).collect::<Vec<u8>>());
    let reply = reply_bytes.clone();
    let stub = Stub::start(move |_| Reply { message: reply.clone(), ..Reply::default() }).await;
    let answer = call(&mounted(stub.options()), request(headers(&[]), request_bytes.clone())).await.unwrap();
    assert!(answer.proto == reply_bytes);
    assert!(stub.only().message == request_bytes);
}

#[tokio::test]
async fn the_authority_can_be_overridden() {
    let stub = Stub::start(|_| Reply::default()).await;
    let options = ConnectionOptions::new(stub.url())
        .override_origin("http://temporal.test:7233".parse().unwrap())
        .build();
    call(&mounted(options), request(headers(&[]), "")).await.unwrap();
    assert_eq!(stub.only().authority, "temporal.test:7233");
}

/// The gateway is in the way of the services that it knows, and nothing else is.
#[tokio::test]
async fn services_that_are_not_temporals_pass_through() {
    let stub = Stub::start(|seen| Reply { message: seen.message.clone(), ..Reply::default() }).await;
    let mut health = request(headers(&[]), "anything, not even a message");
    (health.service, health.rpc) = ("grpc.health.v1.Health".to_owned(), "Check".to_owned());
    let answer = call(&mounted(stub.options()), health).await.unwrap();
    assert_eq!(answer.proto, b"anything, not even a message");
    assert_eq!(stub.only().path, "/grpc.health.v1.Health/Check");
}
