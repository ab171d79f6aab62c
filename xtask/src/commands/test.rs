//! Implements `cargo xtask test`: checks everything that must hold before a change lands.

mod count;
mod stages;

use std::time::{Duration, Instant};

use crate::canary;
use crate::command_line::{Command, Flag, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict};
use crate::process::Step;
use crate::project::Project;
use crate::servers::engine;
use crate::suites::OURS;
use count::Count;
use stages::{Containers, Stages};

const REQUIRE_CONTAINERS: Flag =
    Flag::switch("require-containers", "fails where the tests that need containers cannot run");

pub(super) const COMMAND: Command = Command {
    name: "test",
    about: "runs everything that must hold before a change lands",
    operands: Operands::None,
    flags: &[REQUIRE_CONTAINERS],
    runs_drivers: false,
    run,
};

/// Holds what a stage that ended counted.
struct Stage {
    name: String,
    took: Duration,
    count: Count,
}

fn run(project: &Project, given: &Given) -> Outcome {
    let containers = Containers::look(given.has(&REQUIRE_CONTAINERS))?;
    let stages = run_stages(project, containers)?;
    println!();
    let mut total = Count::default();
    for stage in &stages {
        let Count { passed, failed } = stage.count;
        println!("{:<22} {:>5.1} min {passed:>6} passed {failed:>4} failed", stage.name, minutes(stage.took));
        total = total.plus(stage.count);
    }
    if containers == Containers::Absent {
        let names: Vec<_> = OURS.with_servers().map(|(suite, _)| suite.driver).collect();
        println!("\nnot run: {}: {}", names.join(", "), engine::why_unavailable().unwrap_or_default());
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    Ok(Verdict::of(total.failed == 0 && total.passed > 0))
}

fn run_stages(project: &Project, containers: Containers) -> Result<Vec<Stage>, Failure> {
    let of = Stages::new(project, containers);
    let mut stages = Vec::new();
    for (name, step) in of.format() {
        stages.push(checked(project, &name, step)?);
    }
    stages.push(checked(project, "lints", of.lints())?);
    stages.push(checked(project, "lints of live tests", of.lints_of_left_out())?);
    stages.push(checked(project, "documentation", of.documentation())?);
    println!("\n== build");
    let started = Instant::now();
    let built = of.build()?;
    stages.push(Stage {
        name: "build".to_owned(),
        took: started.elapsed(),
        count: Count::default().settled(true),
    });
    stages.push(tested(project, "doctests", of.doctests())?);
    stages.push(tested(project, "tests", of.tests(&built))?);
    for (suite, server) in OURS.with_servers() {
        stages.push(tested(
            project,
            &format!("tests of {}", suite.driver),
            of.tests_of(&built, suite, server),
        )?);
    }
    for (name, step) in of.live(&built) {
        stages.push(tested(project, &name, step)?);
    }
    for (name, step, report) in of.reporting(&built) {
        stages.push(stage(project, name, step, |_| count::of_report(&report))?);
    }
    stages.push(no_canary(project)?);
    Ok(stages)
}

/// Runs a stage that either holds or does not.
fn checked(project: &Project, name: &str, step: Step) -> Result<Stage, Failure> {
    stage(project, name, step, |_| Count::default())
}

/// Runs a stage whose output holds libtest's results.
fn tested(project: &Project, name: &str, step: Step) -> Result<Stage, Failure> {
    stage(project, name, step, count::of_libtest)
}

fn stage(
    project: &Project,
    name: &str,
    step: Step,
    count: impl FnOnce(&str) -> Count,
) -> Result<Stage, Failure> {
    println!("\n== {name}");
    let finished = step.live().run()?;
    let count = count(&finished.text()).settled(finished.success);
    if !finished.success {
        println!("== {name} failed ({}); its output is in {}", finished.status, project.shown(&finished.log));
    }
    Ok(Stage { name: name.to_owned(), took: finished.took, count })
}

/// Runs the last stage: no credential and no payload came out anywhere.
fn no_canary(project: &Project) -> Result<Stage, Failure> {
    println!("\n== canary");
    let leaks = canary::report_leaks(&project.canary, &project.logs())?;
    let count = Count { passed: 0, failed: leaks }.settled(leaks == 0);
    Ok(Stage { name: "canary".to_owned(), took: Duration::ZERO, count })
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}
