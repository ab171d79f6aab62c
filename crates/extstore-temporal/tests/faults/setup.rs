//! Tests workers whose configuration cannot read the objects of others: tasks fail until a worker that can takes over.

use std::path::Path;

use extstore::ErrorKind;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;

use crate::activities::Behaviour;
use crate::fixture::Fixture;
use crate::mounts::{mount, mount_with};
use crate::observed::Observed;
use crate::secrets::{Secrets, letters};
use crate::workflow::Script;

const LARGE: usize = 20_000;

/// The reference names a driver that this worker does not have.
pub(crate) async fn unknown_driver(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    let observed = Observed::default();
    let wrong = mount_with(DiskDriver::new(options(root.path()).with_name("another")).unwrap(), &observed);
    let told = taken_over(&fixture, root.path(), &wrong, &["Config"]).await;
    assert!(observed.failures("workflow_task").iter().all(|failed| failed.kind == ErrorKind::Config));
    assert_eq!(observed.requests(), 0);
    told
}

/// The worker has no storage at all.
pub(crate) async fn without_storage(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    taken_over(&fixture, root.path(), &Mount::without_storage(), &["[TMPRL1105]"]).await
}

async fn taken_over(fixture: &Fixture, root: &Path, wrong: &Mount, says: &[&str]) -> String {
    let right = mount(DiskDriver::new(options(root)).unwrap());
    let run = fixture.start(&right, Script::new(letters("input", LARGE)).act(Behaviour::Plain, LARGE)).await;
    let worker = fixture.worker(wrong).await;
    let history = run.until("a failed task", |history| !history.failed_tasks().is_empty()).await;
    assert!(history.is_running());
    worker.stop().await;
    let worker = fixture.worker(&right).await;
    assert!(run.outcome().await.text == letters("result", LARGE), "the result arrives unchanged");
    worker.stop().await;
    let history = run.history().await;
    history.assert_completed(1, 0);
    Secrets::of_disk(root).check_history(&history);
    history.failed_tasks()[0].assert_storage(says);
    format!("completed by another worker after {:?}", history.failed_tasks()[0].text)
}

fn options(root: &Path) -> DiskOptions {
    DiskOptions::new(root.join("payloads"))
}
