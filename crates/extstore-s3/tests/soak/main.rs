//! Runs the kill loop on the S3 driver: `EXTSTORE_KILLS`, `EXTSTORE_SEED`, `EXTSTORE_REPORT`.
//!
//! Without `EXTSTORE_KILLS`, as plain `cargo test` runs it, the loop also proves that it can fail: it runs again over
//! a backend whose create is not atomic (`EXTSTORE_SOAK_BREAK`) and must find torn objects.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod in_place;
#[path = "../support/mod.rs"]
mod support;

use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use extstore::{Result, StorageDriver};
use extstore_testkit::soak;
use support::bucket::Bucket;
use support::server;
use support::subject::{S3Subject, is_child, s3};

/// Names the variable that says the driver's defect: `write_in_place`.
const BREAK: &str = "EXTSTORE_SOAK_BREAK";
const WRITE_IN_PLACE: &str = "write_in_place";

fn main() -> ExitCode {
    server::with_server(|server| {
        let outcome = soak::main(async { Ok::<_, String>(S3Subject::new(server, "soak", driver).await) });
        let is_plain = std::env::var_os("EXTSTORE_KILLS").is_none() && !is_child();
        if is_plain && outcome == ExitCode::SUCCESS { finds_torn_objects() } else { outcome }
    })
}

fn driver(bucket: &Bucket) -> Result<Arc<dyn StorageDriver>> {
    match std::env::var(BREAK).as_deref() {
        Ok(WRITE_IN_PLACE) => in_place::driver(bucket),
        Ok(unknown) => panic!("{BREAK} knows {WRITE_IN_PLACE} and not {unknown}"),
        Err(_) => s3(bucket),
    }
}

/// Runs this binary again with the atomic create taken out.
fn finds_torn_objects() -> ExitCode {
    let variables = [(BREAK, WRITE_IN_PLACE), ("EXTSTORE_KILLS", "12")];
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).envs(variables).env_remove("EXTSTORE_REPORT").output().unwrap();
    let found = String::from_utf8_lossy(&output.stdout);
    if output.status.code() == Some(1) && found.contains("visible objects were torn") {
        return ExitCode::SUCCESS;
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "FAIL the loop finds nothing wrong with a driver that writes in place:\n{found}").unwrap();
    ExitCode::FAILURE
}
