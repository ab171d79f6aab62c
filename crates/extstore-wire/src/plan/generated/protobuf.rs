//! The plan of `google.protobuf`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::MessageType as T;
use crate::plan::{Message};

/// `google.protobuf.Any`
pub(crate) static ANY: Message = Message::new(T::Any, &[]);
