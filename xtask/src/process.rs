//! Runs a command with its output kept in a log.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::canary;
use crate::failure::{Failure, While};
use crate::project::{Project, cargo};

/// Holds environment variables: name and value.
pub(crate) type Variables = Vec<(String, String)>;

/// Names the program of Temporal's development server, whatever its version: the one variable of ours that a command
/// inherits.
pub(crate) const TEMPORAL: &str = "EXTSTORE_TEMPORAL";

/// Describes a command before it runs.
#[derive(Debug)]
pub(crate) struct Step {
    command: Command,
    log: PathBuf,
    live: bool,
}

/// Describes a command that ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    pub(crate) status: String,
    pub(crate) log: PathBuf,
    pub(crate) took: Duration,
}

impl Step {
    /// Makes a cargo command in the workspace whose output goes to `target/xtask-logs/NAME.log`.
    ///
    /// Of our variables it sees only those that are given to it, so that a run does not depend on the shell that it was
    /// started from; but it uses the same Temporal server's program.
    pub(crate) fn cargo<S: AsRef<OsStr>>(
        project: &Project,
        name: &str,
        args: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::program(project, name, cargo(), args)
    }

    /// Makes the same for any program.
    pub(crate) fn program<S: AsRef<OsStr>>(
        project: &Project,
        name: &str,
        program: impl AsRef<OsStr>,
        args: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut command = Command::new(program);
        command.args(args).current_dir(&project.root);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("EXTSTORE_") && name != TEMPORAL {
                command.env_remove(name);
            }
        }
        command.env(canary::VARIABLE, project.canary.word());
        Self { command, log: project.logs().join(format!("{name}.log")), live: false }
    }

    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs(mut self, variables: &[(String, String)]) -> Self {
        self.command.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    /// Runs the command elsewhere than in the root of the workspace.
    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Also prints the output while the command runs.
    pub(crate) fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// Runs the command. It writes to the log itself rather than into a pipe, so that a process that it left behind
    /// cannot hold us up.
    pub(crate) fn run(mut self) -> Result<Finished, Failure> {
        let log = &self.log;
        fs::create_dir_all(log.parent().unwrap_or(log)).while_doing("making the directory of logs")?;
        let output = File::create(log).while_doing(log.display())?;
        let errors = output.try_clone().while_doing(log.display())?;
        let started = Instant::now();
        let program = self.command.get_program().to_string_lossy().into_owned();
        let mut child =
            self.command.stdout(output).stderr(errors).spawn().while_doing(format!("starting {program}"))?;
        let status = if self.live { follow(&mut child, log) } else { child.wait() }.while_doing(program)?;
        Ok(Finished {
            success: status.success(),
            status: status.to_string(),
            log: self.log,
            took: started.elapsed(),
        })
    }
}

impl Finished {
    pub(crate) fn text(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Returns the last lines of the output, for a reader who has to find out what went wrong.
    pub(crate) fn tail(&self) -> String {
        let text = self.text();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

/// Prints what a child appends to its log until it ends.
fn follow(child: &mut std::process::Child, log: &Path) -> std::io::Result<std::process::ExitStatus> {
    let mut reader = File::open(log)?;
    let mut chunk = Vec::new();
    loop {
        let ended = child.try_wait()?;
        chunk.clear();
        reader.read_to_end(&mut chunk)?;
        std::io::stdout().write_all(&chunk)?;
        std::io::stdout().flush()?;
        if let Some(status) = ended {
            return Ok(status);
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "a log that another process writes tells nobody that it has grown"
        )]
        std::thread::sleep(Duration::from_millis(100));
    }
}
