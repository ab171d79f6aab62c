//! Prepares the Rust peer: `interop/` is a member of the workspace.

use super::Program;
use crate::failure::Failure;
use crate::programs;
use crate::project::Project;

pub(super) fn prepare(project: &Project) -> Result<Result<Program, String>, Failure> {
    let peer = programs::one(project, "extstore-interop", "bin", "extstore-interop")?;
    Ok(Ok(Program::new(peer.path)))
}
