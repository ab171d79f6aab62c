//! The plan of `temporal.api.errordetails.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{failure};
use super::MessageType as T;
use crate::plan::{Message, any, into};

/// `temporal.api.errordetails.v1.MultiOperationExecutionFailure`
pub(crate) static MULTI_OPERATION_EXECUTION_FAILURE: Message = Message::new(T::MultiOperationExecutionFailure, &[
    into(1, "statuses", &MULTI_OPERATION_EXECUTION_FAILURE_OPERATION_STATUS),
]);

/// `temporal.api.errordetails.v1.MultiOperationExecutionFailure.OperationStatus`
pub(crate) static MULTI_OPERATION_EXECUTION_FAILURE_OPERATION_STATUS: Message = Message::new(T::MultiOperationExecutionFailureOperationStatus, &[
    any(3, "details"),
]);

/// `temporal.api.errordetails.v1.QueryFailedFailure`
pub(crate) static QUERY_FAILED_FAILURE: Message = Message::new(T::QueryFailedFailure, &[
    into(1, "failure", &failure::FAILURE).policy(Policy::Failure),
]);
