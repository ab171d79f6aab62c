//! What the server has written down of a workflow: its history and its description.

use prost::Message;
use temporalio_client::{
    Client, WorkflowDescribeOptions, WorkflowExecutionStatus, WorkflowFetchHistoryOptions,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    ActivityTaskFailedEventAttributes, HistoryEvent, WorkflowTaskFailedEventAttributes,
};
use temporalio_common::protos::temporal::api::workflow::v1::{
    PendingActivityInfo, PendingNexusOperationInfo,
};

use crate::play::Play;
use crate::secrets::Secrets;

/// `WORKFLOW_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`
pub(crate) const TASK_CAUSE: i32 = 38;
/// `ACTIVITY_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`
pub(crate) const ACTIVITY_CAUSE: i32 = 2;

/// One reading.
pub(crate) struct Journal {
    events: Vec<HistoryEvent>,
    pending: Vec<PendingActivityInfo>,
    operations: Vec<PendingNexusOperationInfo>,
    /// Of the workflow task that is under way; 0 where there is none.
    attempt: i32,
    status: WorkflowExecutionStatus,
}

/// A failed task, as people see it.
#[derive(Clone, Debug)]
pub(crate) struct TaskFailure {
    pub(crate) cause: i32,
    pub(crate) text: String,
    pub(crate) attempt: i32,
}

impl Journal {
    /// Reads through a client without a mount, so that nothing is restored.
    pub(crate) async fn read(client: &Client, id: &str) -> Self {
        let handle = client.get_workflow_handle::<Play>(id);
        let events =
            handle.fetch_history(WorkflowFetchHistoryOptions::default()).into_events().await.unwrap();
        let description = handle.describe(WorkflowDescribeOptions::default()).await.unwrap();
        let status = description.status();
        let raw = description.into_raw();
        let attempt = raw.pending_workflow_task.map_or(0, |task| task.attempt);
        let (pending, operations) = (raw.pending_activities, raw.pending_nexus_operations);
        Self { events, pending, operations, attempt, status }
    }

    pub(crate) fn count(&self, kind: EventType) -> usize {
        self.events.iter().filter(|event| event.event_type() == kind).count()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.status == WorkflowExecutionStatus::Running
    }

    /// The attempt of the workflow task that is under way; 0 where there is none.
    pub(crate) fn attempt(&self) -> i32 {
        self.attempt
    }

    /// It has begun and waits: nothing of it is under way.
    pub(crate) fn is_waiting(&self) -> bool {
        let begun = self.count(EventType::WorkflowTaskCompleted) > 0;
        begun && self.is_running() && self.attempt == 0 && self.pending.is_empty()
    }

    /// The events in a few words, for a scenario that fails.
    pub(crate) fn summary(&self) -> String {
        let kinds = self.events.iter().map(|event| event.event_type().as_str_name());
        let events = kinds.map(|kind| kind.trim_start_matches("EVENT_TYPE_")).collect::<Vec<_>>().join(" ");
        format!("{events}; attempt {}, {:?}", self.attempt, self.task_failures())
    }

    /// Workflow tasks that failed, in their order.
    pub(crate) fn task_failures(&self) -> Vec<TaskFailure> {
        let failed = self.events.iter().filter_map(|event| match &event.attributes {
            Some(Attributes::WorkflowTaskFailedEventAttributes(failed)) => Some(failed),
            _ => None,
        });
        failed.map(|failed| TaskFailure::of_workflow_task(failed, self.attempt_of(failed))).collect()
    }

    /// The attempt that failed, as its scheduled event says.
    fn attempt_of(&self, failed: &WorkflowTaskFailedEventAttributes) -> i32 {
        let scheduled = self.events.iter().find(|event| event.event_id == failed.scheduled_event_id);
        match scheduled.and_then(|event| event.attributes.as_ref()) {
            Some(Attributes::WorkflowTaskScheduledEventAttributes(scheduled)) => scheduled.attempt,
            _ => 0,
        }
    }

    /// Activities that failed for good, in their order.
    pub(crate) fn activity_failures(&self) -> Vec<TaskFailure> {
        let failed = self.events.iter().filter_map(|event| match &event.attributes {
            Some(Attributes::ActivityTaskFailedEventAttributes(failed)) => Some(failed),
            _ => None,
        });
        failed.map(TaskFailure::of_activity).collect()
    }

    /// The activity that is being tried again, as the Web UI shows it: its attempt and its last failure.
    pub(crate) fn retried_activity(&self) -> Option<(i32, String)> {
        let activity = self.pending.iter().find(|activity| activity.last_failure.is_some())?;
        Some((activity.attempt, activity.last_failure.clone().unwrap_or_default().message))
    }

    /// The last failure of a Nexus operation that is being tried again.
    pub(crate) fn retried_operation(&self) -> Option<&Failure> {
        self.operations.iter().find_map(|operation| operation.last_attempt_failure.as_ref())
    }

    /// The result of a Nexus operation, as the server has it.
    pub(crate) fn operation_result(&self) -> Option<Payload> {
        self.events.iter().find_map(|event| match &event.attributes {
            Some(Attributes::NexusOperationCompletedEventAttributes(completed)) => completed.result.clone(),
            _ => None,
        })
    }

    /// Panics where an event of a failure, or the failure of a pending activity, holds what must stay inside.
    pub(crate) fn check(&self, secrets: &Secrets) {
        let failed = [
            EventType::WorkflowTaskFailed,
            EventType::ActivityTaskFailed,
            EventType::WorkflowExecutionFailed,
            EventType::ActivityTaskTimedOut,
        ];
        for event in self.events.iter().filter(|event| failed.contains(&event.event_type())) {
            secrets.check(event.event_type().as_str_name(), &text_of(event));
        }
        for activity in self.pending.iter().filter_map(|activity| activity.last_failure.as_ref()) {
            secrets.check("a pending activity", &text_of(activity));
        }
    }

    /// Panics unless the workflow completed, and nothing of it failed but what `failures` says: tasks, then activities.
    pub(crate) fn check_completed(&self, failures: (usize, usize)) {
        assert_eq!(self.count(EventType::WorkflowExecutionFailed), 0, "the workflow failed");
        assert_eq!(self.status, WorkflowExecutionStatus::Completed);
        let (tasks, activities) = (self.task_failures(), self.activity_failures());
        assert_eq!((tasks.len(), activities.len()), failures, "{}", self.summary());
        assert!(
            tasks.iter().all(|failed| failed.attempt == 1),
            "only first attempts are reported: {tasks:?}"
        );
    }
}

impl TaskFailure {
    fn of_workflow_task(failed: &WorkflowTaskFailedEventAttributes, attempt: i32) -> Self {
        Self { cause: failed.cause, text: failed.failure.clone().unwrap_or_default().message, attempt }
    }

    fn of_activity(failed: &ActivityTaskFailedEventAttributes) -> Self {
        Self { cause: failed.cause, text: failed.failure.clone().unwrap_or_default().message, attempt: 0 }
    }

    /// Panics unless it is a storage failure of a workflow task whose text holds all of these parts.
    pub(crate) fn check_task(&self, parts: &[&str]) {
        assert_eq!(self.cause, TASK_CAUSE, "{self:?}");
        for part in parts {
            assert!(self.text.contains(part), "{part:?} is not in {self:?}");
        }
    }
}

/// Everything readable in a message, nested ones included.
fn text_of(message: &impl Message) -> String {
    String::from_utf8_lossy(&message.encode_to_vec()).into_owned()
}
