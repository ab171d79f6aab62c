//! The plan of `temporal.api.failure.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{common};
use super::MessageType as T;
use crate::plan::{Message, into, payload};

/// `temporal.api.failure.v1.ApplicationFailureInfo`
pub(crate) static APPLICATION_FAILURE_INFO: Message = Message::new(T::ApplicationFailureInfo, &[
    into(3, "details", &common::PAYLOADS),
]);

/// `temporal.api.failure.v1.CanceledFailureInfo`
pub(crate) static CANCELED_FAILURE_INFO: Message = Message::new(T::CanceledFailureInfo, &[
    into(1, "details", &common::PAYLOADS),
]);

/// `temporal.api.failure.v1.Failure`
pub(crate) static FAILURE: Message = Message::new(T::Failure, &[
    into(4, "cause", &FAILURE).policy(Policy::Failure),
    into(5, "application_failure_info", &APPLICATION_FAILURE_INFO),
    into(6, "timeout_failure_info", &TIMEOUT_FAILURE_INFO),
    into(7, "canceled_failure_info", &CANCELED_FAILURE_INFO),
    into(10, "reset_workflow_failure_info", &RESET_WORKFLOW_FAILURE_INFO),
    payload(20, "encoded_attributes").policy(Policy::Failure),
]);

/// `temporal.api.failure.v1.ResetWorkflowFailureInfo`
pub(crate) static RESET_WORKFLOW_FAILURE_INFO: Message = Message::new(T::ResetWorkflowFailureInfo, &[
    into(1, "last_heartbeat_details", &common::PAYLOADS),
]);

/// `temporal.api.failure.v1.TimeoutFailureInfo`
pub(crate) static TIMEOUT_FAILURE_INFO: Message = Message::new(T::TimeoutFailureInfo, &[
    into(2, "last_heartbeat_details", &common::PAYLOADS),
]);
