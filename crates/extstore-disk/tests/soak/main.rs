//! Runs the kill loop on the disk driver: `EXTSTORE_KILLS`, `EXTSTORE_SEED`, `EXTSTORE_REPORT`.
//!
//! Without `EXTSTORE_KILLS`, as plain `cargo test` runs it, the loop also proves that it can fail: it runs
//! again over a backend that writes in place (`EXTSTORE_SOAK_BREAK`) and must find torn objects.

mod in_place;
#[path = "../subject/mod.rs"]
mod subject;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use extstore::{Result, StorageDriver};
use extstore_testkit::soak;
use subject::{DiskSubject, fail, is_child};

/// Names the variable that says the driver's defect: `write_in_place`.
const BREAK: &str = "EXTSTORE_SOAK_BREAK";
const WRITE_IN_PLACE: &str = "write_in_place";

fn main() -> ExitCode {
    let outcome = soak::main(async { DiskSubject::new(driver) });
    let is_plain = std::env::var_os("EXTSTORE_KILLS").is_none() && !is_child();
    if !is_plain || outcome != ExitCode::SUCCESS {
        return outcome;
    }
    finds_torn_objects().map_or_else(|reason| fail(&reason), |()| ExitCode::SUCCESS)
}

fn driver(root: &Path) -> Result<Arc<dyn StorageDriver>> {
    match std::env::var(BREAK).as_deref() {
        Ok(WRITE_IN_PLACE) => in_place::driver(root),
        Ok(unknown) => panic!("{BREAK} knows {WRITE_IN_PLACE} and not {unknown}"),
        Err(_) => subject::disk(root),
    }
}

/// Runs this binary again with the atomic create taken out.
fn finds_torn_objects() -> std::result::Result<(), String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let variables = [(BREAK, WRITE_IN_PLACE), ("EXTSTORE_KILLS", "12")];
    let output = Command::new(this).envs(variables).env_remove("EXTSTORE_REPORT").output();
    let output = output.map_err(|error| error.to_string())?;
    let found = String::from_utf8_lossy(&output.stdout);
    if output.status.code() == Some(1) && found.contains("visible objects were torn") {
        return Ok(());
    }
    Err(format!("the loop finds nothing wrong with a driver that writes in place:\n{found}"))
}
