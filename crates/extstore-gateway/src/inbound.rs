//! Responses: identities, limits, references back to payloads.

use crate::exchange::Exchange;
use crate::{Answer, Call, Status};

/// Sends a request and restores its response.
pub(crate) async fn receive(exchange: &Exchange, call: Call) -> Result<Answer, Status> {
    exchange.upstream.send(call).await
}

/// Polls in a task of its own: a poll that was answered is never dropped.
pub(crate) async fn poll(exchange: Exchange, call: Call) -> Result<Answer, Status> {
    receive(&exchange, call).await
}
