//! The plan of `temporal.api.sdk.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::MessageType as T;
use crate::plan::{Message, into, payload};

/// `temporal.api.sdk.v1.EventGroupMarker`
pub(crate) static EVENT_GROUP_MARKER: Message = Message::new(T::EventGroupMarker, &[
    into(1, "label", &EVENT_GROUP_MARKER_LABEL),
]);

/// `temporal.api.sdk.v1.EventGroupMarker.Label`
pub(crate) static EVENT_GROUP_MARKER_LABEL: Message = Message::new(T::EventGroupMarkerLabel, &[
    payload(2, "label").policy(Policy::MarkerLabel),
]);

/// `temporal.api.sdk.v1.UserMetadata`
pub(crate) static USER_METADATA: Message = Message::new(T::UserMetadata, &[
    payload(1, "summary").policy(Policy::UserMetadata),
    payload(2, "details").policy(Policy::UserMetadata),
]);
