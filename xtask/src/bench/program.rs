//! Programs that the benchmark builds or finds.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::failure::{Failure, While};
use crate::project::{Project, cargo};

/// The few fields of cargo's messages that say where an executable is.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Builds a crate's bench with all optimisations and returns its path.
pub(super) fn built(project: &Project, package: &str, bench: &str) -> Result<PathBuf, Failure> {
    let output = Command::new(cargo())
        .args([
            "bench",
            "--no-run",
            "--message-format=json-render-diagnostics",
            "--package",
            package,
            "--bench",
            bench,
        ])
        .current_dir(&project.root)
        .stderr(Stdio::inherit())
        .output()
        .while_doing("starting cargo bench")?;
    if !output.status.success() {
        return Err(Failure::Broken(format!("the bench {bench} of {package} does not build")));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let ours = |target: &Target| target.name == bench && target.kind.iter().any(|kind| kind == "bench");
    let mut executables = messages.filter(|message| message.target.as_ref().is_some_and(ours));
    let found = executables.find_map(|message| message.executable);
    found.ok_or_else(|| Failure::Broken(format!("cargo built no bench {bench} of {package}")))
}

/// The first line of what a program prints about itself.
pub(super) fn first_line(program: &str, args: &[&str]) -> Result<String, Failure> {
    let output = Command::new(program).args(args).output().while_doing(format!("starting {program}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}
