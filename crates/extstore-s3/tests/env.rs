//! Tests what `from_env` reads, in processes whose environment the test sets.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Output};

use extstore::StorageDriver as _;
use extstore_s3::{S3Driver, S3Options};
use support::recorder::{Answer, Recorder};
use support::{of_workflow, payload, sigv4};

const CHILD: &str = "EXTSTORE_ENV_CHILD";
const SECRET: &str = "secret-of-the-environment";

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::var_os(CHILD).is_some() {
        return child().await;
    }
    every_way_to_name_an_endpoint_is_read_and_addressed_by_path().await;
    missing_credentials_are_said_before_a_request().await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "test result: 2 passed; 0 failed").unwrap();
    ExitCode::SUCCESS
}

/// Stores one payload as an application does, and says what went wrong.
async fn child() -> ExitCode {
    let driver = S3Driver::from_env(S3Options::new("payloads")).await.unwrap();
    match driver.store(&of_workflow("w"), vec![payload("p")]).await {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{error}").unwrap();
            ExitCode::FAILURE
        }
    }
}

/// Runs this binary with these variables and nothing else that the vendor's chain would read.
async fn run(variables: Vec<(&'static str, String)>) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| name == "EXTSTORE_CANARY"))
        .env(CHILD, "1")
        .env("HOME", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_REGION", "us-east-1")
        .envs(variables);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn keys() -> Vec<(&'static str, String)> {
    vec![("AWS_ACCESS_KEY_ID", "AKID".to_owned()), ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned())]
}

async fn every_way_to_name_an_endpoint_is_read_and_addressed_by_path() {
    let recorder = Recorder::start(|_| Answer::stored()).await;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("aws-config-{}", std::process::id()));
    std::fs::write(&file, format!("[default]\nendpoint_url = {}\n", recorder.endpoint())).unwrap();
    let ways = [
        ("AWS_ENDPOINT_URL", recorder.endpoint()),
        ("AWS_ENDPOINT_URL_S3", recorder.endpoint()),
        ("AWS_CONFIG_FILE", file.display().to_string()),
    ];
    for (at, way) in ways.into_iter().enumerate() {
        let name = way.0;
        let output = run(keys().into_iter().chain([way]).collect()).await;
        assert!(output.status.success(), "{name}: {output:?}");
        let requests = recorder.requests();
        assert_eq!(requests.len(), at + 1, "{name}");
        sigv4::verify(&requests[at], SECRET);
        assert!(requests[at].target.starts_with("/payloads/v0/"), "{name}: {}", requests[at].target);
    }
    std::fs::remove_file(file).unwrap();
}

async fn missing_credentials_are_said_before_a_request() {
    let recorder = Recorder::start(|_| Answer::stored()).await;
    let output = run(vec![("AWS_ENDPOINT_URL", recorder.endpoint())]).await;
    assert!(!output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("Unauthenticated:"), "{said}");
    assert!(said.contains("no storage credentials were found"), "{said}");
    assert_eq!(recorder.methods(), [""; 0]);
}
