//! Builds or finds the programs that the benchmark runs.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, While};
use crate::programs;
use crate::project::Project;

/// Builds a crate's bench with all optimisations and returns its path.
pub(super) fn built(project: &Project, package: &str, bench: &str) -> Result<PathBuf, Failure> {
    programs::bench(project, package, bench).map(|program| program.path)
}

/// Returns the first line of what a program prints about itself.
pub(super) fn first_line(program: &str, args: &[&str]) -> Result<String, Failure> {
    let output = Command::new(program).args(args).output().while_doing(format!("starting {program}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}
