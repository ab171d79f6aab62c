//! Finds the failures in a history.

use prost::Message;
use temporalio_client::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::WorkflowTaskFailedEventAttributes;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::History;

/// Is the value of `WORKFLOW_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`.
pub(crate) const TASK_CAUSE: i32 = 38;
/// Is the value of `ACTIVITY_TASK_FAILED_CAUSE_EXTERNAL_STORAGE_FAILURE`.
pub(crate) const ACTIVITY_CAUSE: i32 = 2;

/// Lists the events of a failure.
const FAILURES: [EventType; 4] = [
    EventType::WorkflowTaskFailed,
    EventType::ActivityTaskFailed,
    EventType::WorkflowExecutionFailed,
    EventType::ActivityTaskTimedOut,
];

/// Describes a failed task, as people see it.
#[derive(Clone, Debug)]
pub(crate) struct FailedTask {
    pub(crate) cause: i32,
    pub(crate) text: String,
    /// The attempt of a workflow task; 0 for an activity.
    pub(crate) attempt: i32,
}

impl History {
    /// Returns the workflow tasks that failed, in their order.
    pub(crate) fn failed_tasks(&self) -> Vec<FailedTask> {
        let failed = self.attributes().filter_map(|attributes| match attributes {
            Attributes::WorkflowTaskFailedEventAttributes(failed) => {
                Some(FailedTask::new(failed.cause, &failed.failure, self.attempt_of(failed)))
            }
            _ => None,
        });
        failed.collect()
    }

    /// Returns the attempt that failed, as its scheduled event says.
    fn attempt_of(&self, failed: &WorkflowTaskFailedEventAttributes) -> i32 {
        let scheduled = self.events.iter().find(|event| event.event_id == failed.scheduled_event_id);
        match scheduled.and_then(|event| event.attributes.as_ref()) {
            Some(Attributes::WorkflowTaskScheduledEventAttributes(scheduled)) => scheduled.attempt,
            _ => 0,
        }
    }

    /// Returns the activities that failed for good, in their order.
    pub(crate) fn failed_activities(&self) -> Vec<FailedTask> {
        let failed = self.attributes().filter_map(|attributes| match attributes {
            Attributes::ActivityTaskFailedEventAttributes(failed) => {
                Some(FailedTask::new(failed.cause, &failed.failure, 0))
            }
            _ => None,
        });
        failed.collect()
    }

    /// Returns everything readable in the failures, of events and of pending activities, each with its name.
    pub(crate) fn failure_texts(&self) -> Vec<(&'static str, String)> {
        let events = self.events.iter().filter(|event| FAILURES.contains(&event.event_type()));
        let events = events.map(|event| (event.event_type().as_str_name(), text_of(event)));
        let pending = self.activities.iter().filter_map(|activity| activity.last_failure.as_ref());
        events.chain(pending.map(|failure| ("a pending activity", text_of(failure)))).collect()
    }

    /// Panics unless the workflow completed, and nothing of it failed but so many workflow tasks and activities.
    pub(crate) fn assert_completed(&self, tasks: usize, activities: usize) {
        assert_eq!(self.count(EventType::WorkflowExecutionFailed), 0, "the workflow failed");
        assert_eq!(self.status, WorkflowExecutionStatus::Completed);
        let failed = (self.failed_tasks(), self.failed_activities());
        assert_eq!((failed.0.len(), failed.1.len()), (tasks, activities), "{}", self.summary());
        let first = failed.0.iter().all(|failed| failed.attempt == 1);
        assert!(first, "only first attempts are reported: {:?}", failed.0);
    }

    /// Panics if a task or an activity says that storage has failed.
    pub(crate) fn assert_no_storage_failure(&self) {
        let tasks = self.failed_tasks();
        assert!(tasks.iter().all(|failed| failed.cause != TASK_CAUSE), "{tasks:?}");
        let activities = self.failed_activities();
        assert!(activities.iter().all(|failed| failed.cause != ACTIVITY_CAUSE), "{activities:?}");
        let retried = self.activities.iter().filter_map(|activity| activity.last_failure.as_ref());
        let retried: Vec<&str> = retried.map(|failure| failure.message.as_str()).collect();
        assert!(!retried.iter().any(|text| text.contains("torage")), "{retried:?}");
    }
}

impl FailedTask {
    fn new(cause: i32, failure: &Option<Failure>, attempt: i32) -> Self {
        Self { cause, text: failure.clone().unwrap_or_default().message, attempt }
    }

    /// Panics unless it is a storage failure of a workflow task whose text holds all of these parts.
    pub(crate) fn assert_storage(&self, parts: &[&str]) {
        assert_eq!(self.cause, TASK_CAUSE, "{self:?}");
        for part in parts {
            assert!(self.text.contains(part), "{part:?} is not in {self:?}");
        }
    }
}

/// Collects everything readable in a message, nested ones included.
fn text_of(message: &impl Message) -> String {
    String::from_utf8_lossy(&message.encode_to_vec()).into_owned()
}
