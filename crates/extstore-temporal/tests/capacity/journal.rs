//! What the server has written down of a workflow.

use temporalio_client::{Client, WorkflowDescribeOptions, WorkflowFetchHistoryOptions};
use temporalio_common::UntypedWorkflow;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

/// `WORKFLOW_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`
pub(crate) const TASK_CAUSE: i32 = 38;
/// `ACTIVITY_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`
const ACTIVITY_CAUSE: i32 = 2;

/// One reading of the latest run.
pub(crate) struct Journal {
    events: Vec<HistoryEvent>,
    /// The last failures of activities that are being tried again.
    retried: Vec<String>,
}

impl Journal {
    /// Reads through a client without a mount, so that nothing is restored.
    pub(crate) async fn read(client: &Client, id: &str) -> Self {
        let handle = client.get_workflow_handle::<UntypedWorkflow>(id);
        let events =
            handle.fetch_history(WorkflowFetchHistoryOptions::default()).into_events().await.unwrap();
        let described = handle.describe(WorkflowDescribeOptions::default()).await.unwrap().into_raw();
        let failures = described.pending_activities.into_iter().filter_map(|activity| activity.last_failure);
        Self { events, retried: failures.map(|failure| failure.message).collect() }
    }

    pub(crate) fn count(&self, kind: EventType) -> usize {
        self.events.iter().filter(|event| event.event_type() == kind).count()
    }

    pub(crate) fn has(&self, kind: EventType) -> bool {
        self.count(kind) > 0
    }

    /// The cause and the text of every workflow task that failed, in their order.
    pub(crate) fn failed_tasks(&self) -> Vec<(i32, String)> {
        let failed = self.attributes().filter_map(|attributes| match attributes {
            Attributes::WorkflowTaskFailedEventAttributes(failed) => Some(failed),
            _ => None,
        });
        failed.map(|failed| (failed.cause, failed.failure.clone().unwrap_or_default().message)).collect()
    }

    /// Panics if anything says that storage has failed.
    pub(crate) fn has_no_storage_failure(&self) {
        let tasks = self.failed_tasks();
        assert!(tasks.iter().all(|(cause, _)| *cause != TASK_CAUSE), "{tasks:?}");
        let of_storage = |attributes: &Attributes| matches!(attributes, Attributes::ActivityTaskFailedEventAttributes(failed) if failed.cause == ACTIVITY_CAUSE);
        assert!(!self.attributes().any(of_storage), "an activity failed because of storage");
        assert!(!self.retried.iter().any(|text| text.contains("torage")), "{:?}", self.retried);
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attributes> {
        self.events.iter().filter_map(|event| event.attributes.as_ref())
    }
}

/// The id of a workflow's latest run.
pub(crate) async fn latest_run(client: &Client, id: &str) -> String {
    let handle = client.get_workflow_handle::<UntypedWorkflow>(id);
    let described = handle.describe(WorkflowDescribeOptions::default()).await.unwrap().into_raw();
    described.workflow_execution_info.and_then(|info| info.execution).unwrap_or_default().run_id
}
