//! The plan of `temporal.api.common.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::MessageType as T;
use crate::plan::{Message, into, payload, payloads};

/// `temporal.api.common.v1.Callback`
pub(crate) static CALLBACK: Message = Message::new(T::Callback, &[
    into(4, "nexus_handler", &CALLBACK_NEXUS_HANDLER),
]);

/// `temporal.api.common.v1.Callback.NexusHandler`
pub(crate) static CALLBACK_NEXUS_HANDLER: Message = Message::new(T::CallbackNexusHandler, &[
    payload(4, "source_context").policy(Policy::Callback),
]);

/// `temporal.api.common.v1.DataBlob`
pub(crate) static DATA_BLOB: Message = Message::new(T::DataBlob, &[]);

/// `temporal.api.common.v1.Header`
pub(crate) static HEADER: Message = Message::new(T::Header, &[
    into(1, "fields", &HEADER_FIELDS_ENTRY),
]);

/// `temporal.api.common.v1.Header.FieldsEntry`
pub(crate) static HEADER_FIELDS_ENTRY: Message = Message::new(T::HeaderFieldsEntry, &[
    payload(2, "value").policy(Policy::Header),
]);

/// `temporal.api.common.v1.Memo`
pub(crate) static MEMO: Message = Message::new(T::Memo, &[
    into(1, "fields", &MEMO_FIELDS_ENTRY),
]);

/// `temporal.api.common.v1.Memo.FieldsEntry`
pub(crate) static MEMO_FIELDS_ENTRY: Message = Message::new(T::MemoFieldsEntry, &[
    payload(2, "value").policy(Policy::Memo),
]);

/// `temporal.api.common.v1.Payload`
pub(crate) static PAYLOAD: Message = Message::new(T::Payload, &[]);

/// `temporal.api.common.v1.Payloads`
pub(crate) static PAYLOADS: Message = Message::new(T::Payloads, &[
    payloads(1, "payloads"),
]);
