//! `cargo xtask run-tests PACKAGE/TARGET…`: runs test programs from one build of the whole workspace.
//!
//! `cargo test --package` would compile dependencies again, with the features of that package. The target of a crate's unit
//! tests has the crate's name: `extstore-s3/extstore_s3`. Two programs run at the same time, and what one printed is
//! printed when it ends. A program finds the servers of `cargo xtask with` in the environment.

use crate::command_line::{Command, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict};
use crate::lanes;
use crate::process::Variables;
use crate::programs::{self, Program};
use crate::project::Project;
use crate::selection::Selection;

pub(super) const COMMAND: Command = Command {
    name: "run-tests",
    about: "runs test programs from one build of the whole workspace",
    operands: Operands::Any("PACKAGE/TARGET…"),
    flags: &[],
    runs_drivers: true,
    run,
};

/// How many programs run at the same time.
const LANES: usize = 2;

fn run(project: &Project, given: &Given) -> Outcome {
    let selection = match &project.selection {
        Selection::Package => Selection::workspace(false),
        whole => whole.clone(),
    };
    let programs = programs::workspace(project, &selection)?;
    let named = given.operands.iter().map(|name| find(&programs, &name.to_string_lossy()));
    let named: Vec<_> = named.collect::<Result<_, _>>()?;
    let ended = lanes::run(LANES, &named, |program| run_one(project, program));
    let ended: Vec<_> = ended.into_iter().collect::<Result<_, _>>()?;
    Ok(Verdict::of(!ended.is_empty() && ended.iter().all(|passed| *passed)))
}

fn find<'p>(programs: &'p [Program], name: &str) -> Result<&'p Program, Failure> {
    let unknown = || Failure::Usage(format!("there is no test program {name:?}; a name is PACKAGE/TARGET"));
    programs.iter().find(|program| program.is_test && program.name() == name).ok_or_else(unknown)
}

/// Runs a program and says whether it passed.
fn run_one(project: &Project, program: &Program) -> Result<bool, Failure> {
    let log = format!("test-{}", program.name().replace('/', "-"));
    let finished = program.step(project, &log).envs(&servers()).run()?;
    let seconds = finished.took.as_secs_f64();
    let ending = if finished.success { "passed" } else { "FAILED" };
    let (name, status) = (program.name(), &finished.status);
    // At once, so that the output of no other program comes between.
    print!("\n-- {name}\n{}-- {name} {ending} in {seconds:.1} s ({status})\n", finished.text());
    Ok(finished.success)
}

/// What the environment says about servers, and whether they must be there.
fn servers() -> Variables {
    std::env::vars().filter(|(name, _)| name.starts_with("EXTSTORE_")).collect()
}
