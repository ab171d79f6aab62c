//! Implements `cargo xtask outward`: checks what somebody else gets of this project: versions, features, licences,
//! packages, words.

mod deny;
mod features;
mod package;
mod spelling;
mod toolchain;

use std::time::Instant;

use crate::command_line::{Command, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict};
use crate::project::Project;

pub(super) const COMMAND: Command = Command {
    name: "outward",
    about: "checks what others get: Rust version, features, dependencies, spelling, packages",
    operands: Operands::None,
    flags: &[],
    runs_drivers: false,
    run,
};

/// Says what is wrong, one text for each problem.
type Check = fn(&Project) -> Result<Vec<String>, Failure>;

const CHECKS: [(&str, Check); 5] = [
    ("the declared Rust version", toolchain::check),
    ("spelling", spelling::check),
    ("dependencies", deny::check),
    ("features", features::check),
    ("packages", package::check),
];

fn run(project: &Project, _: &Given) -> Outcome {
    let mut failed = 0;
    for (name, check) in CHECKS {
        let started = Instant::now();
        let problems = check(project)?;
        let verdict = if problems.is_empty() { "ok" } else { "FAILED" };
        println!("{name:<26} {:>6.1} s  {verdict}", started.elapsed().as_secs_f64());
        for problem in &problems {
            println!("  {}", problem.replace('\n', "\n  "));
        }
        failed += usize::from(!problems.is_empty());
    }
    println!("{} passed, {failed} failed", CHECKS.len() - failed);
    Ok(Verdict::of(failed == 0))
}
