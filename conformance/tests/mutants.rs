//! Every deliberately wrong driver under the whole suite.

use std::process::ExitCode;

fn main() -> ExitCode {
    extstore_conformance::mutants::main()
}
