//! Implements `cargo xtask tidy`: prints the figures of the source, and checks the rules that no compiler checks.
//!
//! Sizes are printed and never fail; everything else fails with what to do about it.

mod alone;
mod arrows;
mod circles;
mod figures;
mod setters;
mod text;

use std::path::PathBuf;
use std::process::Command;

use crate::command_line::{Command as Described, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::project::Project;

pub(super) const COMMAND: Described = Described {
    name: "tidy",
    about: "prints sizes, and checks arrows between crates, circles between modules and rules of the text",
    operands: Operands::None,
    flags: &[],
    runs_drivers: false,
    run,
};

fn run(project: &Project, _: &Given) -> Outcome {
    let files = files(project)?;
    figures::print(project, &files)?;
    println!();
    let checks = [
        ("arrows between crates", arrows::check(project)),
        ("no circles between modules", circles::check(project)?),
        ("setters of the drivers", setters::check(project)?),
        ("text", text::check(project, &files)?),
        ("crates built alone", alone::check(project)?),
    ];
    let mut failed = 0;
    for (name, problems) in checks {
        println!("{:<30} {}", name, if problems.is_empty() { "ok" } else { "FAILED" });
        for problem in &problems {
            println!("  {problem}");
        }
        failed += usize::from(!problems.is_empty());
    }
    Ok(Verdict::of(failed == 0))
}

/// Lists every file that is part of the project, as paths from its root: what git tracks, and what it would add.
fn files(project: &Project) -> Result<Vec<PathBuf>, Failure> {
    let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(args).current_dir(&project.root).output();
    let output = output.while_doing("starting git")?;
    if !output.status.success() {
        return Err(Failure::Broken("tidy needs a git checkout: it looks at what git tracks".to_owned()));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut files: Vec<PathBuf> =
        names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    // A file that was deleted and not committed yet is still listed.
    files.retain(|file| project.root.join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
