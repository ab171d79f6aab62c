//! The plan of `temporal.api.protocol.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::MessageType as T;
use crate::plan::{Message, any};

/// `temporal.api.protocol.v1.Message`
pub(crate) static PROTOCOL_MESSAGE: Message = Message::new(T::ProtocolMessage, &[
    any(5, "body").single(),
]);
