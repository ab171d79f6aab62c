//! The plan of `temporal.api.command.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Capture;
use crate::Policy;
use super::{common, failure, sdk};
use super::MessageType as T;
use crate::plan::{Message, capture, inside, into, payload};

/// `temporal.api.command.v1.CancelTimerCommandAttributes`
pub(crate) static CANCEL_TIMER_COMMAND_ATTRIBUTES: Message = Message::new(T::CancelTimerCommandAttributes, &[]).kept();

/// `temporal.api.command.v1.CancelWorkflowExecutionCommandAttributes`
pub(crate) static CANCEL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::CancelWorkflowExecutionCommandAttributes, &[
    into(1, "details", &common::PAYLOADS),
]).kept();

/// `temporal.api.command.v1.Command`
pub(crate) static COMMAND: Message = Message::new(T::Command, &[
    into(2, "schedule_activity_task_command_attributes", &SCHEDULE_ACTIVITY_TASK_COMMAND_ATTRIBUTES),
    into(3, "start_timer_command_attributes", &START_TIMER_COMMAND_ATTRIBUTES),
    into(4, "complete_workflow_execution_command_attributes", &COMPLETE_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(5, "fail_workflow_execution_command_attributes", &FAIL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(6, "request_cancel_activity_task_command_attributes", &REQUEST_CANCEL_ACTIVITY_TASK_COMMAND_ATTRIBUTES),
    into(7, "cancel_timer_command_attributes", &CANCEL_TIMER_COMMAND_ATTRIBUTES),
    into(8, "cancel_workflow_execution_command_attributes", &CANCEL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(9, "request_cancel_external_workflow_execution_command_attributes", &REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(10, "record_marker_command_attributes", &RECORD_MARKER_COMMAND_ATTRIBUTES),
    into(11, "continue_as_new_workflow_execution_command_attributes", &CONTINUE_AS_NEW_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(12, "start_child_workflow_execution_command_attributes", &START_CHILD_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(13, "signal_external_workflow_execution_command_attributes", &SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES),
    into(14, "upsert_workflow_search_attributes_command_attributes", &UPSERT_WORKFLOW_SEARCH_ATTRIBUTES_COMMAND_ATTRIBUTES),
    into(15, "protocol_message_command_attributes", &PROTOCOL_MESSAGE_COMMAND_ATTRIBUTES),
    into(17, "modify_workflow_properties_command_attributes", &MODIFY_WORKFLOW_PROPERTIES_COMMAND_ATTRIBUTES),
    into(18, "schedule_nexus_operation_command_attributes", &SCHEDULE_NEXUS_OPERATION_COMMAND_ATTRIBUTES),
    into(19, "request_cancel_nexus_operation_command_attributes", &REQUEST_CANCEL_NEXUS_OPERATION_COMMAND_ATTRIBUTES),
    into(301, "user_metadata", &sdk::USER_METADATA),
    into(302, "event_group_markers", &sdk::EVENT_GROUP_MARKER),
]).watched(&[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 301, 302,
]);

/// `temporal.api.command.v1.CompleteWorkflowExecutionCommandAttributes`
pub(crate) static COMPLETE_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::CompleteWorkflowExecutionCommandAttributes, &[
    into(1, "result", &common::PAYLOADS),
]).kept();

/// `temporal.api.command.v1.ContinueAsNewWorkflowExecutionCommandAttributes`
pub(crate) static CONTINUE_AS_NEW_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::ContinueAsNewWorkflowExecutionCommandAttributes, &[
    inside(1, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    into(3, "input", &common::PAYLOADS),
    into(9, "failure", &failure::FAILURE).policy(Policy::Failure),
    into(10, "last_completion_result", &common::PAYLOADS),
    into(12, "header", &common::HEADER),
    into(13, "memo", &common::MEMO),
]).kept();

/// `temporal.api.command.v1.FailWorkflowExecutionCommandAttributes`
pub(crate) static FAIL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::FailWorkflowExecutionCommandAttributes, &[
    into(1, "failure", &failure::FAILURE).policy(Policy::Failure),
]).kept();

/// `temporal.api.command.v1.ModifyWorkflowPropertiesCommandAttributes`
pub(crate) static MODIFY_WORKFLOW_PROPERTIES_COMMAND_ATTRIBUTES: Message = Message::new(T::ModifyWorkflowPropertiesCommandAttributes, &[
    into(1, "upserted_memo", &common::MEMO),
]).kept();

/// `temporal.api.command.v1.ProtocolMessageCommandAttributes`
pub(crate) static PROTOCOL_MESSAGE_COMMAND_ATTRIBUTES: Message = Message::new(T::ProtocolMessageCommandAttributes, &[]).kept();

/// `temporal.api.command.v1.RecordMarkerCommandAttributes`
pub(crate) static RECORD_MARKER_COMMAND_ATTRIBUTES: Message = Message::new(T::RecordMarkerCommandAttributes, &[
    into(2, "details", &RECORD_MARKER_COMMAND_ATTRIBUTES_DETAILS_ENTRY).policy(Policy::Marker),
    into(3, "header", &common::HEADER),
    into(4, "failure", &failure::FAILURE).policy(Policy::Failure),
]).kept();

/// `temporal.api.command.v1.RecordMarkerCommandAttributes.DetailsEntry`
pub(crate) static RECORD_MARKER_COMMAND_ATTRIBUTES_DETAILS_ENTRY: Message = Message::new(T::RecordMarkerCommandAttributesDetailsEntry, &[
    into(2, "value", &common::PAYLOADS),
]);

/// `temporal.api.command.v1.RequestCancelActivityTaskCommandAttributes`
pub(crate) static REQUEST_CANCEL_ACTIVITY_TASK_COMMAND_ATTRIBUTES: Message = Message::new(T::RequestCancelActivityTaskCommandAttributes, &[]).kept();

/// `temporal.api.command.v1.RequestCancelExternalWorkflowExecutionCommandAttributes`
pub(crate) static REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::RequestCancelExternalWorkflowExecutionCommandAttributes, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    capture(3, "run_id", Capture::RunId),
]).kept();

/// `temporal.api.command.v1.RequestCancelNexusOperationCommandAttributes`
pub(crate) static REQUEST_CANCEL_NEXUS_OPERATION_COMMAND_ATTRIBUTES: Message = Message::new(T::RequestCancelNexusOperationCommandAttributes, &[]).kept();

/// `temporal.api.command.v1.ScheduleActivityTaskCommandAttributes`
pub(crate) static SCHEDULE_ACTIVITY_TASK_COMMAND_ATTRIBUTES: Message = Message::new(T::ScheduleActivityTaskCommandAttributes, &[
    capture(1, "activity_id", Capture::ActivityId),
    inside(2, "activity_type", &[capture(1, "name", Capture::ActivityType)]),
    into(5, "header", &common::HEADER),
    into(6, "input", &common::PAYLOADS),
]).kept();

/// `temporal.api.command.v1.ScheduleNexusOperationCommandAttributes`
pub(crate) static SCHEDULE_NEXUS_OPERATION_COMMAND_ATTRIBUTES: Message = Message::new(T::ScheduleNexusOperationCommandAttributes, &[
    capture(1, "endpoint", Capture::Endpoint),
    capture(2, "service", Capture::Service),
    capture(3, "operation", Capture::Operation),
    payload(4, "input").policy(Policy::Nexus),
]).kept();

/// `temporal.api.command.v1.SignalExternalWorkflowExecutionCommandAttributes`
pub(crate) static SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::SignalExternalWorkflowExecutionCommandAttributes, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    into(4, "input", &common::PAYLOADS),
    into(7, "header", &common::HEADER),
]).kept();

/// `temporal.api.command.v1.StartChildWorkflowExecutionCommandAttributes`
pub(crate) static START_CHILD_WORKFLOW_EXECUTION_COMMAND_ATTRIBUTES: Message = Message::new(T::StartChildWorkflowExecutionCommandAttributes, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    inside(3, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    into(5, "input", &common::PAYLOADS),
    into(14, "header", &common::HEADER),
    into(15, "memo", &common::MEMO),
]).kept();

/// `temporal.api.command.v1.StartTimerCommandAttributes`
pub(crate) static START_TIMER_COMMAND_ATTRIBUTES: Message = Message::new(T::StartTimerCommandAttributes, &[]).kept();

/// `temporal.api.command.v1.UpsertWorkflowSearchAttributesCommandAttributes`
pub(crate) static UPSERT_WORKFLOW_SEARCH_ATTRIBUTES_COMMAND_ATTRIBUTES: Message = Message::new(T::UpsertWorkflowSearchAttributesCommandAttributes, &[]).kept();
