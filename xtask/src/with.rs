//! `cargo xtask with BACKEND[,BACKEND…] -- COMMAND…`: runs a command beside started servers.
//!
//! This is how one works on a driver: `cargo xtask with s3 -- cargo test -p extstore-s3`. `temporal` is Temporal's
//! development server, which needs no container.

use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use crate::backends::{self, Backend};
use crate::devserver::{self, DevServer};
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::process::Variables;
use crate::project::Project;
use crate::{canary, container, engine, suites};

/// What the command line asks for.
struct Options {
    temporal: bool,
    /// Dynamic configuration of the Temporal server.
    dynamic: Vec<String>,
    containers: Vec<&'static Backend>,
    command: Vec<std::ffi::OsString>,
}

pub(crate) fn run(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = parse(args)?;
    if !options.containers.is_empty() {
        engine::why_unavailable().map_or(Ok(()), |reason| Err(Failure::Broken(reason)))?;
        container::compiled_in()?;
    }
    let mut running = Vec::new();
    for backend in &options.containers {
        running.push(container::start(project, backend)?);
    }
    let mut variables: Variables = running.iter().flat_map(|server| server.variables().to_vec()).collect();
    let temporal = if options.temporal { Some(temporal(project, &options, &mut variables)?) } else { None };
    let status = Command::new(&options.command[0])
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

fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
    let mut names = None;
    let mut dynamic = Vec::new();
    while names.is_none() {
        match args.next()? {
            Some(lexopt::Arg::Long("dynamic")) => dynamic.push(args.value()?.to_string_lossy().into_owned()),
            Some(lexopt::Arg::Value(value)) => names = Some(value.to_string_lossy().into_owned()),
            Some(other) => return Err(other.unexpected().into()),
            None => return Err(Failure::Usage("with BACKEND[,BACKEND…] -- COMMAND…".to_owned())),
        }
    }
    let names = names.unwrap_or_default();
    let (temporal, containers): (Vec<_>, Vec<_>) = names.split(',').partition(|name| *name == "temporal");
    let containers = containers.into_iter().map(backend).collect::<Result<_, _>>()?;
    let mut command: Vec<_> = args.raw_args()?.collect();
    if command.first().is_some_and(|first| first == "--") {
        command.remove(0);
    }
    if command.is_empty() {
        return Err(Failure::Usage("with BACKEND[,BACKEND…] -- COMMAND…: the command is missing".to_owned()));
    }
    Ok(Options { temporal: !temporal.is_empty(), dynamic, containers, command })
}

/// A backend by its own name, or by that of the driver that is proved on it: `seaweedfs` is also `s3`.
fn backend(name: &str) -> Result<&'static Backend, Failure> {
    let driver = suites::ALL.iter().find(|suite| suite.driver == name);
    driver.and_then(suites::Suite::container).map_or_else(|| backends::by_name(name), Ok)
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

    #[test]
    fn servers_are_named_together_and_a_driver_names_its_server() {
        let options =
            parse(lexopt::Parser::from_args(["temporal,s3", "--", "make", "--fast"])).expect("valid");
        assert!(options.temporal);
        assert_eq!(options.containers.iter().map(|backend| backend.name).collect::<Vec<_>>(), ["seaweedfs"]);
        assert_eq!(options.command, ["make", "--fast"]);
        let options = parse(lexopt::Parser::from_args(["seaweedfs", "make"])).expect("valid");
        assert!(!options.temporal && options.command == ["make"]);
    }

    #[test]
    fn servers_and_command_are_required() {
        for args in
            [&["temporal"][..], &["temporal", "--"], &["--dynamic", "a=1"], &["elsewhere", "--", "make"]]
        {
            assert!(parse(lexopt::Parser::from_args(args)).is_err(), "{args:?}");
        }
    }
}
