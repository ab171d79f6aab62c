//! Sends the gateway's own requests: reports of failed tasks, and questions about a namespace.

use std::time::Duration;

use bytes::Bytes;
use extstore_wire::Rpc;
use http::{HeaderMap, HeaderValue};

use crate::exchange::Exchange;
use crate::{Answer, Call, Code, Status};

/// Lists the metadata of the caller's request that does not apply to another request: deadline, routing and encoding.
const DROPPED_HEADERS: [&str; 4] =
    ["grpc-timeout", "temporal-resource-id", "grpc-encoding", "content-length"];

/// These constants bound one request of the gateway, as a duration and as a header.
const TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT_HEADER: HeaderValue = HeaderValue::from_static("10S");

/// Makes a request of the gateway, with the caller's metadata: it needs the same authentication.
pub(crate) fn call(exchange: &Exchange, rpc: Rpc, body: Bytes) -> Call {
    Call::new(rpc.service(), rpc.method(), headers(&exchange.headers), body)
}

/// Sends a request once. A silent server must not hold up the caller, who waits for a poll or a completion.
///
/// # Errors
///
/// The server's status, or `UNAVAILABLE` where no answer came within ten seconds.
pub(crate) async fn send(exchange: &Exchange, call: Call) -> Result<Answer, Status> {
    match tokio::time::timeout(TIMEOUT, exchange.upstream.send(call)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Status::new(Code::UNAVAILABLE, "no answer to a request of the gateway")),
    }
}

/// Returns the caller's metadata without what belongs to its request alone, and with the time-out of this one.
fn headers(callers: &HeaderMap) -> HeaderMap {
    let mut headers = callers.clone();
    for name in DROPPED_HEADERS {
        headers.remove(name);
    }
    headers.insert("grpc-timeout", TIMEOUT_HEADER);
    headers
}
