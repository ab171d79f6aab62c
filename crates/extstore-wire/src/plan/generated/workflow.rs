//! The plan of `temporal.api.workflow.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Capture;
use crate::Policy;
use super::{common, failure, sdk};
use super::MessageType as T;
use crate::plan::{Message, capture, inside, into};

/// `temporal.api.workflow.v1.CallbackInfo`
pub(crate) static WORKFLOW_CALLBACK_INFO: Message = Message::new(T::WorkflowCallbackInfo, &[
    into(1, "callback", &common::CALLBACK),
    into(7, "last_attempt_failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflow.v1.NewWorkflowExecutionInfo`
pub(crate) static NEW_WORKFLOW_EXECUTION_INFO: Message = Message::new(T::NewWorkflowExecutionInfo, &[
    capture(1, "workflow_id", Capture::WorkflowId),
    inside(2, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    into(4, "input", &common::PAYLOADS),
    into(11, "memo", &common::MEMO),
    into(13, "header", &common::HEADER),
    into(14, "user_metadata", &sdk::USER_METADATA),
]);

/// `temporal.api.workflow.v1.NexusOperationCancellationInfo`
pub(crate) static NEXUS_OPERATION_CANCELLATION_INFO: Message = Message::new(T::NexusOperationCancellationInfo, &[
    into(5, "last_attempt_failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflow.v1.PendingActivityInfo`
pub(crate) static PENDING_ACTIVITY_INFO: Message = Message::new(T::PendingActivityInfo, &[
    into(4, "heartbeat_details", &common::PAYLOADS),
    into(11, "last_failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflow.v1.PendingNexusOperationInfo`
pub(crate) static PENDING_NEXUS_OPERATION_INFO: Message = Message::new(T::PendingNexusOperationInfo, &[
    into(10, "last_attempt_failure", &failure::FAILURE).policy(Policy::Failure),
    into(12, "cancellation_info", &NEXUS_OPERATION_CANCELLATION_INFO),
]);

/// `temporal.api.workflow.v1.PostResetOperation`
pub(crate) static POST_RESET_OPERATION: Message = Message::new(T::PostResetOperation, &[
    into(1, "signal_workflow", &POST_RESET_OPERATION_SIGNAL_WORKFLOW),
]);

/// `temporal.api.workflow.v1.PostResetOperation.SignalWorkflow`
pub(crate) static POST_RESET_OPERATION_SIGNAL_WORKFLOW: Message = Message::new(T::PostResetOperationSignalWorkflow, &[
    into(2, "input", &common::PAYLOADS),
    into(3, "header", &common::HEADER),
]);

/// `temporal.api.workflow.v1.WorkflowExecutionConfig`
pub(crate) static WORKFLOW_EXECUTION_CONFIG: Message = Message::new(T::WorkflowExecutionConfig, &[
    into(5, "user_metadata", &sdk::USER_METADATA),
]);

/// `temporal.api.workflow.v1.WorkflowExecutionInfo`
pub(crate) static WORKFLOW_EXECUTION_INFO: Message = Message::new(T::WorkflowExecutionInfo, &[
    into(10, "memo", &common::MEMO),
]);
