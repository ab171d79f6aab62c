//! `cargo xtask conformance`: proves drivers and merges their reports.

mod options;
mod report;
mod table;

use std::fs;

use crate::container;
use crate::engine;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::process::{Step, Variables};
use crate::project::Project;
use crate::suites::{self, TestRun};
use options::{Job, Options};
use report::{Report, Run};

pub(crate) fn run(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = Options::parse(args)?;
    let plan = options.plan()?;
    if options.list {
        return list(project, &options, &plan.jobs);
    }
    // A missing credential is noticed before anything runs.
    plan.jobs.iter().try_for_each(|job| job.endpoint_variables().map(drop))?;
    let engine_missing = if plan.jobs.iter().any(|job| job.container().is_some()) {
        let missing = engine::why_unavailable();
        if missing.is_none() {
            container::compiled_in()?;
        }
        missing
    } else {
        None
    };
    let mut report = Report::default();
    for job in &plan.jobs {
        report.add(run_job(project, &options, job, engine_missing.as_deref())?);
    }
    for suite in &plan.not_asked_for {
        report.add(Report::not_run(suite, &not_asked_for(suite)));
    }
    report.spell_out_what_did_not_run();
    report.print(project);
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&report).while_doing("writing the report as JSON")?;
        fs::write(file, text + "\n").while_doing(file.display())?;
    }
    let missing = options.require_containers && report.lacks_a_container();
    Ok(Verdict::of(report.passed() && !missing))
}

/// Runs one suite, on whatever it needs.
fn run_job(
    project: &Project,
    options: &Options,
    job: &Job,
    engine_missing: Option<&str>,
) -> Result<Report, Failure> {
    let suite = job.suite;
    if let (Some(_), Some(reason)) = (job.container(), engine_missing) {
        return Ok(Report::not_run(suite, reason));
    }
    if let Err(reason) = suites::build(project, suite.package, suite.test)? {
        return Ok(Report::broken(Run::of(suite), reason));
    }
    let Some(backend) = job.container() else {
        return run_suite(project, options, job, job.endpoint_variables()?);
    };
    let running = match container::start(project, backend) {
        Ok(running) => running,
        Err(failure) => return Ok(Report::not_run(suite, &failure.to_string())),
    };
    let report = run_suite(project, options, job, running.variables().to_vec());
    running.stop()?;
    report
}

fn run_suite(
    project: &Project,
    options: &Options,
    job: &Job,
    mut variables: Variables,
) -> Result<Report, Failure> {
    variables.extend(options.variables());
    variables
        .push(("EXTSTORE_REPEAT".to_owned(), format!("cargo xtask conformance --driver {}", job.name())));
    variables.extend(job.mutant.iter().map(|mutant| ("EXTSTORE_MUTANT".to_owned(), mutant.clone())));
    let name = format!("conformance-{}", job.name().replace('/', "-"));
    let test = TestRun { package: job.suite.package, test: job.suite.test, name, variables };
    let ran = test.run::<Report>(project)?;
    let mut report = match ran.told {
        Ok(report) => report,
        Err(reason) => return Ok(Report::broken(Run::of(job.suite), reason)),
    };
    report.complete(job.suite);
    if !options.narrowed() && report.executed() == 0 {
        report.add(Report::broken(Run::of(job.suite), format!("nothing was executed ({})", ran.see)));
    } else if !ran.success && report.executed() > 0 && report.failed() == 0 {
        report.add(Report::broken(
            Run::of(job.suite),
            format!("it failed without a failed case ({})", ran.see),
        ));
    }
    Ok(report)
}

/// Prints what would run. Every driver runs the same cases, so one embedded suite lists them for all.
fn list(project: &Project, options: &Options, jobs: &[Job]) -> Outcome {
    let mut verdict = Verdict::Passed;
    let mutants = jobs.iter().any(|job| job.suite.driver == suites::MUTANTS.driver);
    let cases = jobs.iter().any(|job| job.suite.driver != suites::MUTANTS.driver);
    let memory = suites::by_driver("memory")?;
    for suite in [cases.then_some(memory), mutants.then_some(&suites::MUTANTS)].into_iter().flatten() {
        let mut variables = options.variables();
        variables.push(("EXTSTORE_LIST".to_owned(), "1".to_owned()));
        let name = format!("list-{}", suite.driver);
        let target = ["test", "--quiet", "--package", suite.package, "--test", suite.test];
        let finished = Step::cargo(project, &name, target).envs(&variables).live().run()?;
        verdict = verdict.and(Verdict::of(finished.success));
    }
    Ok(verdict)
}

fn not_asked_for(suite: &suites::Suite) -> String {
    let driver = suite.driver;
    format!(
        "needs a container: `--driver {driver}` with docker.io installed and started (`.ci/engine start`), \
         or `--endpoint {driver}=URL` for a server that runs"
    )
}
