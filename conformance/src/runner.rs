//! Runs cases, one after another, each in its own scope and task.

mod entry;
mod execute;
mod options;
mod print;
mod profile;

use std::sync::Arc;
use std::time::Instant;

pub use entry::main;
pub use options::Options;

use crate::case::{Case, Cx, Stop, Watch};
use crate::report::{CaseReport, Outcome, Report, Run, Summary};
use crate::{Harness, Scope};
use execute::execute;
use options::case_seed;

/// Runs the selected cases against a driver and returns what they found.
///
/// It prints nothing and asks the environment for nothing but the canary, so that any test framework
/// can host it. A profile that contradicts itself is reported as one case, `suite.profile`, that ended
/// in an error. The harness is closed at the end.
pub async fn run(harness: Arc<dyn Harness>, options: Options) -> Report {
    let session = Session::new(harness, options);
    let mut cases = match profile::check(session.harness.as_ref()) {
        Ok(()) => session.all().await,
        Err(reason) => vec![session.pseudo("suite.profile", &["ES-003"], Outcome::Error, &reason)],
    };
    session.harness.close().await;
    let mut run = session.describe_run();
    session.search_for_secrets(&mut cases);
    (run.summary, run.cases) = (Summary::of(&cases), cases);
    Report { runs: vec![run], mutants: Vec::new() }
}

/// Holds the state that all cases of one run share.
struct Session {
    harness: Arc<dyn Harness>,
    options: Options,
    seed: u64,
    /// Makes scopes unique, also where the seed of an earlier run is used again.
    id: u32,
    watch: Arc<Watch>,
}

impl Session {
    fn new(harness: Arc<dyn Harness>, options: Options) -> Self {
        let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
        Self { harness, options, seed, id: fastrand::u32(..), watch: Arc::default() }
    }

    fn seed_text(&self) -> String {
        format!("{:x}", self.seed)
    }

    async fn all(&self) -> Vec<CaseReport> {
        let mut reports = Vec::new();
        for case in self.options.selected() {
            reports.push(self.one(&case).await);
        }
        reports
    }

    async fn one(&self, case: &Case) -> CaseReport {
        let profile = self.harness.profile();
        let started = Instant::now();
        let result = match profile.reason_unsupported(case.id) {
            Some(reason) => Err(Stop::Unsupported(reason.to_owned())),
            None => execute(case, self.cx(case), self.options.time_limit).await,
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, expected, observed) = settle(result, profile.reason_known(case.id));
        let clean = |text: String| self.watch.redact(case.id, text);
        CaseReport {
            outcome,
            millis,
            expected: clean(expected),
            observed: clean(observed),
            partial: self.watch.partial(case.id),
            ..self.describe(case)
        }
    }

    fn cx(&self, case: &Case) -> Cx {
        let scope = Scope::new(format!("es-{:08x}-{}", self.id, case.id.replace(['.', '_'], "-")));
        let seed = case_seed(self.seed, case.id);
        Cx::new(Arc::clone(&self.harness), scope, case.id, seed, Arc::clone(&self.watch))
    }

    fn describe(&self, case: &Case) -> CaseReport {
        CaseReport {
            id: case.id.to_owned(),
            rules: case.rules.iter().map(|rule| (*rule).to_owned()).collect(),
            level: case.level.to_string(),
            outcome: Outcome::Error,
            millis: 0,
            does: case.does.to_owned(),
            expected: String::new(),
            observed: String::new(),
            partial: String::new(),
            matters: case.matters.to_owned(),
            repeat: self.options.repeat(case.id, &self.seed_text()),
        }
    }

    /// Describes the run by what the harness says of itself, without cases.
    fn describe_run(&self) -> Run {
        let (backend, product) = self.harness.backend();
        let clean = |text: String| self.watch.redact("of the run itself", text);
        let profile = serde_json::to_string(&self.harness.profile()).unwrap_or_default();
        Run {
            driver: clean(self.harness.name().to_owned()),
            backend: clean(backend),
            product: clean(product),
            seed: self.seed_text(),
            // What was withheld is no JSON any more.
            profile: serde_json::from_str(&clean(profile)).unwrap_or_default(),
            summary: Summary::default(),
            cases: Vec::new(),
        }
    }

    /// Makes an entry of the report that stands for no case of the list.
    fn pseudo(&self, id: &str, rules: &[&str], outcome: Outcome, observed: &str) -> CaseReport {
        CaseReport {
            id: id.to_owned(),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            level: "core".to_owned(),
            outcome,
            millis: 0,
            does: "checks the run itself".to_owned(),
            expected: "a run that can be trusted".to_owned(),
            observed: observed.to_owned(),
            partial: String::new(),
            matters: "what the other cases say has no meaning otherwise".to_owned(),
            repeat: self.options.repeat("*", &self.seed_text()),
        }
    }

    /// A canary that came out anywhere fails the run, whichever case it was.
    fn search_for_secrets(&self, cases: &mut Vec<CaseReport>) {
        let leaks = self.watch.leaks();
        if leaks.is_empty() {
            return;
        }
        let observed = format!("a canary in {}", leaks.join("; "));
        cases.push(self.pseudo("suite.secrets", &["ES-020"], Outcome::Fail, &observed));
    }
}

/// Turns a result into an outcome, given whether its failure is known.
fn settle(result: Result<(), Stop>, known: Option<&str>) -> (Outcome, String, String) {
    match (result, known) {
        (Ok(()), None) => (Outcome::Pass, String::new(), String::new()),
        (Ok(()), Some(reason)) => (
            Outcome::Fail,
            format!("a failure, because the profile lists it as known: {reason}"),
            "it passed; take it off the list".to_owned(),
        ),
        (Err(Stop::Fail { expected, observed }), None) => (Outcome::Fail, expected, observed),
        (Err(Stop::Fail { observed, .. }), Some(reason)) => (Outcome::KnownFail, reason.to_owned(), observed),
        (Err(Stop::Error(reason)), _) => (Outcome::Error, "a harness that can run the case".into(), reason),
        (Err(Stop::Unsupported(reason)), _) => (Outcome::Unsupported, reason, String::new()),
        (Err(Stop::NotRun(reason)), _) => (Outcome::NotRun, reason, String::new()),
    }
}
