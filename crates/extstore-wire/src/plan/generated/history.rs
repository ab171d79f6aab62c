//! The plan of `temporal.api.history.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Capture;
use crate::Policy;
use super::{common, failure, sdk, update};
use super::MessageType as T;
use crate::plan::{Message, capture, inside, into, payload};

/// `temporal.api.history.v1.ActivityTaskCanceledEventAttributes`
pub(crate) static ACTIVITY_TASK_CANCELED_EVENT_ATTRIBUTES: Message = Message::new(T::ActivityTaskCanceledEventAttributes, &[
    into(1, "details", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.ActivityTaskCompletedEventAttributes`
pub(crate) static ACTIVITY_TASK_COMPLETED_EVENT_ATTRIBUTES: Message = Message::new(T::ActivityTaskCompletedEventAttributes, &[
    into(1, "result", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.ActivityTaskFailedEventAttributes`
pub(crate) static ACTIVITY_TASK_FAILED_EVENT_ATTRIBUTES: Message = Message::new(T::ActivityTaskFailedEventAttributes, &[
    into(1, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.ActivityTaskScheduledEventAttributes`
pub(crate) static ACTIVITY_TASK_SCHEDULED_EVENT_ATTRIBUTES: Message = Message::new(T::ActivityTaskScheduledEventAttributes, &[
    into(5, "header", &common::HEADER),
    into(6, "input", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.ActivityTaskStartedEventAttributes`
pub(crate) static ACTIVITY_TASK_STARTED_EVENT_ATTRIBUTES: Message = Message::new(T::ActivityTaskStartedEventAttributes, &[
    into(5, "last_failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.ActivityTaskTimedOutEventAttributes`
pub(crate) static ACTIVITY_TASK_TIMED_OUT_EVENT_ATTRIBUTES: Message = Message::new(T::ActivityTaskTimedOutEventAttributes, &[
    into(1, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.ChildWorkflowExecutionCanceledEventAttributes`
pub(crate) static CHILD_WORKFLOW_EXECUTION_CANCELED_EVENT_ATTRIBUTES: Message = Message::new(T::ChildWorkflowExecutionCanceledEventAttributes, &[
    into(1, "details", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.ChildWorkflowExecutionCompletedEventAttributes`
pub(crate) static CHILD_WORKFLOW_EXECUTION_COMPLETED_EVENT_ATTRIBUTES: Message = Message::new(T::ChildWorkflowExecutionCompletedEventAttributes, &[
    into(1, "result", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.ChildWorkflowExecutionFailedEventAttributes`
pub(crate) static CHILD_WORKFLOW_EXECUTION_FAILED_EVENT_ATTRIBUTES: Message = Message::new(T::ChildWorkflowExecutionFailedEventAttributes, &[
    into(1, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.ChildWorkflowExecutionStartedEventAttributes`
pub(crate) static CHILD_WORKFLOW_EXECUTION_STARTED_EVENT_ATTRIBUTES: Message = Message::new(T::ChildWorkflowExecutionStartedEventAttributes, &[
    into(5, "header", &common::HEADER),
]);

/// `temporal.api.history.v1.History`
pub(crate) static HISTORY: Message = Message::new(T::History, &[
    into(1, "events", &HISTORY_EVENT),
]);

/// `temporal.api.history.v1.HistoryEvent`
pub(crate) static HISTORY_EVENT: Message = Message::new(T::HistoryEvent, &[
    capture(1, "event_id", Capture::EventId),
    into(6, "workflow_execution_started_event_attributes", &WORKFLOW_EXECUTION_STARTED_EVENT_ATTRIBUTES),
    into(7, "workflow_execution_completed_event_attributes", &WORKFLOW_EXECUTION_COMPLETED_EVENT_ATTRIBUTES),
    into(8, "workflow_execution_failed_event_attributes", &WORKFLOW_EXECUTION_FAILED_EVENT_ATTRIBUTES),
    into(14, "workflow_task_failed_event_attributes", &WORKFLOW_TASK_FAILED_EVENT_ATTRIBUTES),
    into(15, "activity_task_scheduled_event_attributes", &ACTIVITY_TASK_SCHEDULED_EVENT_ATTRIBUTES),
    into(16, "activity_task_started_event_attributes", &ACTIVITY_TASK_STARTED_EVENT_ATTRIBUTES),
    into(17, "activity_task_completed_event_attributes", &ACTIVITY_TASK_COMPLETED_EVENT_ATTRIBUTES),
    into(18, "activity_task_failed_event_attributes", &ACTIVITY_TASK_FAILED_EVENT_ATTRIBUTES),
    into(19, "activity_task_timed_out_event_attributes", &ACTIVITY_TASK_TIMED_OUT_EVENT_ATTRIBUTES),
    into(23, "activity_task_canceled_event_attributes", &ACTIVITY_TASK_CANCELED_EVENT_ATTRIBUTES),
    into(25, "marker_recorded_event_attributes", &MARKER_RECORDED_EVENT_ATTRIBUTES),
    into(26, "workflow_execution_signaled_event_attributes", &WORKFLOW_EXECUTION_SIGNALED_EVENT_ATTRIBUTES),
    into(27, "workflow_execution_terminated_event_attributes", &WORKFLOW_EXECUTION_TERMINATED_EVENT_ATTRIBUTES),
    into(29, "workflow_execution_canceled_event_attributes", &WORKFLOW_EXECUTION_CANCELED_EVENT_ATTRIBUTES),
    into(33, "workflow_execution_continued_as_new_event_attributes", &WORKFLOW_EXECUTION_CONTINUED_AS_NEW_EVENT_ATTRIBUTES),
    into(34, "start_child_workflow_execution_initiated_event_attributes", &START_CHILD_WORKFLOW_EXECUTION_INITIATED_EVENT_ATTRIBUTES),
    into(36, "child_workflow_execution_started_event_attributes", &CHILD_WORKFLOW_EXECUTION_STARTED_EVENT_ATTRIBUTES),
    into(37, "child_workflow_execution_completed_event_attributes", &CHILD_WORKFLOW_EXECUTION_COMPLETED_EVENT_ATTRIBUTES),
    into(38, "child_workflow_execution_failed_event_attributes", &CHILD_WORKFLOW_EXECUTION_FAILED_EVENT_ATTRIBUTES),
    into(39, "child_workflow_execution_canceled_event_attributes", &CHILD_WORKFLOW_EXECUTION_CANCELED_EVENT_ATTRIBUTES),
    into(42, "signal_external_workflow_execution_initiated_event_attributes", &SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED_EVENT_ATTRIBUTES),
    into(46, "workflow_execution_update_accepted_event_attributes", &WORKFLOW_EXECUTION_UPDATE_ACCEPTED_EVENT_ATTRIBUTES),
    into(47, "workflow_execution_update_rejected_event_attributes", &WORKFLOW_EXECUTION_UPDATE_REJECTED_EVENT_ATTRIBUTES),
    into(48, "workflow_execution_update_completed_event_attributes", &WORKFLOW_EXECUTION_UPDATE_COMPLETED_EVENT_ATTRIBUTES),
    into(49, "workflow_properties_modified_externally_event_attributes", &WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY_EVENT_ATTRIBUTES),
    into(51, "workflow_properties_modified_event_attributes", &WORKFLOW_PROPERTIES_MODIFIED_EVENT_ATTRIBUTES),
    into(52, "workflow_execution_update_admitted_event_attributes", &WORKFLOW_EXECUTION_UPDATE_ADMITTED_EVENT_ATTRIBUTES),
    into(53, "nexus_operation_scheduled_event_attributes", &NEXUS_OPERATION_SCHEDULED_EVENT_ATTRIBUTES),
    into(55, "nexus_operation_completed_event_attributes", &NEXUS_OPERATION_COMPLETED_EVENT_ATTRIBUTES),
    into(56, "nexus_operation_failed_event_attributes", &NEXUS_OPERATION_FAILED_EVENT_ATTRIBUTES),
    into(57, "nexus_operation_canceled_event_attributes", &NEXUS_OPERATION_CANCELED_EVENT_ATTRIBUTES),
    into(58, "nexus_operation_timed_out_event_attributes", &NEXUS_OPERATION_TIMED_OUT_EVENT_ATTRIBUTES),
    into(60, "workflow_execution_options_updated_event_attributes", &WORKFLOW_EXECUTION_OPTIONS_UPDATED_EVENT_ATTRIBUTES),
    into(62, "nexus_operation_cancel_request_failed_event_attributes", &NEXUS_OPERATION_CANCEL_REQUEST_FAILED_EVENT_ATTRIBUTES),
    into(301, "user_metadata", &sdk::USER_METADATA),
    into(304, "event_group_markers", &sdk::EVENT_GROUP_MARKER),
]).watched(&[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
    61, 62, 63, 64, 65, 300, 301, 302, 303, 304,
]);

/// `temporal.api.history.v1.MarkerRecordedEventAttributes`
pub(crate) static MARKER_RECORDED_EVENT_ATTRIBUTES: Message = Message::new(T::MarkerRecordedEventAttributes, &[
    into(2, "details", &MARKER_RECORDED_EVENT_ATTRIBUTES_DETAILS_ENTRY).policy(Policy::Marker),
    into(4, "header", &common::HEADER),
    into(5, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.MarkerRecordedEventAttributes.DetailsEntry`
pub(crate) static MARKER_RECORDED_EVENT_ATTRIBUTES_DETAILS_ENTRY: Message = Message::new(T::MarkerRecordedEventAttributesDetailsEntry, &[
    into(2, "value", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.NexusOperationCancelRequestFailedEventAttributes`
pub(crate) static NEXUS_OPERATION_CANCEL_REQUEST_FAILED_EVENT_ATTRIBUTES: Message = Message::new(T::NexusOperationCancelRequestFailedEventAttributes, &[
    into(3, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.NexusOperationCanceledEventAttributes`
pub(crate) static NEXUS_OPERATION_CANCELED_EVENT_ATTRIBUTES: Message = Message::new(T::NexusOperationCanceledEventAttributes, &[
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.NexusOperationCompletedEventAttributes`
pub(crate) static NEXUS_OPERATION_COMPLETED_EVENT_ATTRIBUTES: Message = Message::new(T::NexusOperationCompletedEventAttributes, &[
    payload(2, "result").policy(Policy::Nexus),
]);

/// `temporal.api.history.v1.NexusOperationFailedEventAttributes`
pub(crate) static NEXUS_OPERATION_FAILED_EVENT_ATTRIBUTES: Message = Message::new(T::NexusOperationFailedEventAttributes, &[
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.NexusOperationScheduledEventAttributes`
pub(crate) static NEXUS_OPERATION_SCHEDULED_EVENT_ATTRIBUTES: Message = Message::new(T::NexusOperationScheduledEventAttributes, &[
    capture(1, "endpoint", Capture::Endpoint),
    payload(4, "input").policy(Policy::Nexus),
]);

/// `temporal.api.history.v1.NexusOperationTimedOutEventAttributes`
pub(crate) static NEXUS_OPERATION_TIMED_OUT_EVENT_ATTRIBUTES: Message = Message::new(T::NexusOperationTimedOutEventAttributes, &[
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.SignalExternalWorkflowExecutionInitiatedEventAttributes`
pub(crate) static SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED_EVENT_ATTRIBUTES: Message = Message::new(T::SignalExternalWorkflowExecutionInitiatedEventAttributes, &[
    into(5, "input", &common::PAYLOADS),
    into(8, "header", &common::HEADER),
]);

/// `temporal.api.history.v1.StartChildWorkflowExecutionInitiatedEventAttributes`
pub(crate) static START_CHILD_WORKFLOW_EXECUTION_INITIATED_EVENT_ATTRIBUTES: Message = Message::new(T::StartChildWorkflowExecutionInitiatedEventAttributes, &[
    into(5, "input", &common::PAYLOADS),
    into(15, "header", &common::HEADER),
    into(16, "memo", &common::MEMO),
]);

/// `temporal.api.history.v1.WorkflowExecutionCanceledEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_CANCELED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionCanceledEventAttributes, &[
    into(2, "details", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.WorkflowExecutionCompletedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_COMPLETED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionCompletedEventAttributes, &[
    into(1, "result", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.WorkflowExecutionContinuedAsNewEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_CONTINUED_AS_NEW_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionContinuedAsNewEventAttributes, &[
    into(4, "input", &common::PAYLOADS),
    into(10, "failure", &failure::FAILURE).policy(Policy::Failure),
    into(11, "last_completion_result", &common::PAYLOADS),
    into(12, "header", &common::HEADER),
    into(13, "memo", &common::MEMO),
]);

/// `temporal.api.history.v1.WorkflowExecutionFailedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_FAILED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionFailedEventAttributes, &[
    into(1, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.WorkflowExecutionOptionsUpdatedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_OPTIONS_UPDATED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionOptionsUpdatedEventAttributes, &[
    into(4, "attached_completion_callbacks", &common::CALLBACK),
    into(8, "workflow_update_options", &WORKFLOW_EXECUTION_OPTIONS_UPDATED_EVENT_ATTRIBUTES_WORKFLOW_UPDATE_OPTIONS_UPDATE),
]);

/// `temporal.api.history.v1.WorkflowExecutionOptionsUpdatedEventAttributes.WorkflowUpdateOptionsUpdate`
pub(crate) static WORKFLOW_EXECUTION_OPTIONS_UPDATED_EVENT_ATTRIBUTES_WORKFLOW_UPDATE_OPTIONS_UPDATE: Message = Message::new(T::WorkflowExecutionOptionsUpdatedEventAttributesWorkflowUpdateOptionsUpdate, &[
    into(3, "attached_completion_callbacks", &common::CALLBACK),
]);

/// `temporal.api.history.v1.WorkflowExecutionSignaledEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_SIGNALED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionSignaledEventAttributes, &[
    into(2, "input", &common::PAYLOADS),
    into(4, "header", &common::HEADER),
]);

/// `temporal.api.history.v1.WorkflowExecutionStartedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_STARTED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionStartedEventAttributes, &[
    inside(1, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    capture(2, "parent_workflow_namespace", Capture::ParentNamespace),
    inside(3, "parent_workflow_execution", &[capture(1, "workflow_id", Capture::ParentWorkflowId), capture(2, "run_id", Capture::ParentRunId)]),
    into(6, "input", &common::PAYLOADS),
    into(12, "continued_failure", &failure::FAILURE).policy(Policy::Failure),
    into(13, "last_completion_result", &common::PAYLOADS),
    capture(18, "attempt", Capture::Attempt),
    into(22, "memo", &common::MEMO),
    into(25, "header", &common::HEADER),
    capture(28, "workflow_id", Capture::WorkflowId),
    into(30, "completion_callbacks", &common::CALLBACK),
]).kept();

/// `temporal.api.history.v1.WorkflowExecutionTerminatedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_TERMINATED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionTerminatedEventAttributes, &[
    into(2, "details", &common::PAYLOADS),
]);

/// `temporal.api.history.v1.WorkflowExecutionUpdateAcceptedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_UPDATE_ACCEPTED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionUpdateAcceptedEventAttributes, &[
    into(4, "accepted_request", &update::UPDATE_REQUEST),
]);

/// `temporal.api.history.v1.WorkflowExecutionUpdateAdmittedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_UPDATE_ADMITTED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionUpdateAdmittedEventAttributes, &[
    into(1, "request", &update::UPDATE_REQUEST),
]);

/// `temporal.api.history.v1.WorkflowExecutionUpdateCompletedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_UPDATE_COMPLETED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionUpdateCompletedEventAttributes, &[
    into(2, "outcome", &update::UPDATE_OUTCOME),
]);

/// `temporal.api.history.v1.WorkflowExecutionUpdateRejectedEventAttributes`
pub(crate) static WORKFLOW_EXECUTION_UPDATE_REJECTED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowExecutionUpdateRejectedEventAttributes, &[
    into(4, "rejected_request", &update::UPDATE_REQUEST),
    into(5, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.history.v1.WorkflowPropertiesModifiedEventAttributes`
pub(crate) static WORKFLOW_PROPERTIES_MODIFIED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowPropertiesModifiedEventAttributes, &[
    into(2, "upserted_memo", &common::MEMO),
]);

/// `temporal.api.history.v1.WorkflowPropertiesModifiedExternallyEventAttributes`
pub(crate) static WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowPropertiesModifiedExternallyEventAttributes, &[
    into(5, "upserted_memo", &common::MEMO),
]);

/// `temporal.api.history.v1.WorkflowTaskFailedEventAttributes`
pub(crate) static WORKFLOW_TASK_FAILED_EVENT_ATTRIBUTES: Message = Message::new(T::WorkflowTaskFailedEventAttributes, &[
    into(4, "failure", &failure::FAILURE).policy(Policy::Failure),
]);
