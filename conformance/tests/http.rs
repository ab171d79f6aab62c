//! Runs the suite on the HTTP store that it carries: every port, every case that applies.

use std::process::ExitCode;

fn main() -> ExitCode {
    extstore_conformance::own::http_store()
}
