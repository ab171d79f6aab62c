//! The plan of `google.rpc`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::MessageType as T;
use crate::plan::{Message, any};

/// `google.rpc.Status`
pub(crate) static RPC_STATUS: Message = Message::new(T::RpcStatus, &[
    any(3, "details"),
]);
