//! Tests activities that are told to stop: their results and details are stored all the same.

use std::time::Duration;

use temporalio_client::WorkflowSignalOptions;
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::activities::Activities;
use crate::memory_store::MemoryStore;
use crate::support::fixture::{Fixture, result};
use crate::support::worker::RunningWorker;
use crate::text::{LARGE, tag_of, text};
use crate::workers::{self, Work};
use crate::workflows::{Cancel, Hold};

/// Cancels an activity that returns its large result all the same.
pub(crate) async fn cancelled(fixture: Fixture) -> String {
    cancel(fixture, false, EventType::ActivityTaskCompleted).await
}

/// Cancels an activity that says so with large details.
pub(crate) async fn with_details(fixture: Fixture) -> String {
    cancel(fixture, true, EventType::ActivityTaskCanceled).await
}

async fn cancel(fixture: Fixture, gives_in: bool, ended: EventType) -> String {
    let store = MemoryStore::default();
    let client = fixture.client(&store.mount()).await;
    let activities = Activities::default();
    let worker = workers::start_for(&fixture, &client, Work::Everything(activities.clone()));
    let handle = client.start_workflow(Cancel::run, gives_in, fixture.start_options()).await.unwrap();
    activities.begun.notified().await;
    handle.signal(Cancel::cancel, (), WorkflowSignalOptions::default()).await.unwrap();
    assert_eq!(tag_of(&result(&handle).await), ("ending", LARGE));
    worker.stop().await;

    let history = fixture.history().await;
    assert_eq!(history.count(ended), 1);
    assert!(history.has(EventType::ActivityTaskCancelRequested), "the activity was cancelled");
    history.assert_no_storage_failure();
    let [place]: [String; 1] =
        store.places_of("\"ending").try_into().expect("one object: the workflow's result is the activity's");
    let [heartbeat]: [String; 1] =
        store.places_of("beat-ending").try_into().expect("one object for all heartbeats");
    assert_eq!(heartbeat, place, "a heartbeat is for the workflow, as the result is");
    format!("{ended:?} with a reference; {} uploads", store.creates())
}

/// Stops a worker gracefully while an activity ends.
pub(crate) async fn while_stopping(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let mount = store.mount();
    let client = fixture.client(&mount).await;
    let activities = Activities::default();
    let first =
        workers::start_changed(&fixture, &client, Work::Everything(activities.clone()), |mut options| {
            options.graceful_shutdown_period = Some(Duration::from_secs(20));
            options
        });
    let handle = client.start_workflow(Hold::run, "input".to_owned(), fixture.start_options()).await.unwrap();
    activities.begun.notified().await;
    first.shut_down();
    activities.go.notify_one();
    first.stopped(Duration::from_secs(20)).await;
    let history = fixture.history().await;
    assert!(
        history.has(EventType::ActivityTaskCompleted),
        "the result was reported before the worker was gone"
    );
    assert_eq!(store.places_of("\"held").len(), 1, "and stored");

    let second: RunningWorker = workers::start(&fixture, &mount).await;
    handle.signal(Hold::go_on, text("heard", LARGE), WorkflowSignalOptions::default()).await.unwrap();
    assert_eq!(tag_of(&result(&handle).await), ("input+held+heard+last", LARGE));
    second.stop().await;
    let history = fixture.history().await;
    history.assert_no_storage_failure();
    assert_eq!(history.count(EventType::ActivityTaskStarted), 2, "no activity ran twice");
    "the result was stored and reported by the worker that stopped".to_owned()
}
