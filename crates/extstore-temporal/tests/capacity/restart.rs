//! Tests a server that is killed and started again.

use temporalio_client::WorkflowSignalOptions;

use crate::activities::Activities;
use crate::control;
use crate::memory_store::MemoryStore;
use crate::support::eventually::eventually;
use crate::support::fixture::{Fixture, result};
use crate::text::{LARGE, tag_of, text};
use crate::workers::{self, Work};
use crate::workflows::Hold;

/// The server is away while an activity ends: its result is stored once, however often the SDK tries to report it.
pub(crate) async fn in_the_middle(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let client = fixture.client(&store.mount()).await;
    let activities = Activities::default();
    let worker = workers::start_for(&fixture, &client, Work::Everything(activities.clone()));
    let handle =
        client.start_workflow(Hold::run, text("input", LARGE), fixture.start_options()).await.unwrap();
    activities.begun.notified().await;
    control::server("kill").await;
    activities.go.notify_one();
    eventually("the result is stored", async || (!store.places_of("\"held").is_empty()).then_some(())).await;
    control::server("launch").await;

    handle.signal(Hold::go_on, text("heard", LARGE), WorkflowSignalOptions::default()).await.unwrap();
    assert_eq!(tag_of(&result(&handle).await), ("input+held+heard+last", LARGE));
    worker.stop().await;
    fixture.history().await.assert_no_storage_failure();
    // The input, the held result, the signal, the last activity's input and result, the workflow's result.
    assert_eq!(store.creates(), 6, "every payload was sent to the store once");
    assert_eq!(store.objects(), 6);
    format!("{} uploads", store.creates())
}
