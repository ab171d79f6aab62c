//! Makes the commands behind the stages.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::process::Step;
use crate::programs::{self, Program};
use crate::project::{Package, Project};
use crate::selection::{self, Selection};
use crate::servers::backends::Backend;
use crate::servers::engine;
use crate::suites::{MUTANTS, OURS, Suite};

/// Whether the stages that need containers can run.
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

/// Names the tests of `extstore-temporal` that need servers: a Temporal server, or one and an S3 server.
///
/// They find them in the variables of `cargo xtask with`, and with `EXTSTORE_REQUIRE_TEMPORAL=1` fail where there is none.
const LIVE: [(&str, &[&str]); 2] = [
    ("temporal", &["extstore-temporal/live", "extstore-temporal/capacity"]),
    ("temporal,s3", &["extstore-temporal/faults"]),
];

/// Allows a signal with start from a workflow, which the server does not allow by itself.
const SIGNAL_WITH_START: &str = "history.enableSignalWithStartFromWorkflow=true";

/// Names the server's settings that the live tests run with, one after the other: those of a server as it is, and those
/// of one that takes completions in pages and completes the polls of a worker that shuts down. A completion in pages is
/// written in one transaction, whose limit is 4 MB otherwise.
const SETTINGS: [(&str, &[&str]); 2] = [
    ("", &[SIGNAL_WITH_START]),
    (
        "-pages",
        &[
            SIGNAL_WITH_START,
            "history.enableWorkflowTaskCompletionPagination=true",
            "system.transactionSizeLimit=41943040",
            "frontend.enableCancelWorkerPollsOnShutdown=true",
        ],
    ),
];

/// Names the packages outside the workspace, by their directories.
const OUTSIDE: [&str; 2] = ["fuzz", "examples/custom-driver"];

/// Names targets of a driver's crate that run in stages of their own, because they need inputs.
const OWN_STAGE: [&str; 3] = ["conformance", "vectors", "soak"];

/// Makes the commands of one run. Everything is compiled with the same features: with others, dependencies would be
/// compiled again.
pub(crate) struct Stages<'p> {
    pub(crate) project: &'p Project,
    pub(crate) containers: Containers,
    pub(crate) selection: Selection,
}

/// Holds what the workspace was built into: this program, with or without the use of containers, and the tests.
pub(crate) struct Built {
    xtask: PathBuf,
    tests: Vec<Program>,
}

impl<'p> Stages<'p> {
    pub(crate) fn new(project: &'p Project, containers: Containers) -> Self {
        Self { project, containers, selection: Selection::workspace(containers != Containers::Absent) }
    }

    /// Makes the steps that check the format of the workspace, and of the packages that stand outside of it.
    pub(crate) fn format(&self) -> Vec<(String, Step)> {
        let workspace = Step::cargo(self.project, "format", ["fmt", "--all", "--check"]);
        let outside = OUTSIDE.iter().map(|package| {
            let name = package.rsplit('/').next().unwrap_or(package);
            let manifest = format!("{package}/Cargo.toml");
            let args = ["fmt", "--check", "--manifest-path", &manifest];
            (format!("format of {name}"), Step::cargo(self.project, &format!("format-{name}"), args))
        });
        [("format".to_owned(), workspace)].into_iter().chain(outside).collect()
    }

    pub(crate) fn lints(&self) -> Step {
        let mut args = self.cargo("clippy");
        args.extend(["--all-targets", "--", "-D", "warnings"]);
        Step::cargo(self.project, "lints", args)
    }

    /// Makes the step that lints the tests that `--all-targets` leaves out.
    pub(crate) fn lints_of_left_out(&self) -> Step {
        let mut args = self.cargo("clippy");
        args.extend(programs::left_out(self.project));
        args.extend(["--", "-D", "warnings"]);
        Step::cargo(self.project, "lints-left-out", args)
    }

    /// Makes the step that builds the documentation, of the examples too: cargo then uses what the lints compiled of
    /// dependencies, with the features of development dependencies.
    pub(crate) fn documentation(&self) -> Step {
        let mut args = self.cargo("doc");
        args.extend(["--no-deps", "--lib", "--examples"]);
        let binaries = self.project.packages.iter().flat_map(Package::binaries_with_a_page);
        args.extend(binaries.flat_map(|name| ["--bin", name]));
        Step::cargo(self.project, "documentation", args).env("RUSTDOCFLAGS", "-Dwarnings")
    }

    pub(crate) fn doctests(&self) -> Step {
        let mut args = self.cargo("test");
        args.extend(["--doc", "--no-fail-fast"]);
        Step::cargo(self.project, "doctests", args)
    }

    /// Builds all test programs, so that no server need idle meanwhile.
    pub(crate) fn build(&self) -> Result<Built, Failure> {
        let tests = programs::workspace(self.project, &self.selection)?;
        let tests = tests.into_iter().filter(|program| program.is_test).collect();
        Ok(Built { xtask: programs::xtask(self.project, &self.selection)?, tests })
    }

    fn cargo<'a>(&'a self, command: &'a str) -> Vec<&'a str> {
        [&[command], self.selection.flags().as_slice()].concat()
    }

    /// Makes the step for unit tests and integration tests that need nothing. What proves a driver runs in a stage of its
    /// own.
    pub(crate) fn tests(&self, built: &Built) -> Step {
        let in_own_stage = |test: &&Program| {
            let suites = OURS.suites.iter().chain([&MUTANTS]);
            let suite =
                suites.into_iter().any(|suite| suite.package == test.package && suite.test == test.target);
            let server = OURS.with_servers().any(|(suite, _)| suite.package == test.package);
            let live = LIVE.iter().any(|(_, names)| names.contains(&test.name().as_str()));
            suite || server || live
        };
        let needs_inputs = |test: &&Program| self.is_left_out(test);
        let tests = built.tests.iter().filter(|test| !in_own_stage(test) && !needs_inputs(test));
        self.run(built, "tests", &[], tests.map(Program::name))
    }

    /// Says whether a run of all tests leaves it out.
    fn is_left_out(&self, test: &Program) -> bool {
        let package = self.project.package(&test.package);
        let mut targets = package.into_iter().flat_map(|package| &package.targets);
        targets.any(|target| target.is_left_out() && target.name == test.target)
    }

    /// Makes the step for a crate that needs a container, beside that container if there can be one: otherwise its live tests
    /// would say that they did not run, and libtest would count that as a pass.
    pub(crate) fn tests_of(&self, built: &Built, suite: &Suite, server: &Backend) -> Step {
        let tests = built.tests.iter().filter(|test| test.package == suite.package);
        let tests = tests.filter(|test| !OWN_STAGE.contains(&test.target.as_str()));
        let beside = if self.containers == Containers::Absent { Vec::new() } else { vec![server.name] };
        // A live test that finds no server then fails instead of saying that it did not run.
        let required = if self.containers == Containers::Required { "1" } else { "0" };
        let step = self.run(built, &format!("tests-{}", suite.driver), &beside, tests.map(Program::name));
        step.env(server.require_variable(), required)
    }

    /// Makes the steps for tests that need a Temporal server, which needs no container, and some of them another server:
    /// once for each settings of the server.
    pub(crate) fn live(&self, built: &Built) -> Vec<(String, Step)> {
        let runs =
            |(servers, _): &&(&str, _)| *servers == "temporal" || self.containers != Containers::Absent;
        let suites = LIVE.iter().filter(runs);
        let all = suites.flat_map(|suite| SETTINGS.iter().map(move |settings| (suite, settings)));
        let steps = all.map(|((servers, tests), (suffix, settings))| {
            let dynamic = settings.iter().flat_map(|setting| ["--dynamic", setting]);
            let beside: Vec<&str> = dynamic.chain([*servers]).collect();
            let name = format!("tests-{}{suffix}", servers.replace(',', "-"));
            let step = self.run(built, &name, &beside, tests.iter().map(|&test| test.to_owned()));
            (format!("tests with {servers}{suffix}"), step.env("EXTSTORE_REQUIRE_TEMPORAL", "1"))
        });
        steps.collect()
    }

    /// Runs test programs, beside the servers that `with` is told of.
    fn run(&self, built: &Built, name: &str, with: &[&str], tests: impl Iterator<Item = String>) -> Step {
        let mut args: Vec<String> = Vec::new();
        if !with.is_empty() {
            args.extend(["with"].iter().chain(with).map(|&arg| arg.to_owned()));
            args.extend(["--".to_owned(), built.xtask.display().to_string()]);
        }
        args.push("run-tests".to_owned());
        args.extend(tests);
        self.xtask(built, name, args)
    }

    /// Makes the step of one of our own commands.
    fn xtask(&self, built: &Built, name: &str, args: Vec<String>) -> Step {
        let features = self.selection.features().unwrap_or_default();
        Step::program(self.project, name, &built.xtask, args).env(selection::VARIABLE, features)
    }

    /// Makes the steps that write a report.
    pub(crate) fn reporting(&self, built: &Built) -> Vec<(&'static str, Step, PathBuf)> {
        let report = |name: &str| {
            let file = self.project.logs().join(format!("{name}.json"));
            // A report of an earlier run must not be counted if this one breaks.
            let _ = std::fs::remove_file(&file);
            file
        };
        let (vectors, conformance) = (report("vectors"), report("conformance"));
        let drivers: Vec<_> = OURS.suites.iter().chain([&MUTANTS]).map(|suite| suite.driver).collect();
        let drivers = drivers.join(",");
        let mut args = vec!["conformance", "--driver", &drivers];
        if self.containers == Containers::Required {
            args.push("--require-containers");
        }
        let with_report = |name: &str, args: &[&str], file: &PathBuf| {
            let args = args.iter().map(|&arg| arg.to_owned());
            self.xtask(built, name, args.chain(["--json".to_owned(), file.display().to_string()]).collect())
        };
        let first = with_report("vectors", &["vectors"], &vectors);
        let second = with_report("conformance", &args, &conformance);
        vec![("vectors", first, vectors), ("conformance", second, conformance)]
    }
}
