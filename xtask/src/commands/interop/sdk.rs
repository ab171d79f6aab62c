//! Installs, builds and starts the peer of each SDK. No other module treats one language differently from another.
//!
//! Everything goes into the target directory, under exactly the versions of the committed lock files; a second run
//! finds it there.

mod go;
mod python;
mod rust;
mod typescript;

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::Project;

/// Holds the command of a peer that can be started.
#[derive(Debug)]
pub(super) struct Program {
    program: OsString,
    args: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
}

/// An SDK's peer, or why its toolchain is missing.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) sdk: &'static str,
    pub(super) program: Result<Program, String>,
}

type Prepare = fn(&Project) -> Result<Result<Program, String>, Failure>;

const ALL: [(&str, Prepare); 4] = [
    ("rust", rust::prepare),
    ("python", python::prepare),
    ("go", go::prepare),
    ("typescript", typescript::prepare),
];

/// Prepares all peers side by side: most of the time is the network's.
pub(super) fn prepare(project: &Project) -> Result<Vec<Prepared>, Failure> {
    std::thread::scope(|scope| {
        let started = ALL.map(|(sdk, prepare)| (sdk, scope.spawn(move || prepare(project))));
        let ended = started.map(|(sdk, thread)| {
            let program =
                thread.join().unwrap_or_else(|_| Err(Failure::Broken("a thread panicked".to_owned())))?;
            Ok(Prepared { sdk, program })
        });
        ended.into_iter().collect()
    })
}

impl Program {
    fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), args: Vec::new(), environment: Vec::new() }
    }

    fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Prepared {
    /// Returns the Rust peer's program, which also does what xtask cannot: speak S3.
    pub(super) fn rust(&self) -> Option<&std::ffi::OsStr> {
        let program = self.program.as_ref().ok().filter(|_| self.sdk == "rust")?;
        Some(&program.program)
    }
}

/// Returns where an SDK's sources are, and where they are installed and built.
fn places(project: &Project, sdk: &str) -> Result<(PathBuf, PathBuf), Failure> {
    let built = project.target.join("interop").join(sdk);
    fs::create_dir_all(&built).while_doing(built.display())?;
    Ok((project.root.join("interop").join(sdk), built))
}

/// Returns what a tool prints, or says that it is missing.
fn tool(program: &str, args: &[&str], need: &str) -> Result<String, String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        _ => Err(format!("{program} is missing; this needs {need}")),
    }
}

/// Runs a step of an installation and says what it last printed if it fails.
fn install(step: Step, what: &str) -> Result<(), Failure> {
    let done = step.run()?;
    if done.success {
        Ok(())
    } else {
        Err(Failure::Broken(format!("{what}: {}\n{}", done.status, done.tail())))
    }
}

/// Carries out a step unless the same one was completed before; the stamp remembers from which inputs.
fn once(
    stamp: &Path,
    inputs: &[PathBuf],
    carry_out: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut hasher = DefaultHasher::new();
    for path in inputs {
        hasher.write(&fs::read(path).while_doing(path.display())?);
    }
    let wanted = format!("{:016x}", hasher.finish());
    if fs::read_to_string(stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    carry_out()?;
    fs::write(stamp, wanted).while_doing(stamp.display())
}
