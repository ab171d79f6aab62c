//! Reads the messages in which cargo says what it built.

use std::path::PathBuf;

use serde::Deserialize;

use super::Program;
use crate::project::Project;

/// Holds the few fields that say where an executable is and what it was built from.
#[derive(Deserialize)]
struct Message {
    manifest_path: PathBuf,
    target: Target,
    profile: Profile,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// The programs of members in what cargo printed.
pub(super) fn programs(project: &Project, text: &str) -> Vec<Program> {
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    messages.filter_map(|message| program(project, message)).collect()
}

fn program(project: &Project, message: Message) -> Option<Program> {
    let package = project.packages.iter().find(|package| package.manifest_path == message.manifest_path)?;
    Some(Program {
        package: package.name.clone(),
        target: message.target.name,
        kind: message.target.kind.into_iter().next()?,
        is_test: message.profile.test,
        directory: package.directory().to_owned(),
        path: message.executable?,
    })
}
