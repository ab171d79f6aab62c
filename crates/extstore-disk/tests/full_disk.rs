//! Tests a full disk: a store fails with the right error, leaves nothing, and works again when there is room.
//!
//! The test starts itself in a mount namespace of its own with a tmpfs of 2 MiB, which ends with the process.
//! Where that is not allowed, it says that it did not run; in CI it fails.
#![allow(clippy::unwrap_used)]

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use extstore::object::RetryPolicy;
use extstore::{Claim, ErrorKind, Payload, Result, RetrieveContext, StorageDriver as _, StoreContext};
use extstore_disk::{DiskDriver, DiskOptions, object_path};

const SMALL: &str = "EXTSTORE_SMALL_DISK";

fn main() -> ExitCode {
    if let Some(directory) = std::env::var_os(SMALL) {
        child(Path::new(&directory));
        return ExitCode::SUCCESS;
    }
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    match on_a_small_disk() {
        Ok(Ran::Passed) => ExitCode::SUCCESS,
        Ok(Ran::NotMounted(reason)) if !in_ci => {
            say(&format!("NOT RUN: a tmpfs could not be mounted ({reason})"));
            ExitCode::SUCCESS
        }
        Ok(Ran::NotMounted(reason)) => {
            say(&format!("FAIL a tmpfs could not be mounted ({reason}), and CI requires this test"));
            ExitCode::FAILURE
        }
        Ok(Ran::Failed) => {
            say("FAIL on the small disk, see above");
            ExitCode::FAILURE
        }
        Err(error) => {
            say(&format!("FAIL {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Says how the test on the small disk ended.
enum Ran {
    Passed,
    Failed,
    /// The system does not allow a small disk, for this reason.
    NotMounted(String),
}

fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Runs this program on a small disk: as root in a new mount namespace, otherwise in a new user namespace too, which
/// most systems allow.
fn on_a_small_disk() -> io::Result<Ran> {
    let directory = tempfile::tempdir()?;
    let script = "mount -t tmpfs -o size=2m,mode=700 extstore \"$1\" || exit 99; echo MOUNTED; exec \"$2\"";
    let this = std::env::current_exe()?;
    let mut said = String::new();
    for flags in [&["--mount"][..], &["--mount", "--user", "--map-root-user"]] {
        let mut command = Command::new("unshare");
        command.args(flags).args(["sh", "-c", script, "sh"]).arg(directory.path()).arg(&this);
        let output = match command.env(SMALL, directory.path()).output() {
            Ok(output) => output,
            Err(error) => return Ok(Ran::NotMounted(format!("unshare: {error}"))),
        };
        said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if said.contains("MOUNTED") {
            say(&said);
            return Ok(if output.status.success() { Ran::Passed } else { Ran::Failed });
        }
    }
    Ok(Ran::NotMounted(said.trim().to_owned()))
}

#[tokio::main]
async fn child(directory: &Path) {
    say("BEGIN on a disk of 2 MiB");
    let root = directory.join("root");
    let retry = RetryPolicy::attempts(2).with_pauses(Duration::from_millis(1), Duration::from_millis(1));
    let driver = DiskDriver::new(DiskOptions::new(&root).with_known_keys(0).with_retry(retry)).unwrap();
    let (first, second) = (payload(1, 1 << 20), payload(2, 3 << 19));
    let kept = store(&driver, &first).await.unwrap();

    let error = store(&driver, &second).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(error.message().contains("disk is full"), "{error}");
    assert_eq!(error.vendor().code.as_deref(), Some("ENOSPC"));
    assert_eq!(error.attempts(), 2);
    assert_eq!(count(&root.join("tmp")), 0, "a temporary file stayed");
    assert_eq!(count_objects(&root), 1, "something partial is visible");

    let batch = vec![payload(3, 100), second.clone()];
    assert!(driver.store(&StoreContext::default(), batch).await.is_err());
    assert_eq!(count(&root.join("tmp")), 0);
    assert_eq!(retrieve(&driver, &kept).await.unwrap(), first);

    std::fs::remove_file(root.join(object_path(kept.get("key").unwrap()))).unwrap();
    let claim = store(&driver, &second).await.unwrap();
    assert_eq!(retrieve(&driver, &claim).await.unwrap(), second);
    say("ok   a full disk is Unavailable, leaves nothing partial, and is used again when there is room");
}

fn payload(first: u8, len: usize) -> Payload {
    Payload::new([("encoding", "binary/plain")], vec![first; len])
}

async fn store(driver: &DiskDriver, payload: &Payload) -> Result<Claim> {
    driver.store(&StoreContext::default(), vec![payload.clone()]).await.map(|mut claims| claims.remove(0))
}

async fn retrieve(driver: &DiskDriver, claim: &Claim) -> Result<Payload> {
    let payloads = driver.retrieve(&RetrieveContext::default(), vec![claim.clone()]).await;
    payloads.map(|mut payloads| payloads.remove(0))
}

fn count(directory: &Path) -> usize {
    std::fs::read_dir(directory).unwrap().count()
}

fn count_objects(root: &Path) -> usize {
    let shards = std::fs::read_dir(root.join("objects")).unwrap();
    shards.map(|shard| count(&shard.unwrap().path())).sum()
}
