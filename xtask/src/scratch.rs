//! Makes directories for one run of a command, under cargo's target directory.

use std::fs;
use std::path::{Path, PathBuf};

use crate::canary::random_hex;
use crate::failure::{Failure, While};
use crate::project::Project;

/// Holds a fresh directory that is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    directory: PathBuf,
    kept: bool,
}

impl Scratch {
    /// Makes `target/PURPOSE/PROCESS-RANDOM`, and removes what killed runs left there.
    pub(crate) fn new(project: &Project, purpose: &str) -> Result<Self, Failure> {
        let around = project.target.join(purpose);
        sweep(&around);
        let name = format!("{}-{}", std::process::id(), random_hex()?);
        Self::make(around.join(name), false)
    }

    /// Makes `target/PURPOSE/kept-RANDOM`, which stays until its user removes it.
    pub(crate) fn kept(project: &Project, purpose: &str) -> Result<Self, Failure> {
        Self::make(project.target.join(purpose).join(format!("kept-{}", &random_hex()?[..8])), true)
    }

    fn make(directory: PathBuf, kept: bool) -> Result<Self, Failure> {
        fs::create_dir_all(&directory).while_doing(directory.display())?;
        Ok(Self { directory, kept })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.directory
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = fs::remove_dir_all(&self.directory) {
            eprintln!("xtask: {} stays: {error}", self.directory.display());
        }
    }
}

/// Removes the directories of processes that are gone. Where processes cannot be looked up, they stay.
fn sweep(around: &Path) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for found in fs::read_dir(around).into_iter().flatten().flatten() {
        let name = found.file_name().to_string_lossy().into_owned();
        let owner = name.split('-').next().unwrap_or_default();
        let is_process = !owner.is_empty() && owner.bytes().all(|byte| byte.is_ascii_digit());
        if is_process && !processes.join(owner).exists() {
            // Another run may be sweeping too.
            let _ = fs::remove_dir_all(found.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_dead_processes_left_is_swept() {
        let around = std::env::temp_dir().join(format!("scratch-{}", random_hex().expect("random bytes")));
        let ours = format!("{}-aa", std::process::id());
        // No process has the largest number: the kernel's limit is 2^22.
        for name in [ours.as_str(), "4294967295-bb", "kept-cc"] {
            fs::create_dir_all(around.join(name)).expect("a directory");
        }
        sweep(&around);
        let left = |name: &str| around.join(name).exists();
        let left = [left(&ours), left("4294967295-bb"), left("kept-cc")];
        fs::remove_dir_all(&around).expect("removed");
        let swept = !Path::new("/proc/self").exists();
        assert_eq!(left, [true, swept, true]);
    }
}
