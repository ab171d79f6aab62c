//! Tests a worker that stops while the store is slow.

use std::time::Duration;

use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::memory_store::MemoryStore;
use crate::support::fixture::{Fixture, result};
use crate::support::worker::RunningWorker;
use crate::text::{LARGE, tag_of, text};
use crate::workers::{self, Work};
use crate::workflows::Carry;

/// Bounds the time that a worker may take to stop. An upload that never ends would be given up after 20 seconds.
const SOON: Duration = Duration::from_secs(30);

/// The upload goes on: a worker that stops lets what it has begun end.
pub(crate) async fn during_an_upload(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let slow = store.of_another_process();
    slow.uploads().close();
    let first = workers::start(&fixture, &slow.mount()).await;
    let client = fixture.client(&store.mount()).await;
    let handle =
        client.start_workflow(Carry::run, text("carried", LARGE), fixture.start_options()).await.unwrap();
    slow.uploads().is_reached().await;
    first.shut_down();
    slow.uploads().open();
    first.stopped(SOON).await;

    let second = workers::start(&fixture, &store.of_another_process().mount()).await;
    assert_eq!(tag_of(&result(&handle).await), ("carried", LARGE));
    second.stop().await;
    checked(&fixture).await
}

/// The task that was being restored goes back to Temporal, and another worker takes it.
pub(crate) async fn during_a_restore(fixture: Fixture) -> String {
    restoring(fixture, async |first: RunningWorker| {
        first.shut_down();
        first.stopped(SOON).await;
    })
    .await
}

/// The same where the worker is gone and its process is still there.
pub(crate) async fn gone_during_a_restore(fixture: Fixture) -> String {
    restoring(fixture, RunningWorker::abort).await
}

async fn restoring(fixture: Fixture, end: impl AsyncFnOnce(RunningWorker)) -> String {
    let store = MemoryStore::default();
    let slow = store.of_another_process();
    slow.downloads().close();
    let first = workers::start(&fixture, &slow.mount()).await;
    let client = fixture.client(&store.mount()).await;
    let handle =
        client.start_workflow(Carry::run, text("carried", LARGE), fixture.start_options()).await.unwrap();
    slow.downloads().is_reached().await;
    end(first).await;

    let second = workers::start(&fixture, &store.of_another_process().mount()).await;
    assert_eq!(tag_of(&result(&handle).await), ("carried", LARGE));
    second.stop().await;
    checked(&fixture).await
}

/// A worker that is gone reports nothing: its task runs into its time-out, and another worker takes it.
pub(crate) async fn gone_during_an_upload(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let slow = store.of_another_process();
    let client = fixture.client(&slow.mount()).await;
    // Only activities, so that the upload is that of the result.
    let first = workers::start_for(&fixture, &client, Work::Activities(Default::default()));
    let workflows = fixture.client(&store.of_another_process().mount()).await;
    let workflows = workers::start_for(&fixture, &workflows, Work::Workflows);
    let client = fixture.client(&store.mount()).await;
    slow.uploads().close();
    let handle =
        client.start_workflow(Carry::run, text("carried", LARGE), fixture.start_options()).await.unwrap();
    slow.uploads().is_reached().await;
    first.abort().await;

    let client = fixture.client(&store.of_another_process().mount()).await;
    let second = workers::start_for(&fixture, &client, Work::Activities(Default::default()));
    assert_eq!(tag_of(&result(&handle).await), ("carried", LARGE));
    workflows.stop().await;
    second.stop().await;
    checked(&fixture).await
}

async fn checked(fixture: &Fixture) -> String {
    let history = fixture.history().await;
    history.assert_no_storage_failure();
    let count = |kind| history.count(kind);
    let tasks: Vec<i32> = history.failed_tasks().into_iter().map(|failed| failed.cause).collect();
    let timed_out = (count(EventType::WorkflowTaskTimedOut), count(EventType::ActivityTaskTimedOut));
    format!("failed tasks with causes {tasks:?}; timed out, tasks and activities: {timed_out:?}")
}
