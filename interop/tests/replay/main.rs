//! Replays the history of the golden vectors, which a Python worker wrote, with Rust twins of its workflows through the
//! mount's data converter.
//!
//! No server is needed: the history and the objects that it refers to are files. The tests show that every payload of
//! the history resolves to the bytes of the object that it names, and that the twin, which saw nothing but what the
//! mount resolved, ends with the result that the history records.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod document;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use extstore_temporal::Mount;
use temporalio_client::WorkflowHistory;
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use document::{ChildFlow, DocumentFlow, Witness};
use support::recorded::Reader;
use support::resolved;

#[tokio::test]
async fn a_twin_of_the_python_workflow_replays_its_history() {
    let recorded = Reader::new().vector("history-python");
    let mount = Mount::new(recorded.storage());
    let converter = mount.data_converter(DataConverter::default());
    let witness = Witness::default();
    let seen = Arc::clone(&witness);
    let options = WorkflowReplayerOptions::new()
        .data_converter(converter.clone())
        .register_workflow_with_factory::<DocumentFlow, _>(move || {
            DocumentFlow::seen_by(Arc::clone(&witness))
        })
        .unwrap()
        .register_workflow::<ChildFlow>()
        .unwrap()
        .build();
    let history = WorkflowHistory::from(recorded.history.clone());
    WorkflowReplayer::new(options)
        .unwrap()
        .replay_workflow(history)
        .await
        .expect("the twin does what the history says");

    let history = resolved::history(&recorded, &converter, &DataConverter::default()).await;
    let seen = seen.lock().unwrap().take().expect("the twin came to its end");
    assert_eq!(Some(seen.result), resolved::result(&history), "the twin's result is the recorded one");
    assert_eq!(seen.memo, resolved::memo(&history), "the memo that the twin saw is the recorded one");
    assert_eq!(seen.details, resolved::failure_details(&history), "so are the details of the failure");
}

/// The twin of a workflow without External Storage must not see a reference: it is refused as every SDK refuses it.
#[tokio::test]
async fn without_storage_a_replay_names_what_is_missing() {
    let recorded = Reader::new().vector("history-python");
    let converter = Mount::without_storage().data_converter(DataConverter::default());
    let options = WorkflowReplayerOptions::new()
        .data_converter(converter)
        .register_workflow_with_factory::<DocumentFlow, _>(|| DocumentFlow::seen_by(Witness::default()))
        .unwrap()
        .build();
    let history = WorkflowHistory::from(recorded.history.clone());
    let failed = WorkflowReplayer::new(options).unwrap().replay_workflow(history).await;
    let text = failed.expect_err("a reference needs storage").to_string();
    assert!(text.contains("[TMPRL1105]"), "{text}");
}

/// A replay needs every object that its workflow reads.
#[tokio::test]
async fn a_replay_names_an_object_that_is_missing() {
    let mut recorded = Reader::new().vector("history-python");
    recorded.objects.retain(|key, _| !key.contains("/wt/ChildFlow/") && !key.contains("/wt/null/"));
    let converter = Mount::new(recorded.storage()).data_converter(DataConverter::default());
    let options = WorkflowReplayerOptions::new()
        .data_converter(converter)
        .register_workflow_with_factory::<DocumentFlow, _>(|| DocumentFlow::seen_by(Witness::default()))
        .unwrap()
        .build();
    let history = WorkflowHistory::from(recorded.history.clone());
    let failed = WorkflowReplayer::new(options).unwrap().replay_workflow(history).await;
    let text = failed.expect_err("the signals and the child's result are missing").to_string();
    assert!(text.contains("External Storage: NotFound"), "{text}");
}
