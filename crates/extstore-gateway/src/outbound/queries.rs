//! Answers to queries that travel in a workflow task completion: each fails alone.

use bytes::{Bytes, BytesMut};
use extstore::{Error, Event};
use extstore_wire::{Frame, Rewrite, put_bytes, put_varint_field};

use crate::exchange::Exchange;

/// The fields of `WorkflowQueryResult`.
const RESULT_TYPE: u32 = 1;
const ERROR_MESSAGE: u32 = 3;
const FAILURE: u32 = 4;
/// `QUERY_RESULT_TYPE_FAILED`
const FAILED: u64 = 2;
/// `Failure.message`
const MESSAGE: u32 = 1;

/// Puts a failed answer in the place of one whose payloads could not be stored. The completion goes on without it.
pub(super) fn fail(exchange: &Exchange, rewrite: &mut Rewrite<'_>, answer: Frame<'_>, error: &Error) {
    tracing::error!(error = %error, "the result of a query could not be stored; the query fails, its workflow goes on");
    if let Some(storage) = exchange.storage() {
        storage.observe(&Event::failed("query", error.kind(), true));
    }
    rewrite.replace_message(answer.id(), [failed(&error.public())]);
}

fn failed(text: &str) -> Bytes {
    let (mut failure, mut result) = (BytesMut::new(), BytesMut::new());
    put_bytes(&mut failure, MESSAGE, text.as_bytes());
    put_varint_field(&mut result, RESULT_TYPE, FAILED);
    put_bytes(&mut result, ERROR_MESSAGE, text.as_bytes());
    put_bytes(&mut result, FAILURE, &failure);
    result.freeze()
}
