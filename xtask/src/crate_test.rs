//! Builds and runs a crate's own test, with its inputs in the environment and its result in a file.

use std::fs;
use std::process::Command;

use serde::de::DeserializeOwned;

use crate::failure::{Failure, While};
use crate::process::{Step, Variables};
use crate::project::{Project, cargo};

/// Compiles a test with its output on the terminal, so that the user sees the progress. Says why that did not work.
///
/// It comes before the container is started, which need not idle while a vendor's crate is compiled.
pub(crate) fn build(project: &Project, package: &str, test: &str) -> Result<Result<(), String>, Failure> {
    eprintln!("cargo test -p {package} --test {test}");
    let mut build = Command::new(cargo());
    build.args(["test", "--no-run", "--package", package, "--test", test]).current_dir(&project.root);
    let built = build.status().while_doing("starting cargo test")?.success();
    Ok(built
        .then_some(())
        .ok_or_else(|| format!("the test {test} of {package} is missing or does not compile")))
}

/// Describes one run of a test.
pub(crate) struct TestRun<'a> {
    pub(crate) package: &'a str,
    pub(crate) test: &'a str,
    /// Names the log and the report in `target/xtask-logs`.
    pub(crate) name: String,
    pub(crate) variables: Variables,
}

/// Holds what a test that ended left behind.
pub(crate) struct Ran<R> {
    pub(crate) success: bool,
    /// The report, or why there is none.
    pub(crate) told: Result<R, String>,
    /// Says where the output is, as a sentence for a reader.
    pub(crate) see: String,
}

impl TestRun<'_> {
    /// Runs the test and reads the report that it wrote.
    pub(crate) fn run<R: DeserializeOwned>(self, project: &Project) -> Result<Ran<R>, Failure> {
        let file = project.logs().join(format!("{}.json", self.name));
        // A report of an earlier run must not be taken for this one's.
        let _ = fs::remove_file(&file);
        let args = ["test", "--quiet", "--package", self.package, "--test", self.test];
        let finished = Step::cargo(project, &self.name, args)
            .envs(&self.variables)
            .env("EXTSTORE_REPORT", &file)
            .run()?;
        let see = format!("{}; see {}", finished.status, project.shown(&finished.log));
        let told = match fs::read(&file) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| format!("an unreadable report: {error}"))
            }
            Err(_) => Err("no report".to_owned()),
        };
        if told.is_err() {
            eprintln!("{}", finished.tail());
        }
        Ok(Ran { success: finished.success, told: told.map_err(|what| format!("{what} ({see})")), see })
    }
}
