//! Tests that the official Python driver reads what this one wrote, and the other way round, with fresh random payloads.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::{ExternalStorage, Payload, Reference, Target};
use extstore_s3::{S3Driver, S3Options};
use extstore_testkit::live::{Live, Test};
use serde_json::{Value, json};
use support::random_payload;
use support::server::{self, Server};

const PACKAGES: [&str; 2] = ["temporalio[aioboto3]==1.35.0", "aioboto3==15.5.0"];
const NAMESPACE: &str = "orders/eu";
/// Lists workflow ids and sizes. The Python driver uploads what is larger than 8 MiB in parts.
const CASES: [(&str, usize); 4] =
    [("plain", 1), ("a b/ü%2F\u{1f600}", 1000), ("(!*')~", 300_000), ("large", 9 << 20)];

fn main() -> ExitCode {
    // It installs the official packages first.
    let live = Live::new().with_limit(Duration::from_secs(900));
    server::run(&live, [Test::new("python_and_rust_read_what_the_other_wrote", exchange)])
}

fn targeted(id: &str, payload: Payload) -> (Option<Target>, Payload) {
    (Some(Target::workflow(NAMESPACE, "T", id)), payload)
}

async fn exchange(server: Server) {
    let bucket = server.bucket("python").await;
    let storage = || {
        let driver = S3Driver::new(server.client(), S3Options::new(bucket.as_str())).unwrap();
        let builder = ExternalStorage::builder().with_driver(Arc::new(driver)).with_payload_size_threshold(0);
        builder.build().unwrap().message(NAMESPACE)
    };
    let ours: Vec<Payload> = CASES.iter().map(|(_, size)| random_payload(*size)).collect();
    let theirs: Vec<Payload> = CASES.iter().map(|(_, size)| random_payload(*size)).collect();
    let written = CASES.iter().zip(&ours).map(|((id, _), payload)| targeted(id, payload.clone()));
    let references = storage().offload(written.collect()).await.unwrap();

    let put = CASES
        .iter()
        .zip(&theirs)
        .map(|((id, _), payload)| json!({"workflow_id": id, "data": encode(payload.data())}));
    let get = references.iter().map(|reference| encode(&reference.to_bytes()));
    let request = json!({
        "bucket": bucket, "namespace": NAMESPACE, "put": put.collect::<Vec<_>>(), "get": get.collect::<Vec<_>>(),
    });
    let answer = python(&server, &request);
    for (read, payload) in strings(&answer["get"]).zip(&ours) {
        assert!(read == *payload.data(), "Python read other bytes than Rust wrote");
    }

    let from_python: Vec<Payload> =
        strings(&answer["put"]).map(|bytes| Payload::decode(bytes).unwrap()).collect();
    assert_eq!(storage().restore(from_python.clone()).await.unwrap(), theirs);
    // Stored by us, the same payloads land on the keys that Python chose, and are found to be there.
    let again = CASES.iter().zip(&theirs).map(|((id, _), payload)| targeted(id, payload.clone()));
    for (ours, theirs) in storage().offload(again.collect()).await.unwrap().iter().zip(&from_python) {
        let key = |payload| Reference::parse(payload).unwrap().claim().get("key").unwrap().to_owned();
        assert_eq!(key(ours), key(theirs));
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

fn strings(value: &Value) -> impl Iterator<Item = Vec<u8>> {
    value.as_array().unwrap().iter().map(|text| BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap())
}

/// Runs the peer with one request.
fn python(server: &Server, request: &Value) -> Value {
    let mut peer = Command::new(interpreter())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer.py"))
        .env("AWS_ENDPOINT_URL", &server.endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", &server.access_key)
        .env("AWS_SECRET_ACCESS_KEY", &server.secret_key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    peer.stdin.take().unwrap().write_all(request.to_string().as_bytes()).unwrap();
    let output = peer.wait_with_output().unwrap();
    assert!(output.status.success(), "the Python peer failed; its output is above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Finds a Python that has the official SDK: the one that is named, or one made beside the build's output.
fn interpreter() -> PathBuf {
    if let Some(named) = std::env::var_os("EXTSTORE_S3_PYTHON") {
        return named.into();
    }
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-peer");
    let python = home.join("bin/python");
    let complete = home.join(PACKAGES.join("+").replace(['[', ']', '='], "_"));
    if !complete.exists() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES));
        std::fs::write(complete, "").unwrap();
    }
    python
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
