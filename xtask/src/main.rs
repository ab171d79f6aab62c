//! Runs the project's own commands: `cargo xtask help` lists them.
//!
//! This file only dispatches. `xtask` depends on no vendor's crate: it starts servers and runs each crate's own tests
//! with endpoints in the environment.
#![allow(clippy::print_stdout, clippy::print_stderr)]

// One file or folder per command.
mod commands;
// What commands run beside.
mod servers;
// Tools of both.
mod canary;
mod command_line;
mod crate_test;
mod failure;
mod lanes;
mod packages;
mod process;
mod programs;
mod project;
mod scratch;
mod selection;
mod suites;

use std::ffi::OsString;
use std::process::ExitCode;

use failure::{Failure, Outcome, Verdict};
use project::Project;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    match run(&args) {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(args: &[OsString]) -> Outcome {
    let mut parser = lexopt::Parser::from_args(args);
    let command = match parser.next()? {
        None | Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => return help(None),
        Some(lexopt::Arg::Value(name)) if name == "help" => return help(parser.next()?),
        Some(lexopt::Arg::Value(name)) => commands::by_name(&name.to_string_lossy())?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let given = command_line::Given::parse(command, parser)?;
    if given.help {
        print!("{}", command_line::help_of(command));
        return Ok(Verdict::Passed);
    }
    let project = Project::find()?;
    let verdict = match (command.run)(&project, &given) {
        Err(Failure::NeedsContainers) => servers::container::run_again_with_containers(&project, args),
        other => other,
    }?;
    if command.runs_drivers {
        canary::search_if_ours(&project.canary, &project.logs(), verdict)
    } else {
        Ok(verdict)
    }
}

fn help(of: Option<lexopt::Arg<'_>>) -> Outcome {
    let text = match of {
        None => command_line::help(commands::ALL),
        Some(lexopt::Arg::Value(name)) => command_line::help_of(commands::by_name(&name.to_string_lossy())?),
        Some(other) => return Err(other.unexpected().into()),
    };
    print!("{text}");
    Ok(Verdict::Passed)
}
