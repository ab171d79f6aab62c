//! The plan of `temporal.api.notificationservice.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{failure};
use super::MessageType as T;
use crate::plan::{Message, into, payload};

/// `temporal.api.notificationservice.v1.OnCompleteRequest`
pub(crate) static ON_COMPLETE_REQUEST: Message = Message::new(T::OnCompleteRequest, &[
    payload(1, "success").policy(Policy::Nexus),
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
    payload(3, "source_context").policy(Policy::Nexus),
]);
