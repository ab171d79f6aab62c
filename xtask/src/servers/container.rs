//! Starts a backend in a container for as long as a command needs it.
//!
//! testcontainers costs a minute of compilation, so it hides behind the feature `containers`. A command first calls
//! [`compiled_in`], before it does anything else; `main` answers its refusal by running the command again with the
//! feature.

#[cfg(not(feature = "containers"))]
mod absent;
#[cfg(feature = "containers")]
mod running;

use std::ffi::OsString;
use std::process::Command;

use super::engine;
use crate::canary;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::programs;
use crate::project::{Project, cargo};

/// Says whether this binary can start containers; if not, `main` runs it again as one that can.
pub(crate) fn compiled_in() -> Result<(), Failure> {
    if cfg!(feature = "containers") { Ok(()) } else { Err(Failure::NeedsContainers) }
}

/// Says whether a command that needs containers can go on: an engine answers and this binary can speak to it.
pub(crate) fn required() -> Result<(), Failure> {
    engine::why_unavailable().map_or(Ok(()), |reason| Err(Failure::Broken(reason)))?;
    compiled_in()
}

/// Runs the same command line with the feature `containers`.
pub(crate) fn run_again_with_containers(project: &Project, args: &[OsString]) -> Outcome {
    let mut command = if project.selection.has_containers() {
        Command::new(programs::xtask(project, &project.selection)?)
    } else {
        eprintln!("xtask: this needs containers; compiling with them takes a minute the first time");
        let mut command = Command::new(cargo());
        command.args(["run", "--quiet", "--package", "xtask", "--features", "containers", "--"]);
        command
    };
    let status = command
        .args(args)
        .env(canary::VARIABLE, project.canary.word())
        .status()
        .while_doing("running the same command with containers")?;
    match status.code() {
        Some(2) => Err(Failure::Usage("see the message above".to_owned())),
        _ => Ok(Verdict::of(status.success())),
    }
}

#[cfg(not(feature = "containers"))]
pub(crate) use absent::start;
#[cfg(feature = "containers")]
pub(crate) use running::start;
