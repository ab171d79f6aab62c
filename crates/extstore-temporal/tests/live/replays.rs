//! Tests the SDK's replayer with histories that hold references.

use temporalio_client::{WorkflowFetchHistoryOptions, WorkflowGetResultOptions, WorkflowHistory};
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use crate::activities::text;
use crate::mounted::Mounted;
use crate::support::fixture::Fixture;
use crate::workflows::{Chain, MEGABYTE};

/// Replays a history as the replayer reads it from a file: a client that resolves nothing wrote it.
pub(crate) async fn a_history_of_references_replays(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    mounted
        .run(async {
            let input = (3, text('a', MEGABYTE));
            let handle = mounted.client.start_workflow(Chain::run, input, options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap();
        })
        .await;
    let handle = mounted.fixture.plain_client().await.get_workflow_handle::<Chain>(mounted.fixture.id());
    let json = handle.fetch_history(WorkflowFetchHistoryOptions::default()).to_json().await.unwrap();
    assert!(json.len() < 100_000, "{} bytes: the history holds payloads", json.len());

    assert!(replay(&json, mounted.mount.data_converter(DataConverter::default())).await.is_ok());
    let error = replay(&json, DataConverter::default()).await.unwrap_err();
    assert!(!error.is_empty(), "without the mount the workflow is given references");
}

async fn replay(json: &[u8], converter: DataConverter) -> Result<(), String> {
    let options = WorkflowReplayerOptions::new()
        .data_converter(converter)
        .register_workflow::<Chain>()
        .unwrap()
        .build();
    let replayer = WorkflowReplayer::new(options).unwrap();
    let history = WorkflowHistory::from_json(json).unwrap();
    replayer.replay_workflow(history).await.map_err(|error| error.to_string())
}
