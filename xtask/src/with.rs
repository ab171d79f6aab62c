//! `cargo xtask with BACKEND -- COMMAND…`: runs a command beside a started backend.
//!
//! This is how one works on a driver: `cargo xtask with seaweedfs -- cargo test -p extstore-s3`.

use std::process::Command;

use crate::failure::{Failure, Outcome, Verdict, While};
use crate::project::Project;
use crate::{backends, canary, container, engine};

pub(crate) fn run(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let name = args.value()?;
    let backend = backends::by_name(&name.to_string_lossy())?;
    let mut command: Vec<_> = args.raw_args()?.collect();
    if command.first().is_some_and(|first| first == "--") {
        command.remove(0);
    }
    let Some((program, rest)) = command.split_first() else {
        return Err(Failure::Usage("with BACKEND -- COMMAND…: the command is missing".to_owned()));
    };
    if let Some(reason) = engine::why_unavailable() {
        return Err(Failure::Broken(reason));
    }
    container::compiled_in()?;
    let running = container::start(project, backend)?;
    let status = Command::new(program)
        .args(rest)
        .envs(running.variables().iter().map(|(name, value)| (name, value)))
        .env(canary::VARIABLE, project.canary.word())
        .status()
        .while_doing(format!("starting {}", program.to_string_lossy()));
    running.stop()?;
    Ok(Verdict::of(status?.success()))
}
