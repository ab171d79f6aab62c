//! Holds the findings of a run as data. The runner prints them as a table and writes them as JSON.

use serde::{Deserialize, Serialize};

/// Says how a case ended. A skip is never a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The rule holds.
    Pass,
    /// The rule does not hold.
    Fail,
    /// The harness or the backend could not run the case.
    Error,
    /// The profile says that it does not apply.
    Unsupported,
    /// A port is missing.
    NotRun,
    /// It is listed as a known failure and failed.
    KnownFail,
}

/// Holds the whole report, as it is written to JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// One entry per driver and backend.
    pub runs: Vec<Run>,
    /// One entry per deliberately wrong driver.
    pub mutants: Vec<MutantResult>,
}

/// Reports on one driver on one backend.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Run {
    /// The harness's name.
    pub driver: String,
    /// The backend's short name.
    pub backend: String,
    /// Product and version that ran.
    pub product: String,
    /// The seed, in hexadecimal.
    #[serde(default)]
    pub seed: String,
    /// The profile that the driver declared.
    #[serde(default)]
    pub profile: serde_json::Value,
    /// Counts of outcomes.
    pub summary: Summary,
    /// The results of all cases.
    pub cases: Vec<CaseReport>,
}

/// Counts of outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the outcomes")]
#[non_exhaustive]
pub struct Summary {
    pub pass: usize,
    pub fail: usize,
    pub error: usize,
    pub unsupported: usize,
    pub not_run: usize,
    pub known_fail: usize,
}

/// Reports on one case of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CaseReport {
    /// `group.snake_case`.
    pub id: String,
    /// The rules that the case proves.
    pub rules: Vec<String>,
    /// `core`, `extended`, `host`, `interop`.
    pub level: String,
    /// The outcome of the case.
    pub outcome: Outcome,
    /// The time that the case took.
    pub millis: u64,
    /// The clause that says what the case does.
    #[serde(default)]
    pub does: String,
    /// The expectation; the reason where it did not run.
    pub expected: String,
    /// The observation.
    pub observed: String,
    /// The part that the case could not look at, whatever its outcome; empty where it looked at everything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub partial: String,
    /// The reason that the rule matters.
    #[serde(default)]
    pub matters: String,
    /// The command that repeats the case.
    pub repeat: String,
}

/// Reports on one deliberately wrong driver.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MutantResult {
    /// The mutant's name.
    pub name: String,
    /// The case that must fail.
    pub killer: String,
    /// `killed` or `survived`.
    pub outcome: String,
    /// Cases that failed too and that nothing relates to the defect: there must be none.
    pub also_failed: Vec<String>,
    /// Cases that failed too because they see the same defect, as the mutant declares.
    #[serde(default)]
    pub related_failed: Vec<String>,
}

/// Says that everything passed that ran.
pub(crate) const EXIT_OK: u8 = 0;
/// Says that a rule does not hold.
pub(crate) const EXIT_FAILED: u8 = 1;
/// Says that the harness or the backend could not run a case.
pub(crate) const EXIT_ERROR: u8 = 2;
/// Says that nothing ran, or a filter matched nothing.
pub(crate) const EXIT_NOTHING: u8 = 3;

impl Report {
    /// Returns 0 only if nothing failed and something passed; 1 where a case failed, 2 where the harness could not
    /// run one, 3 where nothing was executed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let any = |count: fn(&Summary) -> usize| self.runs.iter().any(|run| count(&run.summary) > 0);
        let imprecise = |mutant: &MutantResult| mutant.outcome != "killed" || !mutant.also_failed.is_empty();
        let survived = self.mutants.iter().any(imprecise);
        if any(|summary| summary.fail) || survived {
            EXIT_FAILED
        } else if any(|summary| summary.error) {
            EXIT_ERROR
        } else if any(|summary| summary.pass) || !self.mutants.is_empty() {
            EXIT_OK
        } else {
            EXIT_NOTHING
        }
    }
}

impl Summary {
    /// Counts the outcomes of cases.
    #[must_use]
    pub fn of(cases: &[CaseReport]) -> Self {
        let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
        Self {
            pass: count(Outcome::Pass),
            fail: count(Outcome::Fail),
            error: count(Outcome::Error),
            unsupported: count(Outcome::Unsupported),
            not_run: count(Outcome::NotRun),
            known_fail: count(Outcome::KnownFail),
        }
    }
}
