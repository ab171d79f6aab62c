//! `cargo xtask fuzz`: runs the fuzz targets from their committed corpus and fails on a finding.
//!
//! The programs in `fuzz/` are compiled with the stable compiler and run as they are: nothing has to be installed but a
//! C++ compiler, for libFuzzer.

mod build;
mod cover;
mod stats;
mod target;

use crate::failure::{Failure, Outcome, Verdict};
use crate::project::Project;
use stats::Stats;
use target::{TARGETS, Target};

/// How long a target runs where nothing is said.
const SECONDS: u64 = 30;

/// When a target has run enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Seconds(u64),
    Executions(u64),
}

struct Options {
    until: Until,
    targets: Vec<&'static Target>,
    /// Puts what was found into the committed corpus, and keeps of it what covers something.
    minimize: bool,
}

/// A target that ended.
struct Ended {
    target: &'static Target,
    stats: Stats,
    /// The inputs that broke something, and the sentence for whoever has to look.
    finding: Option<String>,
}

pub(crate) fn run(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = parse(args)?;
    let programs = build::programs(project)?;
    let mut ended = Vec::new();
    for target in &options.targets {
        if options.minimize {
            println!("{}: {}", target.name, target.minimize(project, &programs)?);
            continue;
        }
        println!("{}: {}", target.name, options.until);
        ended.push(target.run(project, &programs, options.until)?);
    }
    if options.minimize {
        return Ok(Verdict::Passed);
    }
    println!("\n{}", table(&ended));
    let failed =
        ended.iter().filter_map(|ended| ended.finding.as_ref()).inspect(|text| println!("{text}")).count();
    println!("{} passed, {failed} failed", ended.len() - failed);
    Ok(Verdict::of(failed == 0))
}

fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
    use lexopt::prelude::*;
    let (mut until, mut targets, mut minimize) = (None, Vec::new(), false);
    while let Some(arg) = args.next()? {
        let one = match arg {
            Long("seconds") => Until::Seconds(args.value()?.parse()?),
            Long("executions") => Until::Executions(args.value()?.parse()?),
            Long("target") => {
                targets.push(target::by_name(&args.value()?.string()?)?);
                continue;
            }
            Long("minimize") => {
                minimize = true;
                continue;
            }
            other => return Err(other.unexpected().into()),
        };
        // libFuzzer takes zero for "until something is found".
        if until.replace(one).is_some() || matches!(one, Until::Seconds(0) | Until::Executions(0)) {
            return Err(Failure::Usage("give --seconds or --executions, once, and more than 0".to_owned()));
        }
    }
    if targets.is_empty() {
        targets.extend(&TARGETS);
    }
    Ok(Options { until: until.unwrap_or(Until::Seconds(SECONDS)), targets, minimize })
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
