//! Requests: payloads with their targets become references.

use crate::exchange::Exchange;
use crate::{Answer, Call, Status};

/// What became of a request.
pub(crate) enum Sent {
    /// It goes on, its payloads offloaded.
    On(Call),
    /// It was dealt with: this is what the caller is answered.
    Answered(Result<Answer, Status>),
}

/// Offloads the payloads of a request.
pub(crate) async fn offload(exchange: &Exchange, call: Call) -> Sent {
    let _ = exchange;
    Sent::On(call)
}
