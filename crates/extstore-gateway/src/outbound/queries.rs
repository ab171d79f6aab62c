//! Writes failed answers to queries into a workflow task's completion. Each query fails alone.

use bytes::{Bytes, BytesMut};
use extstore::{Error, Event};
use extstore_wire::{Capture, MessageType, Rewrite, Rpc, Scan, put_bytes, put_varint_field};

use crate::exchange::Exchange;
use crate::failure::{self, Path, Reason};
use crate::{Call, completion};

/// These constants name the field `RespondWorkflowTaskCompletedRequest.query_results` and the fields of its entries.
const QUERY_RESULTS: u32 = 8;
const KEY: u32 = 1;
const VALUE: u32 = 2;
/// These constants name fields of `WorkflowQueryResult`.
const RESULT_TYPE: u32 = 1;
const ERROR_MESSAGE: u32 = 3;
const FAILURE: u32 = 4;
/// Encodes `QUERY_RESULT_TYPE_FAILED`.
const FAILED: u64 = 2;
/// Names the field `Failure.message`.
const MESSAGE: u32 = 1;

/// Returns the failed answer to a query, in the place of one whose payloads could not be stored. The completion is sent.
pub(super) fn fail(exchange: &Exchange, error: &Error) -> Bytes {
    let path = Path::OutboundQueryInTask;
    tracing::warn!(path = path.name(), reported = true, "external storage failed: {error}");
    exchange.observe(&Event::failed(path.name(), error.kind(), true));
    failed(&failure::public(path, Reason::Storage(error)))
}

/// Answers the queries that the gateway removed from the workflow task, because their arguments could not be restored.
/// Says whether there were any. Of a completion in pages only the final page carries answers.
pub(super) fn answer_failed(exchange: &Exchange, scan: &Scan, rewrite: &mut Rewrite<'_>) -> bool {
    let root = scan.root();
    if root.message() != MessageType::RespondWorkflowTaskCompletedRequest
        || completion::is_intermediate_page(scan.bytes())
    {
        return false;
    }
    let queries = exchange
        .state
        .failed_queries
        .find(&exchange.scope, &root.bytes(Capture::TaskToken).unwrap_or_default());
    for query in &queries {
        let (mut entry, mut field) = (BytesMut::new(), BytesMut::new());
        put_bytes(&mut entry, KEY, query.id.as_bytes());
        put_bytes(&mut entry, VALUE, &failed(&query.text));
        put_bytes(&mut field, QUERY_RESULTS, &entry);
        rewrite.append(root.id(), [field.freeze()]);
    }
    !queries.is_empty()
}

/// Answers failed queries for a gateway without storage, which removes a query from a task if its arguments are
/// references. It scans no other request.
pub(super) fn answer_failed_only(exchange: &Exchange, call: Call) -> Call {
    if exchange.rpc != Rpc::RespondWorkflowTaskCompleted {
        return call;
    }
    let Ok(scan) = Scan::select(exchange.rpc.request(), call.body.to_bytes(), |_| false) else {
        return call;
    };
    let mut rewrite = Rewrite::new(&scan);
    let answered = answer_failed(exchange, &scan, &mut rewrite);
    match rewrite.finish() {
        Ok(body) if answered => Call { body, ..call },
        _ => call,
    }
}

fn failed(text: &str) -> Bytes {
    let (mut failure, mut result) = (BytesMut::new(), BytesMut::new());
    put_bytes(&mut failure, MESSAGE, text.as_bytes());
    put_varint_field(&mut result, RESULT_TYPE, FAILED);
    put_bytes(&mut result, ERROR_MESSAGE, text.as_bytes());
    put_bytes(&mut result, FAILURE, &failure);
    result.freeze()
}
