//! A server that is killed and comes back.

use temporalio_client::WorkflowSignalOptions;

use crate::control;
use crate::crew::Crew;
use crate::eventually::eventually;
use crate::flows::Hold;
use crate::shelf::Shelf;
use crate::stage::{Stage, Work, result};
use crate::text::{LARGE, tag_of, text};

/// The server is away while an activity ends: its result is stored once, however often the SDK tries to report it.
pub(crate) async fn in_the_middle(stage: Stage) -> String {
    let shelf = Shelf::default();
    let client = stage.client(&shelf.mount()).await;
    let crew = Crew::default();
    let working = stage.worker_for(&client, Work::Everything(crew.clone()), |options| options);
    let handle = client.start_workflow(Hold::run, text("input", LARGE), stage.options()).await.unwrap();
    crew.begun.notified().await;
    control::server("kill").await;
    crew.go.notify_one();
    eventually("the result is stored", async || (!shelf.places_of("\"held").is_empty()).then_some(())).await;
    control::server("launch").await;

    handle.signal(Hold::go_on, text("heard", LARGE), WorkflowSignalOptions::default()).await.unwrap();
    assert_eq!(tag_of(&result(&handle).await), ("input+held+heard+last", LARGE));
    working.stop().await;
    stage.journal().await.has_no_storage_failure();
    // The input, the held result, the signal, the last activity's input and result, the workflow's result.
    assert_eq!(shelf.creates(), 6, "every payload was sent to the store once");
    assert_eq!(shelf.objects(), 6);
    format!("{} uploads", shelf.creates())
}
