//! Runs scenarios side by side and prints a line for each.

use std::any::Any;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use temporalio_sdk::Runtime;
use tokio::task::LocalSet;

use crate::servers::Servers;
use crate::stage::Stage;

/// A scenario's name and what it does. It returns what it saw, in a few words.
pub(crate) type Scenario = (&'static str, fn(Stage) -> LocalBoxFuture<'static, String>);

/// How a scenario ended. What is known to fail is no pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Known,
}

/// So many at once: they wait most of the time, and this machine may have two cores.
const AT_ONCE: usize = 8;
/// No scenario may hang, whatever it waits for.
const LIMIT: Duration = Duration::from_secs(150);

/// Runs the scenarios that the command line names; all of them where it names none.
/// `known` are those that are expected to fail, with the reason.
pub(crate) fn main(scenarios: &[Scenario], known: &[(&str, &str)]) -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let chosen: Vec<Scenario> =
        scenarios.iter().copied().filter(|(name, _)| is_chosen(name, &words)).collect();
    let servers = match Servers::from_env() {
        Ok(servers) if !chosen.is_empty() => servers,
        Ok(_) => return refused("no scenario has such a name"),
        Err(missing) => return refused(&missing),
    };
    // Where it happened; what happened is in the scenario's line.
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            say(&format!("faults: a panic at {place}"));
        }
    }));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcomes = LocalSet::new().block_on(&runtime, run_all(&chosen, known, servers));
    let count = |of: Outcome| outcomes.iter().filter(|outcome| **outcome == of).count();
    let (passed, known, failed) = (count(Outcome::Passed), count(Outcome::Known), count(Outcome::Failed));
    say(&format!("faults: {passed} passed; {failed} failed; {known} known to fail"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Workers are not `Send`, so all scenarios share one thread; the SDK's own tasks have the runtime's.
async fn run_all(chosen: &[Scenario], known: &[(&str, &str)], servers: Servers) -> Vec<Outcome> {
    let runtime = Rc::new(Runtime::from_current_tokio(Default::default()).unwrap());
    let running = chosen.iter().map(|(name, scenario)| {
        let stage = Stage::new(name, servers.clone(), Rc::clone(&runtime));
        let known = known.iter().find(|(of, _)| of == name).map(|(_, reason)| *reason);
        run(name, scenario(stage), known)
    });
    stream::iter(running).buffer_unordered(AT_ONCE).collect().await
}

async fn run(name: &str, scenario: LocalBoxFuture<'_, String>, known: Option<&str>) -> Outcome {
    let started = Instant::now();
    let outcome = AssertUnwindSafe(tokio::time::timeout(LIMIT, scenario)).catch_unwind().await;
    let (passed, told) = match outcome {
        Ok(Ok(saw)) => (true, saw),
        Ok(Err(_)) => (false, format!("not finished after {LIMIT:?}")),
        Err(panic) => (false, message(panic.as_ref())),
    };
    let (outcome, word, told) = match (passed, known) {
        (true, None) => (Outcome::Passed, "ok", told),
        (false, None) => (Outcome::Failed, "FAILED", told),
        (false, Some(reason)) => (Outcome::Known, "known failure", reason.to_owned()),
        (true, Some(_)) => (Outcome::Failed, "FAILED", format!("it passes, and is known to fail: {told}")),
    };
    say(&format!("fault {name} ... {word} in {:.1} s: {told}", started.elapsed().as_secs_f64()));
    outcome
}

fn is_chosen(name: &str, words: &[String]) -> bool {
    words.is_empty() || words.iter().any(|word| name.contains(word.as_str()))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn refused(text: &str) -> ExitCode {
    say(&format!("faults: {text}"));
    ExitCode::FAILURE
}

fn say(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").unwrap();
}
