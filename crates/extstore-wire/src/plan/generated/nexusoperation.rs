//! The plan of `temporal.api.nexusoperation.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::{callback};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.nexusoperation.v1.CallbackInfo`
pub(crate) static NEXUSOPERATION_CALLBACK_INFO: Message = Message::new(T::NexusoperationCallbackInfo, &[
    into(2, "info", &callback::CALLBACK_CALLBACK_INFO),
]);
