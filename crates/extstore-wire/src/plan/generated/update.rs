//! The plan of `temporal.api.update.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{common, failure};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.update.v1.Acceptance`
pub(crate) static ACCEPTANCE: Message = Message::new(T::Acceptance, &[
    into(3, "accepted_request", &UPDATE_REQUEST),
]);

/// `temporal.api.update.v1.Input`
pub(crate) static UPDATE_INPUT: Message = Message::new(T::UpdateInput, &[
    into(1, "header", &common::HEADER),
    into(3, "args", &common::PAYLOADS),
]);

/// `temporal.api.update.v1.Outcome`
pub(crate) static UPDATE_OUTCOME: Message = Message::new(T::UpdateOutcome, &[
    into(1, "success", &common::PAYLOADS),
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.update.v1.Rejection`
pub(crate) static REJECTION: Message = Message::new(T::Rejection, &[
    into(3, "rejected_request", &UPDATE_REQUEST),
    into(4, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.update.v1.Request`
pub(crate) static UPDATE_REQUEST: Message = Message::new(T::UpdateRequest, &[
    into(2, "input", &UPDATE_INPUT),
    into(4, "completion_callbacks", &common::CALLBACK),
]);

/// `temporal.api.update.v1.Response`
pub(crate) static UPDATE_RESPONSE: Message = Message::new(T::UpdateResponse, &[
    into(2, "outcome", &UPDATE_OUTCOME),
]);
