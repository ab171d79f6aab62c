//! Measures the memory that storing and retrieving 100 payloads of 8 MiB adds to a process, and the time of a store.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::process::ExitCode;

use support::server;
use support::subject::{S3Subject, s3};

fn main() -> ExitCode {
    server::with_server(|server| {
        extstore_testkit::peak::main(async { Ok::<_, String>(S3Subject::new(server, "memory", s3).await) })
    })
}
