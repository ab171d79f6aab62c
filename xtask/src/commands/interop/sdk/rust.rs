//! Prepares the Rust peer: `interop/` is a member of the workspace.

use super::{Program, install};
use crate::failure::Failure;
use crate::process::Step;
use crate::project::Project;

pub(super) fn prepare(project: &Project) -> Result<Result<Program, String>, Failure> {
    let args = ["build", "--quiet", "--package", "extstore-interop"];
    install(Step::cargo(project, "interop-rust-build", args), "building the peer in Rust")?;
    Ok(Ok(Program::new(project.target.join("debug/extstore-interop"))))
}
