//! Tests that keys reach the server as they are, and are signed as sent.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::sync::{Arc, Mutex};

use extstore::object::Readable;
use extstore::{Claim, Digest, Payload, RetrieveContext, StorageDriver};
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorded, Recorder};
use support::{client, of_workflow, payload, sigv4};

const SECRET: &str = "secret/key+with%characters";

/// Answers as a store would that has the object of this payload and no other.
fn store_of(payload: &Payload, exists: bool) -> impl Fn(&Recorded) -> Answer + use<> {
    let bytes = payload.to_bytes().to_vec();
    move |request| match request.method.as_str() {
        "PUT" if exists && request.header("if-none-match").is_some() => {
            Answer::error(412, "PreconditionFailed")
        }
        "PUT" => Answer::stored(),
        "HEAD" => Answer::looked_at(bytes.len()),
        _ => Answer::object(bytes.clone()),
    }
}

fn driver(recorder: &Recorder) -> S3Driver {
    let client = client(&recorder.endpoint(), "AKID", SECRET);
    S3Driver::new(client, S3Options::new("payloads").with_readable(Readable::container("payloads"))).unwrap()
}

/// Decodes the key in the target, once.
fn key_in(target: &str) -> String {
    let path = target.split('?').next().unwrap();
    let path = path.strip_prefix("/payloads/").unwrap();
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        match byte {
            b'%' => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
                rest = &tail[2..];
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn keys_of_hostile_identities_are_sent_and_signed_as_they_are() {
    for id in
        ["a b", "..", ".", "a/../b", "100%", "%2F", "ü✓😀", "a+b&c=d?e#f", "~", "(!*')", "\u{1}\u{7f}", "//"]
    {
        let payload = payload(id);
        let recorder = Recorder::start(store_of(&payload, true)).await;
        let driver = driver(&recorder);
        let claims = driver.store(&of_workflow(id), vec![payload.clone()]).await.unwrap();
        driver.retrieve(&RetrieveContext::default(), claims.clone()).await.unwrap();
        let requests = recorder.requests();
        assert_eq!(recorder.methods(), ["PUT", "HEAD", "GET", "GET"], "create, look, verify, read");
        for request in requests {
            sigv4::verify(&request, SECRET);
            assert_eq!(key_in(&request.target), claims[0].get("key").unwrap());
        }
    }
}

#[tokio::test]
async fn keys_that_another_sdk_wrote_are_read_as_they_stand() {
    let keys = [
        "v0/ns/../wt/./wi/%2E/ri/null/d/sha256/",
        "/v0//ns/a b/d/sha256/",
        "v0/ns/%252F/%/wi/ü✓😀/d/sha256/",
        "v0/ns/a+b&c=d?e#f;g:h@i,j/d/sha256/",
    ];
    for key in keys {
        let payload = payload(key);
        let recorder = Recorder::start(store_of(&payload, false)).await;
        let digest = Digest::of(payload.body()).to_hex();
        let claim = Claim::new()
            .with("bucket", "payloads")
            .with("key", format!("{key}{digest}"))
            .with("hash_algorithm", "sha256")
            .with("hash_value", &digest);
        let read = driver(&recorder).retrieve(&RetrieveContext::default(), vec![claim]).await.unwrap();
        assert_eq!(read, [payload]);
        let request = &recorder.requests()[0];
        sigv4::verify(request, SECRET);
        assert_eq!(key_in(&request.target), format!("{key}{digest}"));
    }
}

#[tokio::test]
async fn a_payload_in_segments_is_signed_with_its_own_digest_and_sent_without_a_trailer() {
    let payload = payload(vec![7; 3 << 20]);
    assert!(payload.body().segments().len() > 1);
    let recorder = Recorder::start(store_of(&payload, false)).await;
    driver(&recorder).store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let [request] = &recorder.requests()[..] else { panic!("one request for a fresh payload") };
    sigv4::verify(request, SECRET);
    assert_eq!(request.body, payload.to_bytes());
    assert_eq!(request.header("content-length"), Some(payload.encoded_len().to_string().as_str()));
    assert_eq!(request.header("if-none-match"), Some("*"));
    assert!(request.header("x-amz-checksum-sha256").is_some());
    for absent in ["transfer-encoding", "content-encoding", "x-amz-trailer", "x-amz-checksum-crc32", "expect"]
    {
        assert_eq!(request.header(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn the_hook_adds_to_uploads_and_cannot_take_the_condition_away() {
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = Arc::clone(&told);
    let options = S3Options::new("payloads").with_put_hook(move |put, upload| {
        let location = upload.location();
        let is_of_workflow = upload.target() == of_workflow("w").target();
        let line =
            format!("{} {} {:?} {is_of_workflow}", location.container, location.key, upload.namespace());
        tell.lock().unwrap().push(line);
        put.tagging("team=orders").if_match("x").key("elsewhere")
    });
    let payload = payload("p");
    let recorder = Recorder::start(store_of(&payload, false)).await;
    let driver = S3Driver::new(client(&recorder.endpoint(), "AKID", SECRET), options).unwrap();
    let claims = driver.store(&of_workflow("w"), vec![payload]).await.unwrap();
    let request = &recorder.requests()[0];
    assert_eq!(request.header("x-amz-tagging"), Some("team=orders"));
    assert_eq!((request.header("if-none-match"), request.header("if-match")), (Some("*"), None));
    assert_eq!(key_in(&request.target), claims[0].get("key").unwrap());
    let key = claims[0].get("key").unwrap();
    assert_eq!(*told.lock().unwrap(), [format!("payloads {key} Some(\"default\") true")]);
}
