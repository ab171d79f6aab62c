//! Prints the report: a table for each run, every failure in full, a summary.

use super::report::{Case, Ending, Fate, Mutant, Report, Run, Summary};
use crate::project::Project;

impl Report {
    pub(crate) fn print(&self, project: &Project) {
        for run in &self.runs {
            print_run(run);
        }
        if !self.mutants.is_empty() {
            print_mutants(&self.mutants);
        }
        println!();
        for run in &self.runs {
            println!("{:<10} {:<22} {}", run.driver, place(run), counts(run.summary));
        }
        if !self.mutants.is_empty() {
            let killed = self.mutants.iter().filter(|mutant| mutant.outcome == Fate::Killed).count();
            println!("{:<33} {killed} killed, {} survived", "mutants", self.mutants.len() - killed);
        }
        if self.executed() == 0 {
            println!("nothing ran: `cargo xtask conformance --list` shows the cases");
        } else if self.failed() > 0 {
            println!("the output of each suite is in {}", project.shown(&project.logs()));
        }
    }
}

fn print_run(run: &Run) {
    println!("\n{} on {}", run.driver, place(run));
    if let Some(reason) = run.reason_not_run() {
        println!("  not run: {reason}");
        return;
    }
    for case in &run.cases {
        let remark = if case.outcome == Ending::Pass { "" } else { remark(case) };
        println!(
            "  {:<11} {:>7} ms  {:<9} {:<44} {remark}",
            word(case.outcome),
            case.millis,
            case.level,
            case.id
        );
    }
    for case in run.cases.iter().filter(|case| matches!(case.outcome, Ending::Fail | Ending::Error)) {
        println!("\n  {} [{}]", case.id, case.rules.join(", "));
        println!(
            "    expected  {}\n    observed  {}\n    repeat    {}",
            case.expected, case.observed, case.repeat
        );
    }
}

fn print_mutants(mutants: &[Mutant]) {
    println!("\nmutants");
    for mutant in mutants {
        let fate = if mutant.outcome == Fate::Killed { "killed" } else { "SURVIVED" };
        println!("  {fate:<11} {:<40} {:<40} {}", mutant.name, mutant.killer, mutant.also_failed.join(" "));
    }
}

/// Names the product where one is known, otherwise the backend.
fn place(run: &Run) -> &str {
    if run.product.is_empty() { &run.backend } else { &run.product }
}

/// Says in one line why a case did not pass: a skip gives its reason in either field.
fn remark(case: &Case) -> &str {
    let text = if case.observed.is_empty() { &case.expected } else { &case.observed };
    text.lines().next().unwrap_or_default()
}

fn word(ending: Ending) -> &'static str {
    match ending {
        Ending::Pass => "pass",
        Ending::Fail => "FAIL",
        Ending::Error => "ERROR",
        Ending::Unsupported => "unsupported",
        Ending::NotRun => "not run",
        Ending::KnownFail => "known fail",
    }
}

fn counts(summary: Summary) -> String {
    let Summary { pass, fail, error, unsupported, not_run, known_fail } = summary;
    format!(
        "{pass} pass, {fail} fail, {error} error, {unsupported} unsupported, {not_run} not run, {known_fail} known fail"
    )
}
