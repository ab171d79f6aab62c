//! Runs one test to its end.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;

use super::Test;

/// Says how a test ended. A test that is known to fail and failed is no pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Passed,
    Failed,
    Known,
}

/// Runs a test, prints its line and says how it ended. A panic and a test above the limit are failures.
pub(super) async fn run<C>(
    test: Test<C>,
    context: &dyn Fn(&str) -> C,
    limit: Duration,
    say: &dyn Fn(&str),
) -> Ending {
    let Test { name, body, known } = test;
    let started = Instant::now();
    let ran = async { body(context(name)).await };
    let (passed, told) = match tokio::time::timeout(limit, AssertUnwindSafe(ran).catch_unwind()).await {
        Ok(Ok(saw)) => (true, saw),
        Ok(Err(panic)) => (false, message(panic.as_ref())),
        Err(_) => (false, format!("not finished after {limit:?}")),
    };
    let (ending, word, told) = judge(passed, known, told);
    let line = format!("test {name} ... {word} in {:.1} s: {told}", started.elapsed().as_secs_f64());
    say(line.trim_end_matches(": "));
    ending
}

fn judge(passed: bool, known: Option<&str>, told: String) -> (Ending, &'static str, String) {
    match (passed, known) {
        (true, None) => (Ending::Passed, "ok", told),
        (false, None) => (Ending::Failed, "FAILED", told),
        (false, Some(reason)) => (Ending::Known, "known failure", reason.to_owned()),
        (true, Some(_)) => (Ending::Failed, "FAILED", format!("it passes, and is known to fail: {told}")),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
