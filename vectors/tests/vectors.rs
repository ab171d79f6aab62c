//! Runs the golden vectors that name no driver; those of a driver run in its crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    extstore_vectors::main(None)
}
