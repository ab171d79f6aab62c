//! Reports what a run found, on the terminal and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::failure::{Failure, Verdict, While};

/// Holds the results of the whole run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// The versions of SDKs, languages and servers, by name.
    pub(super) versions: BTreeMap<String, String>,
    pub(super) rows: Vec<Row>,
    /// The results beside the matrix, which count as well.
    #[serde(skip)]
    pub(super) beside: Vec<Row>,
}

/// Holds the result of one writer, one reader, one codec and one position.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) writer: &'static str,
    pub(super) reader: &'static str,
    pub(super) codec: &'static str,
    pub(super) position: &'static str,
    /// `pass`; `inline` where the payload stayed in the history; `not_run` where a toolchain is missing; `fail`.
    pub(super) outcome: &'static str,
    /// The reason; empty where the row passed.
    pub(super) reason: String,
}

impl Report {
    pub(super) fn version(&mut self, name: &str, version: String) {
        self.versions.insert(name.to_owned(), version);
    }

    /// Returns what a peer says about itself.
    pub(super) fn versions_of(&mut self, peer: &Value) {
        for (name, version) in peer.as_object().into_iter().flatten() {
            self.version(name, version.as_str().unwrap_or_default().to_owned());
        }
    }

    /// A missing toolchain is named once, not once per row.
    pub(super) fn print(&self, require_all: bool) {
        for (name, version) in &self.versions {
            println!("{name:31} {version}");
        }
        for row in self.all().filter(|row| !matches!(row.outcome, "pass" | "not_run")) {
            let Row { writer, reader, codec, position, outcome, reason } = row;
            println!("{outcome:8} {writer} → {reader}, codec {codec}, {position}: {reason}");
        }
        let missing: BTreeSet<_> =
            self.all().filter(|row| row.outcome == "not_run").map(|row| &row.reason).collect();
        for reason in missing {
            println!("not run  {} rows: {reason}", self.all().filter(|row| row.reason == *reason).count());
        }
        let failed = self.failed() + if require_all { self.count("not_run") } else { 0 };
        println!("{} passed, {failed} failed", self.count("pass"));
    }

    pub(super) fn write_json(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).while_doing("writing the report")?;
        std::fs::write(path, text + "\n").while_doing(path.display())
    }

    pub(super) fn verdict(&self, require_all: bool) -> Verdict {
        super::verdict(self.failed(), self.count("not_run"), self.count("pass"), require_all)
    }

    /// Returns the rows that are neither a pass nor a missing toolchain.
    fn failed(&self) -> usize {
        self.all().count() - self.count("pass") - self.count("not_run")
    }

    fn count(&self, outcome: &str) -> usize {
        self.all().filter(|row| row.outcome == outcome).count()
    }

    fn all(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.beside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: &[&'static str]) -> Report {
        let row = |outcome| Row {
            writer: "rust",
            reader: "go",
            codec: "none",
            position: "memo",
            outcome,
            reason: String::new(),
        };
        Report { rows: outcomes.iter().copied().map(row).collect(), ..Report::default() }
    }

    #[test]
    fn inline_is_no_pass() {
        assert_eq!(report(&["pass", "inline"]).verdict(false), Verdict::Failed);
    }

    #[test]
    fn a_missing_toolchain_fails_where_all_are_required() {
        assert_eq!(report(&["pass", "not_run"]).verdict(false), Verdict::Passed);
        assert_eq!(report(&["pass", "not_run"]).verdict(true), Verdict::Failed);
    }

    #[test]
    fn nothing_run_is_a_failure() {
        assert_eq!(report(&["not_run"]).verdict(false), Verdict::Failed);
        assert_eq!(report(&[]).verdict(false), Verdict::Failed);
    }
}
