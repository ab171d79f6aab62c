//! The plan of `temporal.api.activity.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{callback, common, failure, sdk};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.activity.v1.ActivityExecutionInfo`
pub(crate) static ACTIVITY_EXECUTION_INFO: Message = Message::new(T::ActivityExecutionInfo, &[
    into(12, "heartbeat_details", &common::PAYLOADS),
    into(20, "last_failure", &failure::FAILURE).policy(Policy::Failure),
    into(30, "header", &common::HEADER),
    into(31, "user_metadata", &sdk::USER_METADATA),
]);

/// `temporal.api.activity.v1.ActivityExecutionOutcome`
pub(crate) static ACTIVITY_EXECUTION_OUTCOME: Message = Message::new(T::ActivityExecutionOutcome, &[
    into(1, "result", &common::PAYLOADS),
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.activity.v1.CallbackInfo`
pub(crate) static ACTIVITY_CALLBACK_INFO: Message = Message::new(T::ActivityCallbackInfo, &[
    into(2, "info", &callback::CALLBACK_CALLBACK_INFO),
]);
