//! Workers whose configuration cannot read what others wrote: tasks fail until a worker that can takes over.

use std::path::Path;

use extstore::ErrorKind;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;

use crate::crew::Way;
use crate::mounts::{mount, watched};
use crate::play::Script;
use crate::secrets::{Secrets, letters};
use crate::stage::Stage;
use crate::watch::Watch;

const LARGE: usize = 20_000;

/// The reference names a driver that this worker does not have.
pub(crate) async fn unknown_driver(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    let watch = Watch::default();
    let wrong = watched(DiskDriver::new(options(root.path()).with_name("another")).unwrap(), &watch);
    let told = taken_over(&stage, root.path(), &wrong, &["Config"]).await;
    assert!(watch.failures("workflow_task").iter().all(|failed| failed.kind == ErrorKind::Config));
    assert_eq!(watch.requests(), 0);
    told
}

/// The worker has no storage at all.
pub(crate) async fn without_storage(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    taken_over(&stage, root.path(), &Mount::without_storage(), &["[TMPRL1105]"]).await
}

async fn taken_over(stage: &Stage, root: &Path, wrong: &Mount, says: &[&str]) -> String {
    let right = mount(DiskDriver::new(options(root)).unwrap());
    let run = stage.start(&right, Script::new(letters("input", LARGE)).act(Way::Plain, LARGE)).await;
    let worker = stage.worker(wrong).await;
    let journal = run.until("a failed task", |journal| !journal.task_failures().is_empty()).await;
    assert!(journal.is_running());
    worker.stop().await;
    let worker = stage.worker(&right).await;
    assert!(run.ending().await.text == letters("result", LARGE), "the result arrives unchanged");
    worker.stop().await;
    let journal = run.journal().await;
    journal.check_completed((1, 0));
    journal.check(&Secrets::of_disk(root));
    journal.task_failures()[0].check_task(says);
    format!("completed by another worker after {:?}", journal.task_failures()[0].text)
}

fn options(root: &Path) -> DiskOptions {
    DiskOptions::new(root.join("payloads"))
}
