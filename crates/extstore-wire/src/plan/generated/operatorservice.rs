//! The plan of `temporal.api.operatorservice.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Capture;
use super::{nexus};
use super::MessageType as T;
use crate::plan::{Message, capture, into};

/// `temporal.api.operatorservice.v1.CreateNexusEndpointRequest`
pub(crate) static CREATE_NEXUS_ENDPOINT_REQUEST: Message = Message::new(T::CreateNexusEndpointRequest, &[
    into(1, "spec", &nexus::ENDPOINT_SPEC),
]);

/// `temporal.api.operatorservice.v1.CreateNexusEndpointResponse`
pub(crate) static CREATE_NEXUS_ENDPOINT_RESPONSE: Message = Message::new(T::CreateNexusEndpointResponse, &[
    into(1, "endpoint", &nexus::NEXUS_ENDPOINT),
]);

/// `temporal.api.operatorservice.v1.GetNexusEndpointRequest`
pub(crate) static GET_NEXUS_ENDPOINT_REQUEST: Message = Message::new(T::GetNexusEndpointRequest, &[]);

/// `temporal.api.operatorservice.v1.GetNexusEndpointResponse`
pub(crate) static GET_NEXUS_ENDPOINT_RESPONSE: Message = Message::new(T::GetNexusEndpointResponse, &[
    into(1, "endpoint", &nexus::NEXUS_ENDPOINT),
]);

/// `temporal.api.operatorservice.v1.ListNexusEndpointsRequest`
pub(crate) static LIST_NEXUS_ENDPOINTS_REQUEST: Message = Message::new(T::ListNexusEndpointsRequest, &[
    capture(2, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.operatorservice.v1.ListNexusEndpointsResponse`
pub(crate) static LIST_NEXUS_ENDPOINTS_RESPONSE: Message = Message::new(T::ListNexusEndpointsResponse, &[
    into(2, "endpoints", &nexus::NEXUS_ENDPOINT),
]);

/// `temporal.api.operatorservice.v1.UpdateNexusEndpointRequest`
pub(crate) static UPDATE_NEXUS_ENDPOINT_REQUEST: Message = Message::new(T::UpdateNexusEndpointRequest, &[
    into(3, "spec", &nexus::ENDPOINT_SPEC),
]);

/// `temporal.api.operatorservice.v1.UpdateNexusEndpointResponse`
pub(crate) static UPDATE_NEXUS_ENDPOINT_RESPONSE: Message = Message::new(T::UpdateNexusEndpointResponse, &[
    into(1, "endpoint", &nexus::NEXUS_ENDPOINT),
]);
