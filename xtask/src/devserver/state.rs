//! The server's database file.

use std::fs;
use std::path::{Path, PathBuf};

use super::Database;
use crate::canary::random_hex;
use crate::failure::{Failure, While};
use crate::project::Project;

/// A database file, and the directory around it if that is ours to remove.
#[derive(Debug)]
pub(super) struct State {
    file: PathBuf,
    ours: Option<PathBuf>,
}

impl State {
    pub(super) fn of(project: &Project, database: &Database) -> Result<Self, Failure> {
        if let Database::File(file) = database {
            return Ok(Self { file: file.clone(), ours: None });
        }
        let states = project.target.join("temporal-state");
        sweep(&states);
        let directory = states.join(format!("{}-{}", std::process::id(), random_hex()?));
        fs::create_dir_all(&directory).while_doing(directory.display())?;
        Ok(Self { file: directory.join("temporal.db"), ours: Some(directory) })
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn remove(&mut self) -> Result<(), Failure> {
        let Some(directory) = self.ours.take() else { return Ok(()) };
        fs::remove_dir_all(&directory).while_doing(directory.display())
    }
}

/// Removes what runs left behind that were killed. Where processes cannot be looked up, it stays.
fn sweep(states: &Path) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for state in fs::read_dir(states).into_iter().flatten().flatten() {
        let name = state.file_name().to_string_lossy().into_owned();
        let owner = name.split('-').next().unwrap_or_default();
        if !processes.join(owner).exists() {
            // Another run may be sweeping too.
            let _ = fs::remove_dir_all(state.path());
        }
    }
}
