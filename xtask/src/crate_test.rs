//! Runs a crate's own test, with its inputs in the environment and its result in a file.

use std::fs;

use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::process::Variables;
use crate::programs::Program;
use crate::project::Project;

/// Describes one run of a test.
pub(crate) struct TestRun<'a> {
    pub(crate) program: &'a Program,
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
        let step = self.program.step(project, &self.name).envs(&self.variables);
        let finished = step.env("EXTSTORE_REPORT", &file).run()?;
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
