//! Counts what passed and what failed, from what a stage left behind.

use std::path::Path;

use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Count {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }

    /// Counts at least one failure for a stage that failed, and at least one success for one that succeeded.
    pub(crate) fn settled(self, success: bool) -> Self {
        match success {
            true => Self { passed: self.passed.max(1), ..self },
            false => Self { failed: self.failed.max(1), ..self },
        }
    }
}

/// Sums up libtest's lines `test result: ok. 3 passed; 0 failed; …`, and those of the runner of live tests, which are
/// `3 passed, 0 failed`.
pub(crate) fn of_libtest(text: &str) -> Count {
    let is_ours = |line: &str| line.contains(" passed, ") && line.ends_with(" failed");
    let results = text.lines().filter(|line| line.contains(" passed; ") || is_ours(line));
    results.fold(Count::default(), |sum, line| {
        let number = |what: &str| {
            let before = line.split(what).next().unwrap_or_default();
            before
                .rsplit([' ', '.', ';', ','])
                .find(|word| !word.is_empty())
                .and_then(|word| word.parse().ok())
        };
        let count = Count { passed: number(" passed").unwrap_or(0), failed: number(" failed").unwrap_or(0) };
        sum.plus(count)
    })
}

/// Sums up the report of `cargo xtask conformance` or `cargo xtask vectors`.
pub(crate) fn of_report(file: &Path) -> Count {
    let bytes = std::fs::read(file).unwrap_or_default();
    let report: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let mut count = of_summary(&report["summary"]);
    for run in report["runs"].as_array().into_iter().flatten() {
        count = count.plus(of_summary(&run["summary"]));
    }
    for mutant in report["mutants"].as_array().into_iter().flatten() {
        let killed = usize::from(mutant["outcome"] == "killed");
        count = count.plus(Count { passed: killed, failed: 1 - killed });
    }
    count
}

/// Leaves out what was not run; where it is a failure, the stage's exit status says so.
fn of_summary(summary: &Value) -> Count {
    let sum = |names: &[&str]| {
        let counts = names.iter().map(|name| summary[name].as_u64().unwrap_or(0));
        usize::try_from(counts.sum::<u64>()).unwrap_or(usize::MAX)
    };
    Count { passed: sum(&["pass", "deviation", "known_fail"]), failed: sum(&["fail", "error"]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest_is_summed_up() {
        let text = "running 2 tests\n..\ntest result: ok. 12 passed; 1 failed; 0 ignored\n\
                    test result: FAILED. 3 passed; 10 failed; 0 ignored; 0 measured\nnoise 7 passed\n\
                    2 passed, 1 failed\n";
        assert_eq!(of_libtest(text), Count { passed: 17, failed: 12 });
    }

    #[test]
    fn a_failed_stage_fails_at_least_once() {
        assert_eq!(Count::default().settled(false), Count { passed: 0, failed: 1 });
        assert_eq!(Count::default().settled(true), Count { passed: 1, failed: 0 });
        assert_eq!(Count { passed: 4, failed: 2 }.settled(false), Count { passed: 4, failed: 2 });
    }

    #[test]
    fn runs_and_mutants_are_summed_up() {
        let summary = serde_json::json!({"pass": 2, "error": 1, "not_run": 7});
        assert_eq!(of_summary(&summary), Count { passed: 2, failed: 1 });
    }
}
