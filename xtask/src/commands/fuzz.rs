//! Implements `cargo xtask fuzz`: runs the fuzz targets from their committed corpus and fails on a finding.
//!
//! The programs in `fuzz/` are compiled with the stable compiler and run as they are: nothing has to be installed but a
//! C++ compiler, for libFuzzer.

mod build;
mod cover;
mod stats;
mod target;

use crate::command_line::{Command, Flag, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict};
use crate::lanes;
use crate::project::Project;
use stats::Stats;
use target::{TARGETS, Target};

/// Limits how many targets run at the same time. Each uses one processor.
const LANES: usize = 2;

/// Sets how long a target runs by default.
const DEFAULT: Until = Until::Seconds(30);

const SECONDS: Flag = Flag::once("seconds", "N", "how long each target runs");
const EXECUTIONS: Flag = Flag::once("executions", "N", "how many inputs each target tries");
const TARGET: Flag = Flag::often("target", "T", "the targets to run");
const MINIMIZE: Flag =
    Flag::switch("minimize", "puts what was found into the committed corpus and keeps what covers something");

pub(super) const COMMAND: Command = Command {
    name: "fuzz",
    about: "runs the fuzz targets from their committed corpus",
    operands: Operands::None,
    flags: &[SECONDS, EXECUTIONS, TARGET, MINIMIZE],
    runs_drivers: false,
    run,
};

/// Says when a target has run enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Seconds(u64),
    Executions(u64),
}

struct Options {
    until: Until,
    targets: Vec<&'static Target>,
    minimize: bool,
}

/// Holds the result of a target that ended.
struct Ended {
    target: &'static Target,
    stats: Stats,
    /// The inputs that broke something, with a sentence for the developer who has to look.
    finding: Option<String>,
}

fn run(project: &Project, given: &Given) -> Outcome {
    let options = Options::read(given)?;
    let programs = build::programs(project)?;
    if options.minimize {
        for target in &options.targets {
            println!("{}: {}", target.name, target.minimize(project, &programs)?);
        }
        return Ok(Verdict::Passed);
    }
    let ended = lanes::run(LANES, options.targets, |target| {
        println!("{}: {}", target.name, options.until);
        target.run(project, &programs, options.until)
    });
    let ended: Vec<_> = ended.into_iter().collect::<Result<_, _>>()?;
    println!("\n{}", table(&ended));
    let failed =
        ended.iter().filter_map(|ended| ended.finding.as_ref()).inspect(|text| println!("{text}")).count();
    println!("{} passed, {failed} failed", ended.len() - failed);
    Ok(Verdict::of(failed == 0))
}

impl Options {
    fn read(given: &Given) -> Result<Self, Failure> {
        let until = match (given.number(&SECONDS)?, given.number(&EXECUTIONS)?) {
            (None, None) => DEFAULT,
            // libFuzzer takes zero for "until something is found".
            (Some(seconds @ 1..), None) => Until::Seconds(seconds),
            (None, Some(executions @ 1..)) => Until::Executions(executions),
            _ => {
                return Err(Failure::Usage("give --seconds or --executions, and more than 0".to_owned()));
            }
        };
        let mut targets = given.all(&TARGET).map(target::by_name).collect::<Result<Vec<_>, _>>()?;
        if targets.is_empty() {
            targets.extend(&TARGETS);
        }
        Ok(Self { until, targets, minimize: given.has(&MINIMIZE) })
    }
}

fn table(ended: &[Ended]) -> String {
    let head = format!(
        "{:<10} {:>12} {:>9} {:>8} {:>16} {:>9}\n",
        "target", "executions", "per s", "seconds", "edges covered", "features"
    );
    ended.iter().fold(head, |text, Ended { target, stats, finding }| {
        let edges = format!("{} of {}", stats.edges, stats.all_edges);
        let end = if finding.is_some() { "  FINDING" } else { "" };
        let Stats { executions, per_second, seconds, features, .. } = stats;
        text + &format!(
            "{:<10} {executions:>12} {per_second:>9} {seconds:>8} {edges:>16} {features:>9}{end}\n",
            target.name
        )
    })
}

impl std::fmt::Display for Until {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(f, "{seconds} seconds"),
            Self::Executions(executions) => write!(f, "{executions} executions"),
        }
    }
}
