//! The plan of `temporal.api.batch.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::{common, workflow};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.batch.v1.BatchOperationReset`
pub(crate) static BATCH_OPERATION_RESET: Message = Message::new(T::BatchOperationReset, &[
    into(5, "post_reset_operations", &workflow::POST_RESET_OPERATION),
]);

/// `temporal.api.batch.v1.BatchOperationSignal`
pub(crate) static BATCH_OPERATION_SIGNAL: Message = Message::new(T::BatchOperationSignal, &[
    into(2, "input", &common::PAYLOADS),
    into(3, "header", &common::HEADER),
]);

/// `temporal.api.batch.v1.BatchOperationTermination`
pub(crate) static BATCH_OPERATION_TERMINATION: Message = Message::new(T::BatchOperationTermination, &[
    into(1, "details", &common::PAYLOADS),
]);
