//! Implements `cargo xtask soak`: kills a process that stores, again and again, and looks for what it lost.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::command_line::{Command, Flag, Given, Operands};
use crate::crate_test::TestRun;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::process::Variables;
use crate::programs::{self, Program};
use crate::project::Project;
use crate::servers::backends::Backend;
use crate::servers::container;
use crate::suites::{Catalogue, OURS, Suite};

/// Names the test that kills.
const TEST: &str = "soak";

/// Lists the drivers that have this test.
const DRIVERS: [&str; 2] = ["disk", "s3"];

const DRIVER: Flag = Flag::once("driver", "D", "the driver to kill: disk or s3");
const BACKEND: Flag = Flag::once("backend", "B", "the server to run on, in place of the driver's first");
const KILLS: Flag = Flag::once("kills", "N", "how often");
const SEED: Flag = Flag::once("seed", "S", "repeats a run");
const JSON: Flag = Flag::once("json", "FILE", "writes the report");

pub(super) const COMMAND: Command = Command {
    name: "soak",
    about: "kills a process that stores, again and again; --driver and --kills are required",
    operands: Operands::None,
    flags: &[DRIVER, BACKEND, KILLS, SEED, JSON],
    runs_drivers: true,
    run,
};

#[derive(Debug)]
struct Options {
    suite: &'static Suite,
    server: Option<&'static Backend>,
    variables: Variables,
    kills: u64,
    json: Option<PathBuf>,
}

/// Holds what a soak found. The fields are those of the report, in its order.
#[derive(Debug, Deserialize, Serialize)]
struct Found {
    kills: u64,
    with_store_in_flight: u64,
    acknowledged: u64,
    lost: u64,
    torn: u64,
    leftovers_after_sweep: u64,
}

fn run(project: &Project, given: &Given) -> Outcome {
    let options = Options::read(given, &OURS, &DRIVERS)?;
    if options.server.is_some() {
        container::required()?;
    }
    let program = programs::one(project, options.suite.package, "test", TEST)?;
    let Some(server) = options.server else { return soak(project, &options, &program, Vec::new()) };
    let running = container::start(project, server)?;
    let outcome = soak(project, &options, &program, running.variables().to_vec());
    running.stop()?;
    outcome
}

impl Options {
    fn read(given: &Given, catalogue: &Catalogue, drivers: &[&str]) -> Result<Self, Failure> {
        let driver = given.text(&DRIVER).filter(|driver| drivers.contains(driver));
        let (Some(driver), Some(kills @ 1..)) = (driver, given.number(&KILLS)?) else {
            let drivers = drivers.join("|");
            return Err(Failure::Usage(format!("soak --driver {drivers} --kills N, with at least one kill")));
        };
        let suite = catalogue.by_driver(driver)?;
        let server = match given.text(&BACKEND) {
            Some(name) => named(catalogue, suite, name)?,
            None if suite.embedded.is_some() => None,
            None => catalogue.first_server_of(driver),
        };
        let mut variables = vec![("EXTSTORE_KILLS".to_owned(), kills.to_string())];
        variables.extend(given.text(&SEED).map(|seed| ("EXTSTORE_SEED".to_owned(), seed.to_owned())));
        Ok(Self { suite, server, variables, kills, json: given.path(&JSON) })
    }
}

/// Finds the backend of that name: nothing to start if it is the one that the driver's test brings along.
fn named(catalogue: &Catalogue, suite: &Suite, name: &str) -> Result<Option<&'static Backend>, Failure> {
    if suite.embedded == Some(name) {
        return Ok(None);
    }
    let server = catalogue.servers_of(suite.driver).find(|server| server.name == name);
    server.map(Some).ok_or_else(|| {
        let servers = catalogue.servers_of(suite.driver).map(|server| server.name);
        let names: Vec<_> = suite.embedded.into_iter().chain(servers).collect();
        Failure::Usage(format!("driver {} runs on {}, not on {name}", suite.driver, names.join(", ")))
    })
}

fn soak(project: &Project, options: &Options, program: &Program, mut variables: Variables) -> Outcome {
    variables.extend(options.variables.clone());
    let name = format!("soak-{}", options.suite.driver);
    let ran = TestRun { program, name, variables }.run::<Found>(project)?;
    let found = ran.told.map_err(Failure::Broken)?;
    let text = serde_json::to_string_pretty(&found).while_doing("writing the report as JSON")?;
    println!("{text}");
    if let Some(file) = &options.json {
        std::fs::write(file, text + "\n").while_doing(file.display())?;
    }
    if !ran.success {
        eprintln!("xtask: the soak failed ({})", ran.see);
    }
    Ok(Verdict::of(ran.success && found.is_sound(options.kills)))
}

impl Found {
    /// Nothing acknowledged is gone, nothing torn is visible, and as much was killed as was asked for.
    fn is_sound(&self, asked: u64) -> bool {
        self.lost == 0 && self.torn == 0 && self.kills >= asked && self.acknowledged > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_soak_without_loss_is_sound() {
        let found = |kills, acknowledged, lost, torn| Found {
            kills,
            with_store_in_flight: kills,
            acknowledged,
            lost,
            torn,
            leftovers_after_sweep: 0,
        };
        assert!(found(20, 100, 0, 0).is_sound(20));
        assert!(!found(20, 100, 1, 0).is_sound(20));
        assert!(!found(20, 100, 0, 1).is_sound(20));
        assert!(!found(19, 100, 0, 0).is_sound(20));
        assert!(!found(20, 0, 0, 0).is_sound(20));
    }

    fn options(args: &[&str]) -> Result<Options, Failure> {
        Options::read(&Given::of(&COMMAND, args)?, &OURS, &DRIVERS)
    }

    #[test]
    fn driver_and_kills_are_required() {
        for args in [
            &["--driver", "disk"][..],
            &["--kills", "3"],
            &["--driver", "memory", "--kills", "3"],
            &["--driver", "disk", "--kills", "0"],
        ] {
            assert!(options(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn the_backend_is_the_one_that_is_named_or_the_drivers_first() {
        let server = |args: &[&str]| {
            let args = [args, &["--kills", "3"]].concat();
            options(&args).map(|options| options.server.map(|server| server.name))
        };
        assert_eq!(server(&["--driver", "disk"]).expect("valid"), None);
        assert_eq!(server(&["--driver", "disk", "--backend", "disk"]).expect("valid"), None);
        assert_eq!(server(&["--driver", "s3"]).expect("valid"), Some("seaweedfs"));
        assert_eq!(server(&["--driver", "s3", "--backend", "seaweedfs"]).expect("valid"), Some("seaweedfs"));
        for args in [["--driver", "disk", "--backend", "seaweedfs"], ["--driver", "s3", "--backend", "disk"]]
        {
            assert_eq!(server(&args).expect_err("a backend of another driver").exit_code(), 2);
        }
    }
}
