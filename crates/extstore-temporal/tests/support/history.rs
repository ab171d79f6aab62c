//! Reads the history and the description of a workflow.

use prost::Message;
use temporalio_client::{
    Client, WorkflowDescribeOptions, WorkflowExecutionStatus, WorkflowFetchHistoryOptions,
};
use temporalio_common::UntypedWorkflow;
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, WorkflowExecutionStartedEventAttributes,
};
use temporalio_common::protos::temporal::api::workflow::v1::{
    PendingActivityInfo, PendingNexusOperationInfo, WorkflowExecutionInfo,
};

pub(crate) mod failed;

/// Holds one reading of a workflow's latest run.
pub(crate) struct History {
    events: Vec<HistoryEvent>,
    info: WorkflowExecutionInfo,
    activities: Vec<PendingActivityInfo>,
    operations: Vec<PendingNexusOperationInfo>,
    attempt: i32,
    status: WorkflowExecutionStatus,
}

impl History {
    /// Reads through a client. One without a mount restores nothing and shows what the server holds.
    pub(crate) async fn read(client: &Client, id: &str) -> Self {
        let handle = client.get_workflow_handle::<UntypedWorkflow>(id);
        let events =
            handle.fetch_history(WorkflowFetchHistoryOptions::default()).into_events().await.unwrap();
        let description = handle.describe(WorkflowDescribeOptions::default()).await.unwrap();
        let status = description.status();
        let raw = description.into_raw();
        let attempt = raw.pending_workflow_task.map_or(0, |task| task.attempt);
        let info = raw.workflow_execution_info.unwrap();
        let (activities, operations) = (raw.pending_activities, raw.pending_nexus_operations);
        Self { events, info, activities, operations, attempt, status }
    }

    /// Returns what the server says of the run: sizes and counts.
    pub(crate) fn info(&self) -> &WorkflowExecutionInfo {
        &self.info
    }

    pub(crate) fn run_id(&self) -> String {
        self.info.execution.clone().unwrap_or_default().run_id
    }

    pub(crate) fn count(&self, kind: EventType) -> usize {
        self.events.iter().filter(|event| event.event_type() == kind).count()
    }

    pub(crate) fn has(&self, kind: EventType) -> bool {
        self.count(kind) > 0
    }

    /// Returns the attributes of all events, in their order.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attributes> {
        self.events.iter().filter_map(|event| event.attributes.as_ref())
    }

    /// Returns the first event.
    pub(crate) fn started(&self) -> &WorkflowExecutionStartedEventAttributes {
        match self.attributes().next() {
            Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => started,
            other => panic!("the first event is the start: {other:?}"),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.status == WorkflowExecutionStatus::Running
    }

    /// Returns the attempt of the workflow task that is under way; 0 where there is none.
    pub(crate) fn attempt(&self) -> i32 {
        self.attempt
    }

    /// Says whether the workflow has begun and waits, with nothing of it under way.
    pub(crate) fn is_waiting(&self) -> bool {
        let begun = self.has(EventType::WorkflowTaskCompleted);
        begun && self.is_running() && self.attempt == 0 && self.activities.is_empty()
    }

    /// Returns the activity that is being tried again, as the Web UI shows it: its attempt and its last failure.
    pub(crate) fn retried_activity(&self) -> Option<(i32, String)> {
        let activity = self.activities.iter().find(|activity| activity.last_failure.is_some())?;
        Some((activity.attempt, activity.last_failure.clone().unwrap_or_default().message))
    }

    /// Returns the attempt of an activity that was tried again, and the failure of the attempt before, as its last
    /// start keeps it.
    pub(crate) fn retried_activity_of_event(&self) -> Option<(i32, Failure)> {
        self.attributes().find_map(|attributes| match attributes {
            Attributes::ActivityTaskStartedEventAttributes(started) => {
                Some((started.attempt, started.last_failure.clone()?))
            }
            _ => None,
        })
    }

    /// Returns the last failure of a Nexus operation that is being tried again.
    pub(crate) fn retried_operation(&self) -> Option<&Failure> {
        self.operations.iter().find_map(|operation| operation.last_attempt_failure.as_ref())
    }

    /// Returns the result of a Nexus operation, as the server holds it.
    pub(crate) fn operation_result(&self) -> Option<Payload> {
        self.attributes().find_map(|attributes| match attributes {
            Attributes::NexusOperationCompletedEventAttributes(completed) => completed.result.clone(),
            _ => None,
        })
    }

    /// Says whether a piece of text stands in an event.
    pub(crate) fn holds(&self, piece: &str) -> bool {
        self.events.iter().any(|event| {
            let bytes = event.encode_to_vec();
            bytes.windows(piece.len()).any(|window| window == piece.as_bytes())
        })
    }

    /// Lists the events in a few words, for a test that fails.
    pub(crate) fn summary(&self) -> String {
        let kinds = self.events.iter().map(|event| event.event_type().as_str_name());
        let events = kinds.map(|kind| kind.trim_start_matches("EVENT_TYPE_")).collect::<Vec<_>>().join(" ");
        format!("{events}; attempt {}, {:?}", self.attempt, self.failed_tasks())
    }
}
