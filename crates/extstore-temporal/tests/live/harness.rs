//! Runs the tests, one after another.

use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use temporalio_client::Url;

/// No test takes longer, unless something hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// The server under test.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: Url,
}

/// A test and its name.
pub(crate) type Test = (&'static str, fn(Server) -> LocalBoxFuture<'static, ()>);

/// Runs the tests where there is a server, and says so where there is none.
pub(crate) fn main(tests: &[Test]) -> ExitCode {
    let Ok(address) = std::env::var("EXTSTORE_TEMPORAL_ADDRESS") else {
        say(
            "not run: EXTSTORE_TEMPORAL_ADDRESS is not set; `cargo xtask with temporal -- COMMAND` starts a server",
        );
        let required = std::env::var("EXTSTORE_REQUIRE_TEMPORAL").is_ok_and(|value| value == "1");
        return if required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    };
    let server = Server { address: address.parse().unwrap() };
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let chosen = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let chosen: Vec<&Test> = tests.iter().filter(|(name, _)| chosen(name)).collect();
    if chosen.is_empty() {
        say("no test has such a name");
        return ExitCode::FAILURE;
    }
    run(&chosen, &server)
}

fn run(tests: &[&Test], server: &Server) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut failed = 0;
    for (name, test) in tests {
        let body = AssertUnwindSafe(test(server.clone())).catch_unwind();
        let outcome = runtime.block_on(async { tokio::time::timeout(LIMIT, body).await });
        let outcome = match outcome {
            Ok(Ok(())) => "ok",
            Ok(Err(_)) => "FAILED",
            Err(_) => "FAILED: it hangs",
        };
        say(&format!("test {name} ... {outcome}"));
        failed += u8::from(outcome != "ok");
    }
    say(&format!("test result: {} passed; {failed} failed", tests.len() - usize::from(failed)));
    ExitCode::from(failed.min(1))
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
}
