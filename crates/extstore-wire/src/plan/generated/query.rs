//! The plan of `temporal.api.query.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{common, failure};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.query.v1.WorkflowQuery`
pub(crate) static WORKFLOW_QUERY: Message = Message::new(T::WorkflowQuery, &[
    into(2, "query_args", &common::PAYLOADS),
    into(3, "header", &common::HEADER),
]).kept();

/// `temporal.api.query.v1.WorkflowQueryResult`
pub(crate) static WORKFLOW_QUERY_RESULT: Message = Message::new(T::WorkflowQueryResult, &[
    into(2, "answer", &common::PAYLOADS),
    into(4, "failure", &failure::FAILURE).policy(Policy::Failure),
]);
