//! The suite on the HTTP store that it carries: every port, every case that applies.

use std::process::ExitCode;

use extstore_conformance::http_store::{HttpHarness, Recipe};

fn main() -> ExitCode {
    extstore_conformance::main(HttpHarness::over_http(Recipe::sound(true)))
}
