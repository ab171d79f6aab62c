//! Runs the suite against every deliberately wrong driver.

use std::process::ExitCode;

fn main() -> ExitCode {
    extstore_conformance::own::mutants()
}
