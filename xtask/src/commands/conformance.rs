//! Implements `cargo xtask conformance`: proves drivers and merges their reports.

mod options;
mod plan;
mod report;
mod table;

use std::fs;

use crate::command_line::{Command, Given, Operands};
use crate::crate_test::TestRun;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::lanes;
use crate::process::Variables;
use crate::programs::{self, Program};
use crate::project::Project;
use crate::servers::{container, engine};
use crate::suites::{self, MUTANTS};
use options::Options;
use plan::{Job, Plan};
use report::{Report, Run};

pub(super) const COMMAND: Command = Command {
    name: "conformance",
    about: "proves drivers; without names the embedded ones",
    operands: Operands::None,
    flags: options::FLAGS,
    runs_drivers: true,
    run,
};

/// How many suites run at the same time. Much of each is waiting.
const LANES: usize = 2;

fn run(project: &Project, given: &Given) -> Outcome {
    let options = Options::read(given)?;
    let plan = Plan::of(&options, &suites::OURS)?;
    if options.list {
        return list(project, &options, &plan.jobs);
    }
    // A missing credential is noticed before anything runs.
    plan.jobs.iter().try_for_each(|job| job.endpoint_variables().map(drop))?;
    let engine_missing = missing_engine(&plan)?;
    let mut report = Report::default();
    let run_job = |job| run_job(project, &options, job, engine_missing.as_deref());
    for done in lanes::run(LANES, &plan.jobs, run_job) {
        report.add(done?);
    }
    for job in &plan.not_asked_for {
        report.add(Report::not_run(job, &not_asked_for(job)));
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

/// Returns the reason that the containers of the plan cannot run, if it has any and they cannot.
fn missing_engine(plan: &Plan) -> Result<Option<String>, Failure> {
    if plan.jobs.iter().all(|job| job.container().is_none()) {
        return Ok(None);
    }
    let missing = engine::why_unavailable();
    if missing.is_none() {
        container::compiled_in()?;
    }
    Ok(missing)
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
        return Ok(Report::not_run(job, reason));
    }
    let program = match programs::one(project, suite.package, "test", suite.test) {
        Ok(program) => program,
        Err(failure) => return Ok(Report::broken(Run::of(job), failure.to_string())),
    };
    let Some(backend) = job.container() else {
        return run_suite(project, options, job, &program, job.endpoint_variables()?);
    };
    let running = match container::start(project, backend) {
        Ok(running) => running,
        Err(failure) => return Ok(Report::not_run(job, &failure.to_string())),
    };
    let report = run_suite(project, options, job, &program, running.variables().to_vec());
    running.stop()?;
    report
}

fn run_suite(
    project: &Project,
    options: &Options,
    job: &Job,
    program: &Program,
    mut variables: Variables,
) -> Result<Report, Failure> {
    variables.extend(options.variables());
    variables.push(("EXTSTORE_REPEAT".to_owned(), job.repeat()));
    variables.extend(job.mutant.iter().map(|mutant| ("EXTSTORE_MUTANT".to_owned(), mutant.clone())));
    let name = format!("conformance-{}-{}", job.name().replace('/', "-"), job.backend());
    let test = TestRun { program, name, variables };
    let ran = test.run::<Report>(project)?;
    let mut report = match ran.told {
        Ok(report) => report,
        Err(reason) => return Ok(Report::broken(Run::of(job), reason)),
    };
    report.complete(job);
    if !options.narrowed() && report.executed() == 0 {
        report.add(Report::broken(Run::of(job), format!("nothing was executed ({})", ran.see)));
    } else if !ran.success && report.executed() > 0 && report.failed() == 0 {
        report.add(Report::broken(Run::of(job), format!("it failed without a failed case ({})", ran.see)));
    }
    Ok(report)
}

/// Prints what would run. Every driver runs the same cases, so one embedded suite lists them for all.
fn list(project: &Project, options: &Options, jobs: &[Job]) -> Outcome {
    let mut verdict = Verdict::Passed;
    let (mutants, drivers): (Vec<_>, Vec<_>) =
        jobs.iter().partition(|job| job.suite.driver == MUTANTS.driver);
    let memory = suites::OURS.by_driver("memory")?;
    let asked = [(!drivers.is_empty()).then_some(memory), (!mutants.is_empty()).then_some(&MUTANTS)];
    for suite in asked.into_iter().flatten() {
        let mut variables = options.variables();
        variables.push(("EXTSTORE_LIST".to_owned(), "1".to_owned()));
        let name = format!("list-{}", suite.driver);
        let program = programs::one(project, suite.package, "test", suite.test)?;
        let finished = program.step(project, &name).envs(&variables).live().run()?;
        verdict = verdict.and(Verdict::of(finished.success));
    }
    Ok(verdict)
}

fn not_asked_for(job: &Job) -> String {
    let (driver, backend) = (job.suite.driver, job.backend());
    format!(
        "needs a container: `--driver {driver} --backend {backend}` with docker.io installed and started (`.ci/engine \
         start`), or `--endpoint {backend}=URL` for a server that runs"
    )
}
