//! The plan of `temporal.api.nexus.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Capture;
use crate::Policy;
use super::{failure, sdk};
use super::MessageType as T;
use crate::plan::{Message, capture, into, payload};

/// `temporal.api.nexus.v1.Endpoint`
pub(crate) static NEXUS_ENDPOINT: Message = Message::new(T::NexusEndpoint, &[
    into(3, "spec", &ENDPOINT_SPEC),
]);

/// `temporal.api.nexus.v1.EndpointSpec`
pub(crate) static ENDPOINT_SPEC: Message = Message::new(T::EndpointSpec, &[
    payload(2, "description").policy(Policy::Settings),
]);

/// `temporal.api.nexus.v1.NexusOperationExecutionCancellationInfo`
pub(crate) static NEXUS_OPERATION_EXECUTION_CANCELLATION_INFO: Message = Message::new(T::NexusOperationExecutionCancellationInfo, &[
    into(5, "last_attempt_failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.nexus.v1.NexusOperationExecutionInfo`
pub(crate) static NEXUS_OPERATION_EXECUTION_INFO: Message = Message::new(T::NexusOperationExecutionInfo, &[
    into(16, "last_attempt_failure", &failure::FAILURE).policy(Policy::Failure),
    into(19, "cancellation_info", &NEXUS_OPERATION_EXECUTION_CANCELLATION_INFO),
    into(26, "user_metadata", &sdk::USER_METADATA),
]);

/// `temporal.api.nexus.v1.Request`
pub(crate) static NEXUS_REQUEST: Message = Message::new(T::NexusRequest, &[
    into(3, "start_operation", &START_OPERATION_REQUEST),
    capture(10, "endpoint", Capture::Endpoint),
]).kept();

/// `temporal.api.nexus.v1.Response`
pub(crate) static NEXUS_RESPONSE: Message = Message::new(T::NexusResponse, &[
    into(1, "start_operation", &START_OPERATION_RESPONSE),
]);

/// `temporal.api.nexus.v1.StartOperationRequest`
pub(crate) static START_OPERATION_REQUEST: Message = Message::new(T::StartOperationRequest, &[
    capture(1, "service", Capture::Service),
    capture(2, "operation", Capture::Operation),
    payload(5, "payload").policy(Policy::Nexus),
]).kept();

/// `temporal.api.nexus.v1.StartOperationResponse`
pub(crate) static START_OPERATION_RESPONSE: Message = Message::new(T::StartOperationResponse, &[
    into(1, "sync_success", &START_OPERATION_RESPONSE_SYNC),
    into(4, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.nexus.v1.StartOperationResponse.Sync`
pub(crate) static START_OPERATION_RESPONSE_SYNC: Message = Message::new(T::StartOperationResponseSync, &[
    payload(1, "payload").policy(Policy::Nexus),
]);
