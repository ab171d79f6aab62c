//! `cargo xtask soak`: kills a process that stores, again and again, and looks for what it lost.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome, Verdict, While};
use crate::process::Variables;
use crate::project::Project;
use crate::suites::{self, Suite, TestRun};
use crate::{container, engine};

/// The test that kills.
const TEST: &str = "soak";

/// The drivers that have it.
const DRIVERS: [&str; 2] = ["disk", "s3"];

struct Options {
    suite: &'static Suite,
    variables: Variables,
    kills: u64,
    json: Option<PathBuf>,
}

/// What a soak found. The fields are those of the report, in its order.
#[derive(Debug, Deserialize, Serialize)]
struct Found {
    kills: u64,
    with_store_in_flight: u64,
    acknowledged: u64,
    lost: u64,
    torn: u64,
    leftovers_after_sweep: u64,
}

pub(crate) fn run(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = parse(args)?;
    let backend = options.suite.container();
    if backend.is_some() {
        engine::why_unavailable().map_or(Ok(()), |reason| Err(Failure::Broken(reason)))?;
        container::compiled_in()?;
    }
    suites::build(project, options.suite.package, TEST)?.map_err(Failure::Broken)?;
    let Some(backend) = backend else { return soak(project, &options, Vec::new()) };
    let running = container::start(project, backend)?;
    let outcome = soak(project, &options, running.variables().to_vec());
    running.stop()?;
    outcome
}

fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
    use lexopt::prelude::*;
    let (mut driver, mut kills, mut seed, mut json) = (None, None, None, None);
    while let Some(arg) = args.next()? {
        match arg {
            Long("driver") => driver = Some(args.value()?.string()?),
            Long("kills") => kills = Some(args.value()?.parse::<u64>()?),
            Long("seed") => seed = Some(args.value()?.string()?),
            Long("json") => json = Some(args.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let driver = driver.filter(|driver| DRIVERS.contains(&driver.as_str()));
    let (Some(driver), Some(kills @ 1..)) = (driver, kills) else {
        let drivers = DRIVERS.join("|");
        return Err(Failure::Usage(format!("soak --driver {drivers} --kills N, with at least one kill")));
    };
    let mut variables = vec![("EXTSTORE_KILLS".to_owned(), kills.to_string())];
    variables.extend(seed.map(|seed| ("EXTSTORE_SEED".to_owned(), seed)));
    Ok(Options { suite: suites::by_driver(&driver)?, variables, kills, json })
}

fn soak(project: &Project, options: &Options, mut variables: Variables) -> Outcome {
    let package = options.suite.package;
    variables.extend(options.variables.clone());
    let name = format!("soak-{}", options.suite.driver);
    let ran = TestRun { package, test: TEST, name, variables }.run::<Found>(project)?;
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

    #[test]
    fn driver_and_kills_are_required() {
        for args in [&["--driver", "disk"][..], &["--kills", "3"], &["--driver", "memory", "--kills", "3"]] {
            assert!(parse(lexopt::Parser::from_args(args)).is_err(), "{args:?}");
        }
    }
}
