//! The project's own commands: `cargo xtask help` lists them.
//!
//! This file only dispatches; each command has its own file. `xtask` depends on no vendor's crate: it starts
//! containers and runs each crate's own tests with endpoints in the environment.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod backends;
mod bench;
mod canary;
mod conformance;
mod container;
mod demo;
mod devserver;
mod engine;
mod executable;
mod failure;
mod fuzz;
mod images;
mod interop;
mod packages;
mod process;
mod project;
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
mod ready;
mod scratch;
mod soak;
mod suites;
mod test;
mod tidy;
mod vectors;
mod with;

use std::ffi::OsString;
use std::process::ExitCode;

use failure::{Failure, Outcome, Verdict};
use project::Project;

const HELP: &str = "\
cargo xtask COMMAND

  demo         see it work           [--keep] [--json FILE]
  conformance  prove the drivers     [--driver D,…] [--backend B] [--case GLOB] [--list] [--seed N]
                                     [--endpoint D=URL] [--json FILE] [--require-containers]
  vectors      golden vectors        [DIR] [--json FILE]
  soak         kill a writer         --driver disk|s3 --kills N [--seed S] [--json FILE]
  test         everything            [--require-containers]
  images       container images      [BACKEND…]
  with         a command beside servers: with temporal|BACKEND,… [--dynamic KEY=VALUE]… [--] COMMAND…
  bench        figures               [--rounds N] [--quick] [--client C,…] [--json FILE] [--write]
                                     --wire [--json FILE]: the wire engine beside prost
  interop      the other SDKs        [--codec none|xor|both] [--require-all] [--json FILE] [--histories DIR] [--write]
  fuzz         hostile inputs        [--seconds N | --executions N] [--target T]… [--minimize]
  tidy         sizes, arrows, rules

The exit status is 0 when nothing failed and something ran, 1 when something failed, 2 for a wrong command line.
";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let verdict = Project::find().and_then(|project| run(&project, &args));
    match verdict {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Runs a command; what runs drivers is followed by a search for the canary in all that they printed.
fn run(project: &Project, args: &[OsString]) -> Outcome {
    let verdict = match dispatch(project, args.to_vec()) {
        Err(Failure::NeedsContainers) => container::run_again_with_containers(project, args),
        other => other,
    }?;
    let runs_drivers = ["conformance", "vectors", "soak", "with", "interop"];
    match args.first() {
        Some(command) if runs_drivers.iter().any(|name| command == name) => {
            canary::search_if_ours(project, verdict)
        }
        _ => Ok(verdict),
    }
}

fn dispatch(project: &Project, args: Vec<OsString>) -> Outcome {
    let mut args = lexopt::Parser::from_args(args);
    let command = match args.next()? {
        None | Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => "help".to_owned(),
        Some(lexopt::Arg::Value(name)) => name.to_string_lossy().into_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "demo" => demo::run(project, args),
        "conformance" => conformance::run(project, args),
        "vectors" => vectors::run(project, args),
        "soak" => soak::run(project, args),
        "test" => test::run(project, args),
        "images" => images::run(project, args),
        "with" => with::run(project, args),
        "fuzz" => fuzz::run(project, args),
        "interop" => interop::run(project, args),
        "bench" => bench::run(project, args),
        "tidy" => tidy::run(project, args),
        "help" => {
            print!("{HELP}");
            Ok(Verdict::Passed)
        }
        other => Err(Failure::Usage(format!("there is no command {other:?}; `cargo xtask help` lists them"))),
    }
}
