//! Writes the report for people.

use std::io::{self, Write};

use crate::report::{CaseReport, Outcome, Report, Run, Summary};

impl Report {
    /// Writes the report as text: a table per group, what did not run and why, and every failure with
    /// the command that repeats it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        self.runs.iter().try_for_each(|run| run.write_text(out))
    }
}

impl Run {
    fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} on {} ({}), seed {}", self.driver, self.backend, self.product, self.seed)?;
        for (group, cases) in groups(&self.cases) {
            let millis: u64 = cases.iter().map(|case| case.millis).sum();
            writeln!(out, "  {group:<12} {:<52} {:>6.1} s", counts(&Summary::of(&cases)), seconds(millis))?;
        }
        for case in &self.cases {
            self.explain(case, out)?;
        }
        writeln!(out, "{} cases: {}", self.cases.len(), counts(&self.summary))
    }

    fn explain(&self, case: &CaseReport, out: &mut dyn Write) -> io::Result<()> {
        let reason = &case.expected;
        match case.outcome {
            Outcome::Pass if case.partial.is_empty() => Ok(()),
            Outcome::Pass => writeln!(out, "pass in part {}: {}", case.id, case.partial),
            Outcome::Unsupported => writeln!(out, "unsupported  {}: {reason}", case.id),
            Outcome::NotRun => writeln!(out, "not run      {}: {reason}", case.id),
            Outcome::KnownFail => writeln!(out, "known fail   {}: {reason}: {}", case.id, case.observed),
            Outcome::Fail => self.complain("FAIL", case, out),
            Outcome::Error => self.complain("ERROR", case, out),
        }
    }

    fn complain(&self, word: &str, case: &CaseReport, out: &mut dyn Write) -> io::Result<()> {
        let Self { driver, backend, seed, .. } = self;
        writeln!(out, "{word} {}  {}  {driver} / {backend} / seed {seed}", case.id, case.rules.join(" "))?;
        for (label, text) in [
            ("did", &case.does),
            ("expected", &case.expected),
            ("observed", &case.observed),
            ("matters", &case.matters),
            ("repeat", &case.repeat),
        ] {
            writeln!(out, "  {label:<9} {text}")?;
        }
        Ok(())
    }
}

fn seconds(millis: u64) -> f64 {
    std::time::Duration::from_millis(millis).as_secs_f64()
}

/// Groups cases by the part of their id before the dot, in the order in which the groups come.
fn groups(cases: &[CaseReport]) -> Vec<(&str, Vec<CaseReport>)> {
    let mut groups: Vec<(&str, Vec<CaseReport>)> = Vec::new();
    for case in cases {
        let group = case.id.split('.').next().unwrap_or_default();
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, members)) => members.push(case.clone()),
            None => groups.push((group, vec![case.clone()])),
        }
    }
    groups
}

fn counts(summary: &Summary) -> String {
    let all = [
        (summary.pass, "pass"),
        (summary.fail, "FAIL"),
        (summary.error, "ERROR"),
        (summary.unsupported, "unsupported"),
        (summary.not_run, "not run"),
        (summary.known_fail, "known fail"),
    ];
    let shown: Vec<String> = all
        .iter()
        .filter(|(count, name)| *count > 0 || *name == "pass")
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    shown.join(", ")
}
