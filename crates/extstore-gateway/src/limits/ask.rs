//! Asks the server for the limits of a namespace.

use bytes::BytesMut;
use extstore_wire::{Capture, Rpc, Scan, put_bytes};

use crate::exchange::Exchange;
use crate::own_request;
use crate::state::NamespaceLimits;

/// Names the field `DescribeNamespaceRequest.namespace`.
const NAMESPACE: u32 = 1;

/// Returns the limits that the server says, with the caller's metadata; none where it does not answer, such as where the
/// caller may not ask.
pub(super) async fn limits(exchange: &Exchange, namespace: &str) -> Option<NamespaceLimits> {
    let mut body = BytesMut::new();
    put_bytes(&mut body, NAMESPACE, namespace.as_bytes());
    let call = own_request::call(exchange, Rpc::DescribeNamespace, body.freeze());
    let answered = match own_request::send(exchange, call).await {
        Ok(answer) => Scan::all(Rpc::DescribeNamespace.response(), answer.body.to_bytes()).ok(),
        Err(status) => {
            tracing::info!(code = status.code.0, "the server does not say the limits of a namespace");
            None
        }
    };
    answered.as_ref().filter(|scan| scan.root().text(Capture::Namespace).is_some()).map(read)
}

/// Reads the answer of `DescribeNamespace`.
pub(super) fn read(response: &Scan) -> NamespaceLimits {
    let number = |capture| response.root().number(capture).unwrap_or(0);
    NamespaceLimits {
        blob: number(Capture::BlobSizeLimitError),
        memo: number(Capture::MemoSizeLimitError),
        completion: number(Capture::WorkflowTaskCompletionSizeLimitError),
        takes_pages: number(Capture::WorkflowTaskCompletionPagination) != 0,
    }
}
