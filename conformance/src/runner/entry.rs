//! Runs the suite as `main` of a driver's test binary.

use std::fmt::Display;
use std::future::Future;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use super::{Options, run};
use crate::case::Case;
use crate::report::{EXIT_ERROR, EXIT_NOTHING, EXIT_OK, Report};
use crate::{Harness, child};

/// Runs the suite as the whole of a test binary: `[[test]] name = "conformance" harness = false`.
///
/// ```no_run
/// # use std::future::Future;
/// # use std::process::ExitCode;
/// # fn example<H: extstore_conformance::Harness>(start: impl Future<Output = Result<H, String>>) -> ExitCode {
/// extstore_conformance::main(start)
/// # }
/// ```
///
/// The environment chooses: `EXTSTORE_CASE` (patterns, separated by commas), `EXTSTORE_SEED`,
/// `EXTSTORE_LIST=1`, `EXTSTORE_REPORT` (a file for the report as JSON). The arguments of the usual test
/// harness are understood as far as they make sense: `--list`, names as filters, `--exact`, `--skip`.
///
/// The exit status is 0 only if nothing failed and something passed, 1 where a case failed, 2 where the
/// harness could not start or run a case, 3 where nothing was executed or a pattern matched nothing.
pub fn main<H: Harness, E: Display>(harness: impl Future<Output = Result<H, E>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return stop(EXIT_ERROR, &format!("no runtime: {error}")),
    };
    let make = async { harness.await.map(|harness| Arc::new(harness) as Arc<dyn Harness>) };
    let code = runtime
        .block_on(async { if child::is_child() { child_role(make).await } else { parent(make).await } });
    // A case that hangs on a blocking thread has failed already: the process need not hang too.
    runtime.shutdown_background();
    code
}

async fn child_role<E: Display>(make: impl Future<Output = Result<Arc<dyn Harness>, E>>) -> ExitCode {
    match make.await {
        Ok(harness) => child::run_child(harness).await,
        Err(error) => stop(EXIT_ERROR, &format!("the harness did not start: {error}")),
    }
}

async fn parent<E: Display>(make: impl Future<Output = Result<Arc<dyn Harness>, E>>) -> ExitCode {
    let arguments = Arguments::parse(std::env::args().skip(1));
    let options = match Options::from_environment() {
        Ok(options) => options,
        Err(reason) => return stop(EXIT_ERROR, &reason),
    };
    if let Some(pattern) = options.unmatched() {
        return stop(EXIT_NOTHING, &format!("EXTSTORE_CASE: no case matches {pattern:?}"));
    }
    let selected: Vec<Case> =
        options.selected().into_iter().filter(|case| arguments.choose(case.id)).collect();
    if arguments.list || std::env::var("EXTSTORE_LIST").is_ok_and(|value| value == "1") {
        return list(&selected, arguments.list);
    }
    if selected.is_empty() {
        // `cargo test NAME` hands the name to every test binary; not to be meant is no failure.
        return stop(EXIT_OK, "no case has a name like that");
    }
    let harness = match make.await {
        Ok(harness) => harness,
        Err(error) => return stop(EXIT_ERROR, &format!("the harness did not start: {error}")),
    };
    let options = Options { patterns: selected.iter().map(|case| case.id.to_owned()).collect(), ..options };
    finish(&run(harness, options).await)
}

fn finish(report: &Report) -> ExitCode {
    let code = report.exit_code();
    // A closed pipe at the other end does not change what was found.
    let _ = report.write_text(&mut io::stdout().lock());
    let Some(path) = std::env::var_os("EXTSTORE_REPORT") else { return ExitCode::from(code) };
    let written = serde_json::to_vec_pretty(report).map_err(io::Error::from);
    match written.and_then(|json| std::fs::write(&path, json)) {
        Ok(()) => ExitCode::from(code),
        Err(error) => stop(EXIT_ERROR, &format!("the report could not be written: {error}")),
    }
}

/// Names as the usual test harness lists them, or a table for people.
fn list(cases: &[Case], terse: bool) -> ExitCode {
    let mut out = io::stdout().lock();
    for case in cases {
        let _ = if terse {
            writeln!(out, "{}: test", case.id)
        } else {
            writeln!(out, "{:<36} {:<9} {:<16} {}", case.id, case.level, case.rules.join(" "), case.does)
        };
    }
    ExitCode::SUCCESS
}

fn stop(code: u8, reason: &str) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "conformance: {reason}");
    ExitCode::from(code)
}

/// Holds the arguments of the usual test harness, as far as they mean something here.
#[derive(Debug, Default)]
struct Arguments {
    list: bool,
    exact: bool,
    ignored: bool,
    names: Vec<String>,
    skip: Vec<String>,
}

impl Arguments {
    fn parse(arguments: impl Iterator<Item = String>) -> Self {
        let mut parsed = Self::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => parsed.list = true,
                "--exact" => parsed.exact = true,
                "--ignored" => parsed.ignored = true,
                "--skip" => parsed.skip.extend(arguments.next()),
                "--test-threads" | "--format" | "--color" | "--logfile" | "-Z" => {
                    arguments.next();
                }
                flag if flag.starts_with('-') => {}
                name => parsed.names.push(name.to_owned()),
            }
        }
        parsed
    }

    fn choose(&self, id: &str) -> bool {
        let named = |name: &String| if self.exact { id == name } else { id.contains(name.as_str()) };
        // No case is an ignored one.
        !self.ignored
            && (self.names.is_empty() || self.names.iter().any(named))
            && !self.skip.iter().any(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Arguments {
        Arguments::parse(arguments.iter().map(|text| (*text).to_owned()))
    }

    #[test]
    fn names_choose_as_in_the_usual_test_harness() {
        assert!(parse(&["--nocapture", "--test-threads", "1"]).choose("a.b"));
        assert!(parse(&["b"]).choose("a.b") && !parse(&["b", "--exact"]).choose("a.b"));
        assert!(!parse(&["--skip", "a."]).choose("a.b"));
        assert!(!parse(&["--ignored"]).choose("a.b"));
        assert!(parse(&["--list", "--format", "terse"]).list);
    }
}
