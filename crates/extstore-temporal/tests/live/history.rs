//! What Temporal holds of a workflow.

use temporalio_client::{Client, WorkflowDescribeOptions, WorkflowFetchHistoryOptions};
use temporalio_common::UntypedWorkflow;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;

/// What a description says of the latest run.
pub(crate) async fn info(client: &Client, workflow: &str) -> WorkflowExecutionInfo {
    let handle = client.get_workflow_handle::<UntypedWorkflow>(workflow);
    let description = handle.describe(WorkflowDescribeOptions::default()).await.unwrap();
    description.into_raw().workflow_execution_info.unwrap()
}

/// The events of the latest run as this client sees them.
pub(crate) async fn events(client: &Client, workflow: &str) -> Vec<HistoryEvent> {
    let handle = client.get_workflow_handle::<UntypedWorkflow>(workflow);
    handle.fetch_history(WorkflowFetchHistoryOptions::default()).into_events().await.unwrap()
}

/// Whether a piece of the text of a value stands in the history as Temporal holds it.
pub(crate) fn holds(events: &[HistoryEvent], piece: &str) -> bool {
    use prost::Message as _;
    events.iter().any(|event| {
        let bytes = event.encode_to_vec();
        bytes.windows(piece.len()).any(|window| window == piece.as_bytes())
    })
}
