//! Resolves a real history of the official Python SDK from objects in a real server.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use extstore::{Body, Detected, Digest, ExternalStorage, Payload, Reference};
use extstore_s3::aws_sdk_s3::primitives::ByteStream;
use extstore_s3::{S3Driver, S3Options};
use extstore_testkit::live::{Live, Test};
use serde_json::Value;
use support::server::{self, Server};

fn main() -> ExitCode {
    server::run(&Live::new(), [Test::new("every_reference_of_the_history_resolves", resolve)])
}

fn read(name: &str) -> Value {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/vectors");
    serde_json::from_slice(&std::fs::read(directory.join(name)).unwrap()).unwrap()
}

fn decode(text: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap()
}

/// Finds all references of the history, wherever they stand.
fn references(value: &Value, found: &mut Vec<Payload>) {
    if let Some(metadata) = value.get("metadata").and_then(Value::as_object) {
        let metadata = metadata.iter().map(|(key, value)| (key, decode(value)));
        let payload = Payload::new(metadata, value.get("data").map(decode).unwrap_or_default());
        if Reference::detect(&payload) != Detected::No {
            found.push(payload);
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| references(field, found)),
        _ => {}
    }
}

async fn resolve(server: Server) {
    let stored = read("history-python-objects.json");
    let bucket = stored["bucket"].as_str().unwrap();
    // References name their bucket, so this test cannot have one of its own; its objects are always the same.
    let client = server.client();
    let _ = client.create_bucket().bucket(bucket).send().await;
    let mut expected = BTreeMap::new();
    for object in stored["objects"].as_array().unwrap() {
        let (key, data) = (object["key"].as_str().unwrap().to_owned(), decode(&object["data"]));
        assert_eq!(Digest::of(&Body::from(Bytes::from(data.clone()))).to_hex(), object["sha256"]);
        let put = client.put_object().bucket(bucket).key(&key).body(ByteStream::from(data.clone()));
        put.send().await.unwrap();
        expected.insert(key, (data, object["references"].as_u64().unwrap()));
    }
    let mut found = Vec::new();
    references(&read("history-python.json"), &mut found);
    let keys: Vec<String> = found.iter().map(key_of).collect();

    let driver = S3Driver::new(server.client(), S3Options::new(bucket)).unwrap();
    let message = ExternalStorage::new(Arc::new(driver)).unwrap().message("default");
    let restored = message.restore(found).await.unwrap();

    let mut counts = BTreeMap::<String, u64>::new();
    for (key, payload) in keys.into_iter().zip(restored) {
        assert_eq!(payload.to_bytes(), expected[&key].0);
        *counts.entry(key).or_default() += 1;
    }
    let listed = expected.into_iter().map(|(key, (_, references))| (key, references));
    assert_eq!(counts, listed.collect());
}

fn key_of(reference: &Payload) -> String {
    Reference::parse(reference).unwrap().claim().get("key").unwrap().to_owned()
}
