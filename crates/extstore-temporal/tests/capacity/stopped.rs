//! A worker that stops while the store is slow.

use std::time::Duration;

use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::flows::Carry;
use crate::shelf::Shelf;
use crate::stage::{Stage, Work, Working, result};
use crate::text::{LARGE, tag_of, text};

/// How long a worker may take to stop. An upload that never ends would be given up after 20 seconds.
const SOON: Duration = Duration::from_secs(30);

/// The upload goes on: a worker that stops lets what it has begun end.
pub(crate) async fn during_an_upload(stage: Stage) -> String {
    let shelf = Shelf::default();
    let slow = shelf.of_another_process();
    slow.uploads().close();
    let first = stage.worker(&slow.mount()).await;
    let client = stage.client(&shelf.mount()).await;
    let handle = client.start_workflow(Carry::run, text("carried", LARGE), stage.options()).await.unwrap();
    slow.uploads().is_reached().await;
    first.shut_down();
    slow.uploads().open();
    first.stopped(SOON).await;

    let second = stage.worker(&shelf.of_another_process().mount()).await;
    assert_eq!(tag_of(&result(&handle).await), ("carried", LARGE));
    second.stop().await;
    checked(&stage).await
}

/// The task that was being restored goes back to Temporal, and another worker takes it.
pub(crate) async fn during_a_restore(stage: Stage) -> String {
    restoring(stage, async |first: Working| {
        first.shut_down();
        first.stopped(SOON).await;
    })
    .await
}

/// The same where the worker is gone and its process is still there.
pub(crate) async fn gone_during_a_restore(stage: Stage) -> String {
    restoring(stage, Working::vanish).await
}

async fn restoring(stage: Stage, end: impl AsyncFnOnce(Working)) -> String {
    let shelf = Shelf::default();
    let slow = shelf.of_another_process();
    slow.downloads().close();
    let first = stage.worker(&slow.mount()).await;
    let client = stage.client(&shelf.mount()).await;
    let handle = client.start_workflow(Carry::run, text("carried", LARGE), stage.options()).await.unwrap();
    slow.downloads().is_reached().await;
    end(first).await;

    let second = stage.worker(&shelf.of_another_process().mount()).await;
    assert_eq!(tag_of(&result(&handle).await), ("carried", LARGE));
    second.stop().await;
    checked(&stage).await
}

/// A worker that is gone reports nothing: its task runs into its time-out, and another worker takes it.
pub(crate) async fn gone_during_an_upload(stage: Stage) -> String {
    let shelf = Shelf::default();
    let slow = shelf.of_another_process();
    let client = stage.client(&slow.mount()).await;
    // Only activities, so that the upload is that of the result.
    let first = stage.worker_for(&client, Work::Activities(Default::default()), |options| options);
    let workflows = stage.client(&shelf.of_another_process().mount()).await;
    let workflows = stage.worker_for(&workflows, Work::Workflows, |options| options);
    let client = stage.client(&shelf.mount()).await;
    slow.uploads().close();
    let handle = client.start_workflow(Carry::run, text("carried", LARGE), stage.options()).await.unwrap();
    slow.uploads().is_reached().await;
    first.vanish().await;

    let client = stage.client(&shelf.of_another_process().mount()).await;
    let second = stage.worker_for(&client, Work::Activities(Default::default()), |options| options);
    assert_eq!(tag_of(&result(&handle).await), ("carried", LARGE));
    workflows.stop().await;
    second.stop().await;
    checked(&stage).await
}

async fn checked(stage: &Stage) -> String {
    let journal = stage.journal().await;
    journal.has_no_storage_failure();
    let count = |kind| journal.count(kind);
    let tasks: Vec<i32> = journal.failed_tasks().into_iter().map(|(cause, _)| cause).collect();
    let timed_out = (count(EventType::WorkflowTaskTimedOut), count(EventType::ActivityTaskTimedOut));
    format!("failed tasks with causes {tasks:?}; timed out, tasks and activities: {timed_out:?}")
}
