//! Writes the verdicts for people.

use std::io::{self, Write};
use std::process::ExitCode;

use super::verdict::Verdict;
use super::{Mutant, WITHOUT_MUTANT};

/// Names as the usual test harness lists them, or a table for people.
pub(super) fn list(mutants: &[Mutant], terse: bool) -> ExitCode {
    let mut out = io::stdout().lock();
    for mutant in mutants {
        let _ = if terse {
            writeln!(out, "{}: test", mutant.name)
        } else {
            writeln!(out, "mutant/{:<46} {}", mutant.name, mutant.killer)
        };
    }
    ExitCode::SUCCESS
}

pub(super) fn print(verdicts: &[Verdict], uncovered: &[&str]) {
    // A closed pipe at the other end does not change what was found.
    let _ = write(verdicts, uncovered, &mut io::stdout().lock());
}

fn write(verdicts: &[Verdict], uncovered: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let (mut killed, mut imprecise) = (0, 0);
    for verdict in verdicts {
        let result = verdict.result();
        killed += usize::from(result.outcome == "killed");
        imprecise += usize::from(!result.also_failed.is_empty());
        let word = if result.outcome == "killed" { "killed" } else { "SURVIVED" };
        let seconds = verdict.elapsed.as_secs_f64();
        writeln!(out, "{word:<9} {:<46} {:<34} {seconds:>5.1} s", result.name, result.killer)?;
        if !result.related_failed.is_empty() {
            writeln!(out, "          related: {}", result.related_failed.join(", "))?;
        }
        if !result.also_failed.is_empty() {
            writeln!(out, "          UNRELATED: {}", result.also_failed.join(", "))?;
        }
    }
    for (case, reason) in WITHOUT_MUTANT {
        writeln!(out, "no mutant {case}: {reason}")?;
    }
    for case in uncovered {
        writeln!(out, "UNPROVED  {case}: no mutant fails it, and no reason is given")?;
    }
    writeln!(out, "{} mutants, {killed} killed, {imprecise} with unrelated failures", verdicts.len())
}
