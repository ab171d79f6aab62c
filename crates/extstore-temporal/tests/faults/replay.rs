//! Objects that are gone or wrong when a history is replayed: the task fails, the workflow waits until they are back.

use std::fs;
use std::path::{Path, PathBuf};

use extstore_disk::{DiskDriver, DiskOptions};

use crate::crew::Way;
use crate::mounts::{mount, watched};
use crate::play::Script;
use crate::secrets::{Secrets, letters};
use crate::stage::{Run, Stage};
use crate::watch::Watch;

const LARGE: usize = 20_000;

pub(crate) async fn missing(stage: Stage) -> String {
    replayed(
        stage,
        "NotFound",
        |object| fs::rename(object, hidden(object)),
        |object| fs::rename(hidden(object), object),
    )
    .await
}

pub(crate) async fn corrupted(stage: Stage) -> String {
    replayed(stage, "Integrity", flip, flip).await
}

type Change = fn(&Path) -> std::io::Result<()>;

/// A worker stops, its objects are spoilt, another replays, fails, and completes once they are mended.
async fn replayed(stage: Stage, kind: &str, spoil: Change, mend: Change) -> String {
    let root = tempfile::tempdir().unwrap();
    let driver = || DiskDriver::new(DiskOptions::new(root.path().join("payloads"))).unwrap();
    let script = Script::new(letters("input", LARGE)).act(Way::Plain, LARGE).wait();
    let run = stage.start(&mount(driver()), script).await;
    let first = stage.worker(&mount(driver())).await;
    run.until_it_waits().await;
    first.stop().await;

    let objects = objects(root.path());
    assert!(objects.len() >= 2, "input and result are stored: {}", objects.len());
    objects.iter().for_each(|object| spoil(object).unwrap());
    let watch = Watch::default();
    let second = stage.worker(&watched(driver(), &watch)).await;
    run.go().await;
    let journal = run.until("a failed task", |journal| !journal.task_failures().is_empty()).await;
    assert!(journal.is_running());
    objects.iter().for_each(|object| mend(object).unwrap());
    assert!(run.ending().await.text == letters("result", LARGE), "the result arrives unchanged");
    second.stop().await;
    assert!(watch.failures("workflow_task").iter().any(|failed| failed.reported), "it is observed");
    told(&run, kind, root.path(), objects.len()).await
}

async fn told(run: &Run, kind: &str, root: &Path, objects: usize) -> String {
    let journal = run.journal().await;
    journal.check_completed((1, 0));
    journal.check(&Secrets::of_disk(root));
    let failure = &journal.task_failures()[0];
    failure.check_task(&[kind]);
    format!("{objects} objects, 1 failed task (cause {}): {:?}", failure.cause, failure.text)
}

/// All stored files, which lie two directories below `objects`.
fn objects(root: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(root.join("payloads/objects")).unwrap();
    let files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

fn hidden(object: &Path) -> PathBuf {
    object.with_extension("hidden")
}

/// Twice is not at all.
fn flip(object: &Path) -> std::io::Result<()> {
    let mut bytes = fs::read(object)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(object, bytes)
}
