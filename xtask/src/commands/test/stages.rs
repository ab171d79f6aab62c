//! Makes the commands behind the stages.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::process::Step;
use crate::project::Project;
use crate::servers::backends::Backend;
use crate::servers::engine;
use crate::suites::{MUTANTS, OURS, Suite};

/// Says whether the stages that need containers can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Containers {
    Required,
    Present,
    Absent,
}

impl Containers {
    pub(crate) fn look(required: bool) -> Result<Self, Failure> {
        match engine::why_unavailable() {
            None if required => Ok(Self::Required),
            None => Ok(Self::Present),
            Some(reason) if required => Err(Failure::Broken(reason)),
            Some(_) => Ok(Self::Absent),
        }
    }
}

/// Tests that run in stages of their own, because they need inputs.
const OWN_STAGE: [&str; 3] = ["conformance", "vectors", "soak"];

pub(crate) fn format(project: &Project) -> Step {
    Step::cargo(project, "format", ["fmt", "--all", "--check"])
}

/// Makes the step that lints the workspace, with the feature of xtask that costs a minute only where containers are
/// asked for.
pub(crate) fn lints(project: &Project, containers: Containers) -> Step {
    let mut args = vec!["clippy", "--workspace", "--all-targets"];
    args.extend(features(containers));
    args.extend(["--", "-D", "warnings"]);
    Step::cargo(project, "lints", args)
}

/// Makes the step that builds the documentation, with the features of the lints: with others, dependencies that those
/// compiled would be compiled again.
pub(crate) fn documentation(project: &Project, containers: Containers) -> Step {
    let args = ["doc", "--workspace", "--no-deps"].into_iter().chain(features(containers));
    Step::cargo(project, "documentation", args).env("RUSTDOCFLAGS", "-Dwarnings")
}

fn features(containers: Containers) -> impl Iterator<Item = &'static str> {
    let required = containers == Containers::Required;
    required.then_some(["--features", "xtask/containers"]).into_iter().flatten()
}

/// Makes the step for the unit tests, integration tests and doctests of every crate that needs no container.
pub(crate) fn tests(project: &Project) -> Step {
    let mut args = vec!["test", "--workspace", "--no-fail-fast"];
    for (suite, _) in OURS.with_servers() {
        args.extend(["--exclude", suite.package]);
    }
    Step::cargo(project, "tests", args)
}

/// Makes the steps for a crate that needs a container, beside that container if there can be one: otherwise its live
/// tests would say that they did not run, and libtest would count that as a pass.
pub(crate) fn tests_of(
    project: &Project,
    suite: &Suite,
    server: &Backend,
    containers: Containers,
) -> Vec<(&'static str, Step)> {
    let mut live = vec!["test", "--no-fail-fast", "--package", suite.package, "--lib", "--examples"];
    let targets = project.package(suite.package).map(|package| package.targets.as_slice());
    for target in targets.unwrap_or_default() {
        if target.kind.contains(&"test".to_owned()) && !OWN_STAGE.contains(&target.name.as_str()) {
            live.extend(["--test", &target.name]);
        }
    }
    // Compiled first, so that the container need not idle meanwhile.
    let build = ["test", "--no-run"].iter().chain(&live[1..]).copied();
    let build = Step::cargo(project, &format!("build-{}", suite.driver), build);
    let name = format!("tests-{}", suite.driver);
    let live = if containers == Containers::Absent {
        Step::cargo(project, &name, live)
    } else {
        let beside = ["with", server.name, "--", "cargo"];
        xtask(project, &name, beside.iter().chain(&live).copied())
    };
    // A live test that finds no server then fails instead of saying that it did not run.
    let required = if containers == Containers::Required { "1" } else { "0" };
    let live = live.env(server.require_variable(), required);
    let doctests = ["test", "--package", suite.package, "--doc"];
    let name = format!("doctests-{}", suite.driver);
    vec![("build", build), ("tests", live), ("doctests", Step::cargo(project, &name, doctests))]
}

/// Tests of `extstore-temporal` that need servers: a Temporal server, or one and an S3 server.
///
/// They find them in the variables of `cargo xtask with`, and with `EXTSTORE_REQUIRE_TEMPORAL=1` fail where there is none.
const LIVE: [(&str, &[&str]); 2] = [("temporal", &["live", "capacity"]), ("temporal,s3", &["faults"])];
/// Allows a signal with start from a workflow, which the server does not allow by default.
const SIGNAL_WITH_START: &str = "history.enableSignalWithStartFromWorkflow=true";

/// Makes the steps that run these tests beside their servers. Temporal's needs no container.
pub(crate) fn live(project: &Project, containers: Containers) -> Vec<(String, Step)> {
    let mut steps = Vec::new();
    for (servers, tests) in LIVE {
        if servers != "temporal" && containers == Containers::Absent {
            continue;
        }
        let mut test = vec!["test", "--package", "extstore-temporal", "--no-fail-fast"];
        test.extend(tests.iter().flat_map(|name| ["--test", name]));
        let named = |kind: &str| format!("{kind}-{}", servers.replace(',', "-"));
        // Compiled first, so that the servers need not idle meanwhile.
        let build = ["test", "--no-run"].into_iter().chain(test[1..].iter().copied());
        steps.push((format!("build with {servers}"), Step::cargo(project, &named("build"), build)));
        let beside = ["with", "--dynamic", SIGNAL_WITH_START, servers, "--", "cargo"];
        let step = xtask(project, &named("tests"), beside.into_iter().chain(test))
            .env("EXTSTORE_REQUIRE_TEMPORAL", "1");
        steps.push((format!("tests with {servers}"), step));
    }
    steps
}

/// Makes the steps of the commands that write a report.
pub(crate) fn reporting(project: &Project, containers: Containers) -> Vec<(&'static str, Step, PathBuf)> {
    let report = |name: &str| {
        let file = project.logs().join(format!("{name}.json"));
        // A report of an earlier run must not be counted if this one breaks.
        let _ = std::fs::remove_file(&file);
        file
    };
    let (vectors, conformance) = (report("vectors"), report("conformance"));
    let drivers: Vec<_> = OURS.suites.iter().chain([&MUTANTS]).map(|suite| suite.driver).collect();
    let drivers = drivers.join(",");
    let mut args = vec!["conformance", "--driver", &drivers];
    if containers == Containers::Required {
        args.push("--require-containers");
    }
    let with_report = |name, args: &[&str], file: &PathBuf| {
        let file = file.to_string_lossy().into_owned();
        xtask(project, name, args.iter().copied().chain(["--json", &file]))
    };
    let first = with_report("vectors", &["vectors"], &vectors);
    let second = with_report("conformance", &args, &conformance);
    vec![("vectors", first, vectors), ("conformance", second, conformance)]
}

/// Makes a step of one of our own commands.
fn xtask<'a>(project: &Project, name: &str, args: impl IntoIterator<Item = &'a str>) -> Step {
    Step::cargo(project, name, ["run", "--quiet", "--package", "xtask", "--"].into_iter().chain(args))
}
