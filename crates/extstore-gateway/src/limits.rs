//! Hides the namespace's limits from the SDK, which measures before payloads are offloaded, and enforces them
//! afterwards.
//!
//! An SDK asks `DescribeNamespace` how large payloads may be and refuses larger ones itself. It does so before the
//! gateway sees the request, so it is told that there is no limit; and the gateway measures what stays inline the way
//! the SDK would have, and refuses it with the same sentence. Another gateway may have hidden the limits, so this one
//! asks for those that it does not know: a field above its limit ends the run.

use std::fmt;

use bytes::{Bytes, BytesMut};
use extstore_wire::{Capture, Rewrite, Rope, Scan, put_bytes, put_varint_field};
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::Answer;
use crate::exchange::Exchange;
use crate::scope::Scope;
use crate::state::{Limit, NamespaceLimits, ShownLimits};

mod ask;
mod measure;

/// Names the field `DescribeNamespaceResponse.namespace_info`.
const NAMESPACE_INFO: u32 = 1;
/// Names the field `NamespaceInfo.limits`.
const LIMITS: u32 = 8;
/// Lists the fields of `Limits`: for a blob, for a memo, for a workflow task's completion.
const LIMIT_FIELDS: [u32; 3] = [1, 2, 3];
/// Bounds the requests, in bytes, for which the gateway does not ask the server: they are within every limit that a
/// namespace is configured with in practice. Limits of fields are 2 MiB by default.
const ALWAYS_ALLOWED: usize = 32 << 10;

/// Says which limit of the namespace or of the server a request exceeds.
///
/// `Display` writes the SDKs' own sentence with both sizes. It is fit to leave the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// The limit that was exceeded.
    pub(crate) limit: Limit,
    /// The measured size, in bytes.
    pub(crate) size: u64,
    /// The namespace's limit, in bytes.
    pub(crate) allowed: u64,
}

impl Exceeded {
    /// Says that a workflow task's completion is too large.
    pub(crate) fn completion(size: u64, allowed: u64) -> Self {
        Self { limit: Limit::Completion, size, allowed }
    }
}

/// Remembers the limits in the answer of `DescribeNamespace`, and shows others in the answer. Without storage the SDK's
/// own check is right, so the answer stays unchanged.
pub(crate) fn rewrite(exchange: &Exchange, answer: Answer) -> Answer {
    if exchange.storage().is_none() {
        return answer;
    }
    let Ok(scan) = Scan::all(exchange.rpc.response(), answer.body.to_bytes()) else { return answer };
    let limits = ask::read(&scan);
    if let Some(name) = scan.root().text(Capture::Namespace) {
        exchange.state.limits.keep(&exchange.scope_of(name), limits);
    }
    let shown = match exchange.state.options.shown_limits {
        ShownLimits::Real => return answer,
        ShownLimits::None => 0,
        // The fields are signed.
        ShownLimits::Bytes(bytes) => bytes.min(i64::MAX.unsigned_abs()),
    };
    if limits.smallest().is_none() && limits.completion == 0 {
        return answer;
    }
    let mut rewrite = Rewrite::new(&scan);
    rewrite.append(scan.root().id(), [with_limits(shown)]);
    match rewrite.finish() {
        Ok(body) => Answer { body, ..answer },
        Err(_) => answer,
    }
}

/// Encodes a second piece of `namespace_info`. A reader merges the pieces of a message, and the last occurrence of a
/// number counts, so zeros are written although they are the defaults.
fn with_limits(bytes: u64) -> Bytes {
    let [mut limits, mut info, mut piece] = std::array::from_fn(|_| BytesMut::new());
    LIMIT_FIELDS.iter().for_each(|number| put_varint_field(&mut limits, *number, bytes));
    put_bytes(&mut info, LIMITS, &limits);
    put_bytes(&mut piece, NAMESPACE_INFO, &info);
    piece.freeze()
}

/// Returns the limits that a request must keep; none where it is small and its namespace is not known.
///
/// Asks the server where the limits are not known or old, and the request is large enough to matter.
pub(crate) async fn find(exchange: &Exchange, scan: &Scan, length: usize) -> Option<NamespaceLimits> {
    let in_request = scan.root().text(Capture::Namespace).unwrap_or_default();
    let namespace = if in_request.is_empty() { exchange.scope.namespace() } else { in_request };
    let (known, scope) = (&exchange.state.limits, exchange.scope_of(namespace));
    if length <= ALWAYS_ALLOWED {
        return known.last_known(&scope);
    }
    match known.fresh(&scope) {
        Some(limits) => Some(limits),
        None => Some(ask_in_time(exchange, namespace, scope).await),
    }
}

/// Asks the server, and waits for half of the rest of the caller's time: a heartbeat that comes late ends its activity.
/// Then the last known limits count, else the defaults. The question goes on, because others wait for the same answer.
async fn ask_in_time(exchange: &Exchange, namespace: &str, scope: Scope) -> NamespaceLimits {
    let (asking, of, namespace) = (exchange.clone(), scope.clone(), namespace.to_owned());
    let asked =
        async move { asking.state.limits.find(&of, async || ask::limits(&asking, &namespace).await).await };
    let asked = tokio::spawn(asked.in_current_span());
    let found = match exchange.time {
        Some(time) => timeout(time.rest().unwrap_or_default() / 2, asked).await.ok(),
        None => Some(asked.await),
    };
    let last_known = || exchange.state.limits.last_known(&scope).unwrap_or(NamespaceLimits::DEFAULT);
    found.and_then(Result::ok).unwrap_or_else(last_known)
}

/// Checks the inline payloads of a request against its namespace's limits.
///
/// # Errors
///
/// The first field that is too large.
pub(crate) fn check(exchange: &Exchange, limits: NamespaceLimits, body: &Rope) -> Result<(), Exceeded> {
    // No part is larger than the whole: nearly every request ends here.
    if limits.smallest().is_none_or(|smallest| body.len() as u64 <= smallest) {
        return Ok(());
    }
    let Ok(scan) = Scan::all(exchange.rpc.request(), body.to_bytes()) else { return Ok(()) };
    let over = |(limit, size): (Limit, u64)| {
        let allowed = match limit {
            Limit::Memo => limits.memo,
            Limit::Blob | Limit::Completion => limits.blob,
        };
        (allowed > 0 && size > allowed).then_some(Exceeded { limit, size, allowed })
    };
    measure::sizes(&scan).find_map(over).map_or(Ok(()), Err)
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.limit {
            Limit::Blob => "payloads",
            Limit::Memo => "memo",
            Limit::Completion => "a workflow task completion",
        };
        write!(f, "[TMPRL1103] Attempted to upload {what} with size that exceeded the error limit.")?;
        write!(f, " Size: {} bytes, limit: {} bytes.", self.size, self.allowed)
    }
}

#[cfg(test)]
mod tests;
