//! Runs the suite against every mutant and judges what it found.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;

use super::verdict::{Verdict, uncovered};
use super::{Mutant, all, table};
use crate::http_store::{HttpHarness, Recipe};
use crate::report::{EXIT_ERROR, EXIT_FAILED, EXIT_NOTHING, EXIT_OK};
use crate::{Options, Outcome, Report, run};

/// Names the one mutant that is run as a driver, also to its child processes.
const MUTANT_VARIABLE: &str = "EXTSTORE_MUTANT";
/// Gives the same numbers each time: chance must not decide whether a mutant is killed.
const SEED: u64 = 0x6d75_7461_6e74;
/// Bounds the mutants that run at once. Those behind a wire mostly wait; the others use a core each.
const OVER_HTTP: usize = 6;
const DIRECT: usize = 6;

/// Runs as `main` of the test binary.
///
/// Without `EXTSTORE_MUTANT` it runs the suite against every mutant (`EXTSTORE_CASE` chooses by
/// killers, arguments by parts of names), prints a table, writes the report to `EXTSTORE_REPORT`, and exits with 1 where a mutant
/// survived, an unrelated case failed, or a case failed on no mutant and has no reason. With
/// `EXTSTORE_MUTANT=NAME` it is the conformance run of that wrong driver.
pub fn main() -> ExitCode {
    if let Ok(name) = std::env::var(MUTANT_VARIABLE) {
        return match all().into_iter().find(|mutant| mutant.name == name) {
            Some(mutant) => crate::main(harness(mutant)),
            None => stop(EXIT_NOTHING, &format!("there is no mutant {name:?}")),
        };
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(judge(&std::env::args().skip(1).collect::<Vec<_>>())),
        Err(error) => stop(EXIT_ERROR, &format!("no runtime: {error}")),
    }
}

async fn harness(mutant: Mutant) -> io::Result<HttpHarness> {
    let recipe = mutant.recipe();
    if !mutant.over_http {
        return Ok(HttpHarness::direct(recipe));
    }
    Ok(HttpHarness::over_http(recipe).await?.with_child_variable(MUTANT_VARIABLE, mutant.name))
}

async fn judge(arguments: &[String]) -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(reason) => return stop(EXIT_NOTHING, &reason),
    };
    let chosen = chosen(&options, arguments);
    let listed = std::env::var("EXTSTORE_LIST").is_ok_and(|value| value == "1");
    if listed || arguments.iter().any(|argument| argument == "--list") {
        return table::list(&chosen, !listed);
    }
    if chosen.is_empty() {
        // `cargo test NAME` hands the name to every test binary; not to be meant is no failure.
        return stop(if arguments.is_empty() { EXIT_NOTHING } else { EXIT_OK }, "no mutant is chosen");
    }
    let options = options.with_cases(["*"]);
    let baseline = failures(HttpHarness::direct(Recipe::sound(false)), &options).await;
    if !baseline.is_empty() {
        return stop(EXIT_ERROR, &format!("the sound driver fails {}", baseline.join(", ")));
    }
    let verdicts = verdicts(&chosen, &options).await;
    finish(&verdicts, chosen.len() == all().len())
}

/// Reads the killers from the environment; the seed is the same each time unless another is given.
fn options() -> Result<Options, String> {
    let options = Options::from_environment()?;
    Ok(if std::env::var_os("EXTSTORE_SEED").is_some() { options } else { options.with_seed(SEED) })
}

fn chosen(options: &Options, arguments: &[String]) -> Vec<Mutant> {
    let parts: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let killers: Vec<&str> = options.selected().iter().map(|case| case.id).collect();
    let named =
        |mutant: &Mutant| parts.is_empty() || parts.iter().any(|part| mutant.name.contains(part.as_str()));
    all().into_iter().filter(|mutant| killers.contains(&mutant.killer) && named(mutant)).collect()
}

fn finish(verdicts: &[Verdict], complete: bool) -> ExitCode {
    let uncovered = if complete { uncovered(verdicts) } else { Vec::new() };
    table::print(verdicts, &uncovered);
    let report = Report { runs: Vec::new(), mutants: verdicts.iter().map(Verdict::result).collect() };
    let code = if uncovered.is_empty() { report.exit_code() } else { EXIT_FAILED };
    match write(&report) {
        Ok(()) => ExitCode::from(code),
        Err(error) => stop(EXIT_ERROR, &format!("the report could not be written: {error}")),
    }
}

/// Returns the results in the order of `mutants`.
async fn verdicts(mutants: &[Mutant], options: &Options) -> Vec<Verdict> {
    let some = |over_http: bool| {
        let numbered =
            mutants.iter().copied().enumerate().filter(move |(_, mutant)| mutant.over_http == over_http);
        futures_util::stream::iter(
            numbered.map(|(place, mutant)| async move { (place, verdict(mutant, options).await) }),
        )
    };
    let wired = some(true).buffer_unordered(OVER_HTTP).collect::<Vec<_>>();
    let direct = some(false).buffer_unordered(DIRECT).collect::<Vec<_>>();
    let (mut done, more) = tokio::join!(wired, direct);
    done.extend(more);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, verdict)| verdict).collect()
}

async fn verdict(mutant: Mutant, options: &Options) -> Verdict {
    let started = Instant::now();
    let failed = match harness(mutant).await {
        Ok(harness) => failures(harness, options).await,
        Err(error) => vec![format!("(no harness: {error})")],
    };
    Verdict { mutant, failed, elapsed: started.elapsed() }
}

/// The cases that failed on a driver, or could not be run.
async fn failures(harness: HttpHarness, options: &Options) -> Vec<String> {
    let report = run(Arc::new(harness), options.clone()).await;
    let cases = report.runs.into_iter().flat_map(|run| run.cases);
    let bad = cases.filter(|case| matches!(case.outcome, Outcome::Fail | Outcome::Error));
    bad.map(|case| case.id).collect()
}

fn write(report: &Report) -> io::Result<()> {
    let Some(path) = std::env::var_os("EXTSTORE_REPORT") else { return Ok(()) };
    std::fs::write(path, serde_json::to_vec_pretty(report)?)
}

fn stop(code: u8, reason: &str) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "mutants: {reason}");
    ExitCode::from(code)
}
