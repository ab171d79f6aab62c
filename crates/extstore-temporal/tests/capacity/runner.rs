//! Runs scenarios one after another and prints a line for each.

use std::any::Any;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use tokio::task::LocalSet;

use crate::stage::Stage;

/// A scenario's name and what it does. It returns what it saw, in a few words.
pub(crate) type Scenario = (&'static str, fn(Stage) -> LocalBoxFuture<'static, String>);

/// No scenario may hang, whatever it waits for.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs the scenarios that the command line names; all of them where it names none.
pub(crate) fn main(scenarios: &[Scenario]) -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let chosen: Vec<&Scenario> = scenarios.iter().filter(|(name, _)| is_chosen(name)).collect();
    let Ok(server) = std::env::var("EXTSTORE_TEMPORAL_ADDRESS") else {
        say(
            "capacity: EXTSTORE_TEMPORAL_ADDRESS is not set; run it with `cargo xtask with temporal -- cargo test …`",
        );
        return ExitCode::FAILURE;
    };
    let failed = chosen.iter().filter(|(name, scenario)| !run(name, *scenario, &server)).count();
    say(&format!("capacity: {} passed; {failed} failed", chosen.len() - failed));
    if failed == 0 && !chosen.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Each scenario has a runtime of its own, so that nothing of it lives on in the next.
fn run(name: &str, scenario: fn(Stage) -> LocalBoxFuture<'static, String>, server: &str) -> bool {
    let started = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = Stage::new(name, server.parse().unwrap());
    let scenario = async { tokio::time::timeout(LIMIT, scenario(stage)).await };
    let outcome = LocalSet::new().block_on(&runtime, AssertUnwindSafe(scenario).catch_unwind());
    runtime.shutdown_background();
    let (passed, told) = match outcome {
        Ok(Ok(saw)) => (true, saw),
        Ok(Err(_)) => (false, format!("not finished after {LIMIT:?}")),
        Err(panic) => (false, message(panic.as_ref())),
    };
    let word = if passed { "ok" } else { "FAILED" };
    say(&format!("capacity {name} ... {word} in {:.1} s: {told}", started.elapsed().as_secs_f64()));
    passed
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").unwrap();
}
