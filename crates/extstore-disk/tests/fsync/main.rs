//! Tests by the system calls of a store that nothing is acknowledged before it is durable.
//!
//! The test starts itself under `strace`. To show that it can fail, it has the kernel skip each `fsync` in
//! turn, and must then complain about exactly that one.

mod rules;
mod trace;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use extstore::{ErrorKind, Payload, StorageDriver as _, StoreContext};
use extstore_disk::{DiskDriver, DiskOptions};
use rules::{Store, Synced};
use tempfile::TempDir;

const ROOT: &str = "EXTSTORE_FSYNC_ROOT";
/// Names the variable that is set for a child that stores, loses all objects, and stores again.
const EMPTIED: &str = "EXTSTORE_FSYNC_EMPTIED";
const FIRST: &str = "emptied";
const STORED: &str = "acknowledged";
const UNSUPPORTED: &str = "unsupported";
const CALLS: &str = "trace=openat,mkdirat,write,fsync,fdatasync,linkat,renameat2,unlinkat";
const NO_LINKS: &str = "inject=linkat:error=EPERM";
const NO_RENAME: &str = "inject=renameat2:error=EINVAL";

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let outcome = match std::env::var_os(ROOT) {
        Some(root) => child(Path::new(&root)),
        None => parent(),
    };
    outcome.map_or_else(
        |error| {
            say(&format!("FAIL {error}"));
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Stores one payload and says so, as a worker does that answers the server.
#[tokio::main(flavor = "current_thread")]
async fn child(root: &Path) -> Outcome {
    let driver = DiskDriver::new(DiskOptions::new(root).with_known_keys(0))?;
    let payload = Payload::new([("encoding", "binary/plain")], "payload");
    if std::env::var_os(EMPTIED).is_some() {
        driver.store(&StoreContext::default(), vec![payload.clone()]).await?;
        std::fs::remove_dir_all(root.join("objects"))?;
        say(FIRST);
    }
    match driver.store(&StoreContext::default(), vec![payload]).await {
        Ok(_) => say(STORED),
        Err(error) if error.kind() == ErrorKind::Unsupported => say(UNSUPPORTED),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn parent() -> Outcome {
    if Command::new("strace").arg("-V").output().is_err() {
        if std::env::var("CI").is_ok_and(|value| value == "true") {
            return Err("strace is not installed, and CI requires this test".into());
        }
        say("NOT RUN: strace is not installed (apt-get install strace)");
        return Ok(());
    }
    prove("a fresh object", false, &[], Store::missing_for_new)?;
    prove("a fresh object where there are no hard links", false, &[NO_LINKS], Store::missing_for_new)?;
    prove("an object that is there already", true, &[], Store::missing_for_existing)?;
    syncs_directories_that_were_removed()?;
    refuses_a_file_system_without_either()
}

/// Checks a store as it is, then with each of its syncs taken out.
fn prove(what: &str, exists: bool, inject: &[&str], missing: fn(&Store) -> Vec<Synced>) -> Outcome {
    let (found, syncs) = stored(exists, inject, |store| (missing(store), store.syncs()))?;
    if !found.is_empty() {
        return Err(format!("{what} is acknowledged before {found:?} is synced").into());
    }
    for (number, synced) in syncs.iter().enumerate() {
        let skip = format!("inject=fsync:retval=0:when={}", number + 1);
        let found = stored(exists, &[inject, &[&skip]].concat(), missing)?;
        if found != [*synced] {
            return Err(format!("{what}: without the sync of {synced:?} this test misses {found:?}").into());
        }
    }
    say(&format!("ok   {what} is acknowledged after {syncs:?}, and each one's absence is noticed"));
    Ok(())
}

/// A file system gives the inodes of directories that were removed to those that are made next.
fn syncs_directories_that_were_removed() -> Outcome {
    let run = Traced::new()?;
    run.trace(Command::new("strace").env(EMPTIED, "1"), &[])?;
    let missing = run.calls(|calls| {
        let again = calls.into_iter().skip_while(|call| !call.writes(FIRST)).collect();
        Store::new(run.root.clone(), again, STORED).map(|store| store.missing_for_new())
    })?;
    // The root stayed, so its entry is durable since the first store.
    if missing.as_deref() != Some(&[Synced::Root]) {
        return Err(format!("after all objects were removed, a store misses {missing:?}").into());
    }
    say("ok   directories that were removed are synced when they are made again");
    Ok(())
}

fn refuses_a_file_system_without_either() -> Outcome {
    let run = Traced::run(false, &[NO_LINKS, NO_RENAME])?;
    if !run.calls(|calls| calls.iter().any(|call| call.writes(UNSUPPORTED)))? {
        return Err("without links and renames, a store must fail with `Unsupported`".into());
    }
    if std::fs::read_dir(run.root.join("tmp"))?.next().is_some() {
        return Err("a store that failed left its temporary file".into());
    }
    say("ok   where files can be neither linked nor renamed, nothing is acknowledged and nothing is left");
    Ok(())
}

/// Traces a store that is acknowledged.
fn stored<T>(exists: bool, inject: &[&str], look: impl Fn(&Store) -> T) -> Outcome<T> {
    let run = Traced::run(exists, inject)?;
    let found = run.calls(|calls| Store::new(run.root.clone(), calls, STORED).map(|store| look(&store)))?;
    found.ok_or_else(|| "the child did not acknowledge its store".into())
}

/// Runs the child once under `strace`, in a root of its own.
struct Traced {
    directory: TempDir,
    root: PathBuf,
}

impl Traced {
    fn new() -> Outcome<Self> {
        // Resolved, because the trace shows resolved paths.
        let directory = tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR")).canonicalize()?)?;
        let root = directory.path().join("around/root");
        std::fs::create_dir(directory.path().join("around"))?;
        Ok(Self { directory, root })
    }

    fn run(exists: bool, inject: &[&str]) -> Outcome<Self> {
        let run = Self::new()?;
        if exists {
            run.start(&mut Command::new(std::env::current_exe()?))?;
        }
        run.trace(&mut Command::new("strace"), inject)?;
        Ok(run)
    }

    fn trace(&self, strace: &mut Command, inject: &[&str]) -> Outcome {
        strace.args(["-f", "-y", "-s", "256", "-e", CALLS, "-o"]).arg(self.output());
        for inject in inject {
            strace.args(["-e", inject]);
        }
        self.start(strace.arg(std::env::current_exe()?))
    }

    fn start(&self, command: &mut Command) -> Outcome {
        let output = command.env(ROOT, &self.root).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(format!("the child failed: {}", String::from_utf8_lossy(&said)).into())
    }

    fn output(&self) -> PathBuf {
        self.directory.path().join("trace")
    }

    fn calls<T>(&self, look: impl FnOnce(Vec<trace::Call>) -> T) -> io::Result<T> {
        Ok(look(trace::parse(&std::fs::read_to_string(self.output())?)))
    }
}
