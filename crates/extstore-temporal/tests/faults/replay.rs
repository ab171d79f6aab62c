//! Tests objects that are missing or changed when a history is replayed: the task fails, and the workflow waits until
//! they are back.

use std::fs;
use std::path::{Path, PathBuf};

use extstore_disk::{DiskDriver, DiskOptions};

use crate::activities::Behaviour;
use crate::fixture::Fixture;
use crate::mounts::{mount, mount_with};
use crate::observed::Observed;
use crate::run::Run;
use crate::secrets::{Secrets, letters};
use crate::workflow::Script;

const LARGE: usize = 20_000;

pub(crate) async fn missing(fixture: Fixture) -> String {
    replayed(
        fixture,
        "NotFound",
        |object| fs::rename(object, hidden(object)),
        |object| fs::rename(hidden(object), object),
    )
    .await
}

pub(crate) async fn corrupted(fixture: Fixture) -> String {
    replayed(fixture, "Integrity", flip, flip).await
}

type Change = fn(&Path) -> std::io::Result<()>;

/// A worker stops and its objects are damaged; another replays and fails, and completes once they are repaired.
async fn replayed(fixture: Fixture, kind: &str, damage: Change, repair: Change) -> String {
    let root = tempfile::tempdir().unwrap();
    let driver = || DiskDriver::new(DiskOptions::new(root.path().join("payloads"))).unwrap();
    let script = Script::new(letters("input", LARGE)).act(Behaviour::Plain, LARGE).wait();
    let run = fixture.start(&mount(driver()), script).await;
    let first = fixture.worker(&mount(driver())).await;
    run.until_it_waits().await;
    first.stop().await;

    let objects = objects(root.path());
    assert!(objects.len() >= 2, "input and result are stored: {}", objects.len());
    objects.iter().for_each(|object| damage(object).unwrap());
    let observed = Observed::default();
    let second = fixture.worker(&mount_with(driver(), &observed)).await;
    run.go().await;
    let history = run.until("a failed task", |history| !history.failed_tasks().is_empty()).await;
    assert!(history.is_running());
    objects.iter().for_each(|object| repair(object).unwrap());
    assert!(run.outcome().await.text == letters("result", LARGE), "the result arrives unchanged");
    second.stop().await;
    assert!(observed.failures("workflow_task").iter().any(|failed| failed.reported), "it is observed");
    told(&run, kind, root.path(), objects.len()).await
}

async fn told(run: &Run, kind: &str, root: &Path, objects: usize) -> String {
    let history = run.history().await;
    history.assert_completed(1, 0);
    Secrets::of_disk(root).check_history(&history);
    let failure = &history.failed_tasks()[0];
    failure.assert_storage(&[kind]);
    format!("{objects} objects, 1 failed task (cause {}): {:?}", failure.cause, failure.text)
}

/// Lists all stored files, which lie in the directories of `objects`.
fn objects(root: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(root.join("payloads/objects")).unwrap();
    let files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

fn hidden(object: &Path) -> PathBuf {
    object.with_extension("hidden")
}

/// Changes one bit; the second call undoes the first.
fn flip(object: &Path) -> std::io::Result<()> {
    let mut bytes = fs::read(object)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(object, bytes)
}
