//! Builds programs with cargo for a command, and finds them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::failure::{Failure, While};
use crate::project::{Project, cargo};

/// Holds the few fields of cargo's output that say where an executable is.
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

/// Runs a cargo command that builds a target of a package, `kind` being `bench` or `example`, and returns the
/// program's path. Whoever waits sees the progress.
pub(crate) fn build(
    project: &Project,
    command: &[&str],
    package: &str,
    kind: &str,
    name: &str,
) -> Result<PathBuf, Failure> {
    let output = Command::new(cargo())
        .args(command)
        .args(["--message-format=json-render-diagnostics", "--package", package])
        .args([&format!("--{kind}"), name])
        .current_dir(&project.root)
        .stderr(Stdio::inherit())
        .output()
        .while_doing(format!("starting cargo {}", command.join(" ")))?;
    if !output.status.success() {
        return Err(Failure::Broken(format!("the {kind} {name} of {package} does not build")));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let ours = |target: &Target| target.name == name && target.kind.iter().any(|found| found == kind);
    let mut executables = messages.filter(|message| message.target.as_ref().is_some_and(ours));
    let found = executables.find_map(|message| message.executable);
    found.ok_or_else(|| Failure::Broken(format!("cargo built no {kind} {name} of {package}")))
}
