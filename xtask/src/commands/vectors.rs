//! Implements `cargo xtask vectors [DIR]`: compares the golden vectors with what the drivers' own code makes of them.
//!
//! Each crate answers for the vectors of its own driver; what nobody answers for is not run, and that is a failure.

mod merge;

use std::fs;
use std::path::{Path, PathBuf};

use crate::command_line::{Command, Flag, Given, Operands};
use crate::crate_test::TestRun;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::programs;
use crate::project::Project;
use merge::{Ending, Expected, Merged, Reported};

const JSON: Flag = Flag::once("json", "FILE", "writes the report");

pub(super) const COMMAND: Command = Command {
    name: "vectors",
    about: "compares the golden vectors with what the drivers' own code makes of them",
    operands: Operands::Any("[DIR]"),
    flags: &[JSON],
    runs_drivers: true,
    run,
};

/// Names the test that compares, in each crate.
const TEST: &str = "vectors";

/// Lists the crates that answer; the first one answers for vectors that name no real driver.
const PACKAGES: [&str; 4] = ["extstore-vectors", "extstore-s3", "extstore-gcs", "extstore-redis"];

fn run(project: &Project, given: &Given) -> Outcome {
    let directory = match given.operands.as_slice() {
        [] => project.root.join("conformance/vectors"),
        [directory] => PathBuf::from(directory),
        _ => return Err(Failure::Usage("vectors takes one directory".to_owned())),
    };
    // The tests run in other directories than this command does.
    let directory = fs::canonicalize(&directory).while_doing(directory.display())?;
    let expected = merge::expected(&directory)?;
    let merged = merge(project, &directory, &expected)?;
    print(&merged);
    if let Some(file) = given.path(&JSON) {
        let text = serde_json::to_string_pretty(&merged).while_doing("writing the report as JSON")?;
        fs::write(&file, text + "\n").while_doing(file.display())?;
    }
    Ok(Verdict::of(merged.passed()))
}

fn merge(project: &Project, directory: &Path, expected: &[Expected]) -> Result<Merged, Failure> {
    let mut reported = Vec::new();
    let mut broken = Vec::new();
    for package in PACKAGES {
        let program = match programs::one(project, package, "test", TEST) {
            Ok(program) => program,
            Err(failure) => {
                broken.push(failure.to_string());
                continue;
            }
        };
        let variables = vec![("EXTSTORE_VECTORS".to_owned(), directory.display().to_string())];
        let name = format!("vectors-{package}");
        let test = TestRun { program: &program, name, variables };
        let ran = test.run::<Reported>(project)?;
        match ran.told {
            Ok(report) => {
                if !ran.success && report.vectors.iter().all(|vector| !vector.outcome.is_failure()) {
                    broken.push(format!("{package} failed without a failed vector ({})", ran.see));
                }
                reported.push((package, report));
            }
            Err(reason) => broken.push(format!("{package}: {reason}")),
        }
    }
    Ok(Merged::of(expected, reported, broken))
}

fn print(merged: &Merged) {
    for vector in merged.vectors.iter().filter(|vector| vector.outcome != Ending::Pass) {
        println!("  {:<10} {:<22} {:<44} {}", vector.outcome.word(), vector.file, vector.name, vector.reason);
    }
    for error in &merged.errors {
        println!("  {:<10} {error}", "ERROR");
    }
    let summary = &merged.summary;
    println!(
        "{} pass, {} fail, {} deviation, {} not run",
        summary.pass, summary.fail, summary.deviation, summary.not_run
    );
}
