//! Implements `cargo xtask with BACKEND[,BACKEND…] -- COMMAND…`: runs a command beside started servers.
//!
//! An author of a driver works with it: `cargo xtask with s3 -- cargo test -p extstore-s3`. `temporal` is Temporal's
//! development server, which needs no container.

use std::process::Command as Program;
use std::sync::{Arc, Mutex, PoisonError};

use crate::canary;
use crate::command_line::{Command, Flag, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::process::Variables;
use crate::project::Project;
use crate::servers::backends::{self, Backend};
use crate::servers::container;
use crate::servers::devserver::{self, DevServer};
use crate::suites::OURS;

const DYNAMIC: Flag =
    Flag::often("dynamic", "KEY=VALUE", "a setting of the Temporal server's dynamic configuration");

pub(super) const COMMAND: Command = Command {
    name: "with",
    about: "runs a command beside servers: `temporal`, a backend, or a driver for its first backend",
    operands: Operands::Raw("SERVER[,SERVER…] [--] COMMAND…"),
    flags: &[DYNAMIC],
    runs_drivers: true,
    run,
};

/// Holds what the command line asks for.
#[derive(Debug)]
struct Options {
    temporal: bool,
    /// Dynamic configuration of the Temporal server.
    dynamic: Vec<String>,
    containers: Vec<&'static Backend>,
    command: Vec<std::ffi::OsString>,
}

fn run(project: &Project, given: &Given) -> Outcome {
    let options = Options::read(given)?;
    if !options.containers.is_empty() {
        container::required()?;
    }
    let mut running = Vec::new();
    for backend in &options.containers {
        running.push(container::start(project, backend)?);
    }
    let mut variables: Variables = running.iter().flat_map(|server| server.variables().to_vec()).collect();
    let temporal = if options.temporal { Some(temporal(project, &options, &mut variables)?) } else { None };
    let status = Program::new(&options.command[0])
        .args(&options.command[1..])
        .envs(variables)
        .env(canary::VARIABLE, project.canary.word())
        .status()
        .while_doing(format!("starting {}", options.command[0].to_string_lossy()));
    let stopped = temporal.map(|server| server.lock().unwrap_or_else(PoisonError::into_inner).stop());
    for server in running {
        server.stop()?;
    }
    stopped.unwrap_or(Ok(()))?;
    Ok(Verdict::of(status?.success()))
}

impl Options {
    fn read(given: &Given) -> Result<Self, Failure> {
        let usage = |what: &str| Failure::Usage(format!("with SERVER[,SERVER…] [--] COMMAND…: {what}"));
        let Some((names, command)) = given.operands.split_first() else {
            return Err(usage("the servers are missing"));
        };
        let command =
            if command.first().is_some_and(|first| first == "--") { &command[1..] } else { command };
        if command.is_empty() {
            return Err(usage("the command is missing"));
        }
        let names = names.to_string_lossy();
        let (temporal, containers): (Vec<_>, Vec<_>) = names.split(',').partition(|name| *name == "temporal");
        let containers: Vec<_> = containers.into_iter().map(backend).collect::<Result<_, _>>()?;
        for (at, one) in containers.iter().enumerate() {
            if let Some(other) = containers[..at].iter().find(|other| other.prefix == one.prefix) {
                let text =
                    format!("{} and {} are told to a command in the same variables", other.name, one.name);
                return Err(usage(&text));
            }
        }
        let dynamic = given.all(&DYNAMIC).map(str::to_owned).collect();
        Ok(Self { temporal: !temporal.is_empty(), dynamic, containers, command: command.to_vec() })
    }
}

/// Finds a backend by its own name, or the first one of a driver: `seaweedfs` is also `s3`.
fn backend(name: &str) -> Result<&'static Backend, Failure> {
    OURS.first_server_of(name).map_or_else(|| backends::by_name(name), Ok)
}

/// Starts the Temporal server and adds what a command must know about it.
fn temporal(
    project: &Project,
    options: &Options,
    variables: &mut Variables,
) -> Result<Arc<Mutex<DevServer>>, Failure> {
    let dynamic = options.dynamic.clone();
    let server = DevServer::start(project, devserver::Options { dynamic, ..Default::default() })?;
    let told = [
        ("ADDRESS", server.address()),
        ("UI", server.ui().unwrap_or_default()),
        ("CLI", server.binary().display().to_string()),
    ];
    let server = Arc::new(Mutex::new(server));
    let control = ("CONTROL", devserver::control::serve(&server)?.to_string());
    let told = told.into_iter().chain([control]);
    variables.extend(told.map(|(name, value)| (format!("EXTSTORE_TEMPORAL_{name}"), value)));
    Ok(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(args: &[&str]) -> Result<Options, Failure> {
        Options::read(&Given::of(&COMMAND, args)?)
    }

    #[test]
    fn servers_are_named_together_and_a_driver_names_its_server() {
        let options = options(&["--dynamic", "a=1", "temporal,s3", "--", "make", "--fast"]).expect("valid");
        assert!(options.temporal && options.dynamic == ["a=1"]);
        assert_eq!(options.containers.iter().map(|backend| backend.name).collect::<Vec<_>>(), ["seaweedfs"]);
        assert_eq!(options.command, ["make", "--fast"]);
        let options = self::options(&["seaweedfs", "make"]).expect("valid");
        assert!(!options.temporal && options.command == ["make"]);
    }

    #[test]
    fn servers_and_command_are_required() {
        for args in [
            &["temporal"][..],
            &["temporal", "--"],
            &["--dynamic", "a=1"],
            &["elsewhere", "--", "make"],
            &["s3,seaweedfs", "--", "make"],
        ] {
            assert!(options(args).is_err(), "{args:?}");
        }
    }
}
