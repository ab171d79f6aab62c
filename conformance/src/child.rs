//! Child roles of the suite's own process.

use std::process::ExitCode;
use std::sync::Arc;

use crate::Harness;

/// Whether this process was started by the suite to play a role.
pub fn is_child() -> bool {
    false
}

/// Plays the role that the environment names.
pub async fn run_child(_harness: Arc<dyn Harness>) -> ExitCode {
    ExitCode::FAILURE
}
