//! Holds the report of one or more suites, and says whether it is a success.
//!
//! Fields that are not known here are kept, so that the suite may say more than this program prints.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::plan::Job;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    #[serde(default)]
    pub(crate) runs: Vec<Run>,
    #[serde(default)]
    pub(crate) mutants: Vec<Mutant>,
}

/// Holds what one driver did on one backend.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) driver: String,
    #[serde(default)]
    pub(crate) backend: String,
    #[serde(default)]
    pub(crate) product: String,
    #[serde(default)]
    pub(crate) summary: Summary,
    pub(crate) cases: Vec<Case>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) pass: usize,
    pub(crate) fail: usize,
    pub(crate) error: usize,
    pub(crate) unsupported: usize,
    pub(crate) not_run: usize,
    pub(crate) known_fail: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    #[serde(default)]
    pub(crate) level: String,
    pub(crate) outcome: Ending,
    #[serde(default)]
    pub(crate) millis: u64,
    #[serde(default)]
    pub(crate) expected: String,
    #[serde(default)]
    pub(crate) observed: String,
    #[serde(default)]
    pub(crate) repeat: String,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// Says how a case ended. A skip is never a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Pass,
    Fail,
    Error,
    Unsupported,
    NotRun,
    KnownFail,
}

/// Says what became of one deliberately wrong driver.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Mutant {
    pub(crate) name: String,
    pub(crate) killer: String,
    pub(crate) outcome: Fate,
    #[serde(default)]
    pub(crate) also_failed: Vec<String>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    Killed,
    Survived,
}

impl Report {
    /// Reports a suite that ended without telling what it found: an error that a reader of the JSON sees too.
    pub(crate) fn broken(mut run: Run, reason: String) -> Self {
        run.cases.push(Case {
            expected: "the suite runs to its end and writes its report".to_owned(),
            ..Case::new("(suite)", Ending::Error, reason)
        });
        run.summary = Summary::of(&run.cases);
        Self { runs: vec![run], mutants: Vec::new() }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.runs.extend(other.runs);
        self.mutants.extend(other.mutants);
    }

    /// Reports a suite that did not run, and why.
    pub(crate) fn not_run(job: &Job, reason: &str) -> Self {
        let mut run = Run::of(job);
        run.rest.insert("reason".to_owned(), reason.into());
        Self { runs: vec![run], mutants: Vec::new() }
    }

    /// Gives a driver that did not run every case that another run shows to exist, with its reason.
    pub(crate) fn spell_out_what_did_not_run(&mut self) {
        let known: Vec<Case> = self
            .runs
            .iter()
            .map(|run| &run.cases)
            .max_by_key(|cases| cases.len())
            .cloned()
            .unwrap_or_default();
        for run in &mut self.runs {
            let Some(reason) = run.reason_not_run() else { continue };
            run.cases = known.iter().map(|case| case.not_run(&reason)).collect();
            if run.cases.is_empty() {
                run.cases.push(Case::new("(suite)", Ending::NotRun, reason));
            }
            run.summary = Summary::of(&run.cases);
        }
    }

    /// Counts the cases again and names the backend: a suite sees an address and does not know which server it is.
    pub(crate) fn complete(&mut self, job: &Job) {
        for run in &mut self.runs {
            run.summary = Summary::of(&run.cases);
            run.backend = job.backend().to_owned();
        }
    }

    pub(crate) fn executed(&self) -> usize {
        self.runs.iter().map(|run| run.summary.executed()).sum::<usize>() + self.mutants.len()
    }

    pub(crate) fn failed(&self) -> usize {
        let cases: usize = self.runs.iter().map(|run| run.summary.failed()).sum();
        cases + self.mutants.iter().filter(|mutant| mutant.outcome == Fate::Survived).count()
    }

    /// Says whether nothing failed and something ran.
    pub(crate) fn passed(&self) -> bool {
        self.failed() == 0 && self.executed() > 0
    }

    /// Says whether a driver was left out altogether.
    pub(crate) fn lacks_a_container(&self) -> bool {
        self.runs.iter().any(|run| run.reason_not_run().is_some())
    }
}

impl Run {
    /// Makes an empty run of a job.
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            driver: job.suite.driver.to_owned(),
            backend: job.backend().to_owned(),
            product: job.container().map(|backend| backend.product_and_version()).unwrap_or_default(),
            summary: Summary::default(),
            cases: Vec::new(),
            rest: Map::new(),
        }
    }

    /// Returns the reason that the driver was left out altogether, if it was.
    pub(crate) fn reason_not_run(&self) -> Option<String> {
        self.rest.get("reason").and_then(Value::as_str).map(str::to_owned)
    }
}

impl Summary {
    pub(crate) fn of(cases: &[Case]) -> Self {
        let count = |ending| cases.iter().filter(|case| case.outcome == ending).count();
        Self {
            pass: count(Ending::Pass),
            fail: count(Ending::Fail),
            error: count(Ending::Error),
            unsupported: count(Ending::Unsupported),
            not_run: count(Ending::NotRun),
            known_fail: count(Ending::KnownFail),
        }
    }

    pub(crate) fn executed(&self) -> usize {
        self.pass + self.fail + self.error + self.known_fail
    }

    pub(crate) fn failed(&self) -> usize {
        self.fail + self.error
    }
}

impl Case {
    fn new(id: &str, outcome: Ending, observed: String) -> Self {
        Self {
            id: id.to_owned(),
            rules: Vec::new(),
            level: String::new(),
            outcome,
            millis: 0,
            expected: String::new(),
            observed,
            repeat: String::new(),
            rest: Map::new(),
        }
    }

    fn not_run(&self, reason: &str) -> Self {
        Self {
            rules: self.rules.clone(),
            level: self.level.clone(),
            ..Self::new(&self.id, Ending::NotRun, reason.to_owned())
        }
    }
}

#[cfg(test)]
mod tests;
