//! Tests compression on the mount's channel, which the SDK leaves to the mount.

use temporalio_client::{ConnectionOptions, GrpcCompression};

use crate::stub::{Reply, Stub, call, headers, mount, request};

#[tokio::test]
async fn requests_are_compressed_and_answers_may_be() {
    let text = "compressible ".repeat(1000);
    let reply = text.clone();
    let stub =
        Stub::start(move |_| Reply { message: reply.clone().into(), gzip: true, ..Reply::default() }).await;
    let options = mount().connection(stub.options()).unwrap();
    let answer = call(&options, request(headers(&[]), text.clone())).await.unwrap();
    assert_eq!(answer.proto, text.as_bytes());
    let seen = stub.only();
    assert!(seen.compressed);
    assert_eq!(seen.message, text);
    assert_eq!(seen.headers["grpc-encoding"], "gzip");
    assert!(seen.headers["grpc-accept-encoding"].to_str().unwrap().contains("gzip"));
}

#[tokio::test]
async fn without_compression_nothing_is_compressed() {
    let stub = Stub::start(|_| Reply::default()).await;
    let options = ConnectionOptions::new(stub.url()).grpc_compression(GrpcCompression::None).build();
    call(&mount().connection(options).unwrap(), request(headers(&[]), "plain")).await.unwrap();
    let seen = stub.only();
    assert!(!seen.compressed && !seen.headers.contains_key("grpc-encoding"));
    assert!(!seen.headers.contains_key("grpc-accept-encoding"));
}

#[tokio::test]
async fn a_server_that_cannot_decompress_is_asked_again_and_then_spared() {
    let stub = Stub::start(|seen| match seen.compressed {
        true => Reply {
            trailers: headers(&[
                ("grpc-status", "12"),
                ("grpc-message", "grpc: Decompressor is not installed for grpc-encoding \"gzip\""),
            ]),
            ..Reply::default()
        },
        false => Reply { message: "understood".into(), ..Reply::default() },
    });
    let stub = stub.await;
    let options = mount().connection(stub.options()).unwrap();
    for _ in 0..2 {
        let answer = call(&options, request(headers(&[]), "hello")).await.unwrap();
        assert_eq!(answer.proto, b"understood");
    }
    let compressed: Vec<bool> = stub.seen().iter().map(|seen| seen.compressed).collect();
    assert_eq!(compressed, [true, false, false]);
}
