//! How activities end that are told to stop: what they say is stored all the same.

use std::time::Duration;

use temporalio_client::WorkflowSignalOptions;
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::crew::Crew;
use crate::flows::{Cancel, Hold};
use crate::shelf::Shelf;
use crate::stage::{Stage, Work, Working, result};
use crate::text::{LARGE, tag_of, text};

/// An activity that is cancelled and returns its large result.
pub(crate) async fn cancelled(stage: Stage) -> String {
    cancel(stage, false, EventType::ActivityTaskCompleted).await
}

/// An activity that is cancelled and says so with large details.
pub(crate) async fn with_details(stage: Stage) -> String {
    cancel(stage, true, EventType::ActivityTaskCanceled).await
}

async fn cancel(stage: Stage, gives_in: bool, ended: EventType) -> String {
    let shelf = Shelf::default();
    let client = stage.client(&shelf.mount()).await;
    let crew = Crew::default();
    let working = stage.worker_for(&client, Work::Everything(crew.clone()), |options| options);
    let handle = client.start_workflow(Cancel::run, gives_in, stage.options()).await.unwrap();
    crew.begun.notified().await;
    handle.signal(Cancel::cancel, (), WorkflowSignalOptions::default()).await.unwrap();
    assert_eq!(tag_of(&result(&handle).await), ("ending", LARGE));
    working.stop().await;

    let journal = stage.journal().await;
    assert_eq!(journal.count(ended), 1);
    assert!(journal.has(EventType::ActivityTaskCancelRequested), "the activity was cancelled");
    journal.has_no_storage_failure();
    let [place]: [String; 1] =
        shelf.places_of("\"ending").try_into().expect("one object: the workflow's result is the activity's");
    let [heartbeat]: [String; 1] =
        shelf.places_of("beat-ending").try_into().expect("one object for all heartbeats");
    assert_eq!(heartbeat, place, "a heartbeat is for the workflow, as the result is");
    format!("{ended:?} with a reference; {} uploads", shelf.creates())
}

/// A worker that stops gracefully while an activity ends.
pub(crate) async fn while_stopping(stage: Stage) -> String {
    let shelf = Shelf::default();
    let mount = shelf.mount();
    let client = stage.client(&mount).await;
    let crew = Crew::default();
    let first = stage.worker_for(&client, Work::Everything(crew.clone()), |mut options| {
        options.graceful_shutdown_period = Some(Duration::from_secs(20));
        options
    });
    let handle = client.start_workflow(Hold::run, "input".to_owned(), stage.options()).await.unwrap();
    crew.begun.notified().await;
    first.shut_down();
    crew.go.notify_one();
    first.stopped(Duration::from_secs(20)).await;
    let journal = stage.journal().await;
    assert!(
        journal.has(EventType::ActivityTaskCompleted),
        "the result was reported before the worker was gone"
    );
    assert_eq!(shelf.places_of("\"held").len(), 1, "and stored");

    let second: Working = stage.worker(&mount).await;
    handle.signal(Hold::go_on, text("heard", LARGE), WorkflowSignalOptions::default()).await.unwrap();
    assert_eq!(tag_of(&result(&handle).await), ("input+held+heard+last", LARGE));
    second.stop().await;
    let journal = stage.journal().await;
    journal.has_no_storage_failure();
    assert_eq!(journal.count(EventType::ActivityTaskStarted), 2, "no activity ran twice");
    "the result was stored and reported by the worker that stopped".to_owned()
}
