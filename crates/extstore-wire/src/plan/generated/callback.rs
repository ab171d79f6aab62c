//! The plan of `temporal.api.callback.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{common, failure};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.callback.v1.CallbackInfo`
pub(crate) static CALLBACK_CALLBACK_INFO: Message = Message::new(T::CallbackCallbackInfo, &[
    into(1, "callback", &common::CALLBACK),
    into(6, "last_attempt_failure", &failure::FAILURE).policy(Policy::Failure),
]);
