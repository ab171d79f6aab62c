//! The plan of `temporal.api.export.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::{history};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.export.v1.WorkflowExecution`
pub(crate) static WORKFLOW_EXECUTION: Message = Message::new(T::WorkflowExecution, &[
    into(1, "history", &history::HISTORY),
]);

/// `temporal.api.export.v1.WorkflowExecutions`
pub(crate) static WORKFLOW_EXECUTIONS: Message = Message::new(T::WorkflowExecutions, &[
    into(1, "items", &WORKFLOW_EXECUTION),
]);
