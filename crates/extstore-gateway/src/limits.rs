//! Hides the namespace's limits from the SDK, which measures before payloads are offloaded, and enforces them
//! afterwards.
//!
//! An SDK asks `DescribeNamespace` how large payloads may be and refuses larger ones itself. It does so before the
//! gateway sees the request, so it is told that there is no limit; and the gateway measures what stays inline the way
//! the SDK would have, and refuses it with the same sentence.

use std::fmt;

use bytes::{Bytes, BytesMut};
use extstore_wire::{Capture, Rewrite, Rope, Scan, put_bytes, put_varint_field};

use crate::Answer;
use crate::exchange::Exchange;
use crate::state::{Limit, Sizes};

mod measure;

/// `DescribeNamespaceResponse.namespace_info`
const NAMESPACE_INFO: u32 = 1;
/// `NamespaceInfo.limits`
const LIMITS: u32 = 8;
/// The fields of `Limits`: for a blob, for a memo, for a workflow task's completion.
const LIMIT_FIELDS: [u32; 3] = [1, 2, 3];

/// Inline payloads exceed a limit of the namespace.
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

/// Remembers the limits in the answer of `DescribeNamespace`, and sets them to none in the answer. Without storage the
/// SDK's own check is right, so the answer stays unchanged.
pub(crate) fn rewrite(exchange: &Exchange, answer: Answer) -> Answer {
    if exchange.storage().is_none() {
        return answer;
    }
    let Ok(scan) = Scan::all(exchange.rpc.response(), answer.body.to_bytes()) else { return answer };
    let number = |capture| scan.root().number(capture).unwrap_or(0);
    let sizes =
        Sizes { blob: number(Capture::BlobSizeLimitError), memo: number(Capture::MemoSizeLimitError) };
    if let Some(name) = scan.root().text(Capture::Namespace) {
        exchange.state.limits.keep(&exchange.scope_of(name), sizes);
    }
    let completion = number(Capture::WorkflowTaskCompletionSizeLimitError);
    if sizes == Sizes::default() && completion == 0 {
        return answer;
    }
    let mut rewrite = Rewrite::new(&scan);
    rewrite.append(scan.root().id(), [without_limits()]);
    match rewrite.finish() {
        Ok(body) => Answer { body, ..answer },
        Err(_) => answer,
    }
}

/// Encodes a second piece of `namespace_info`. A reader merges the pieces of a message, and the last occurrence of a
/// number counts, so the zeros are written although they are the defaults.
fn without_limits() -> Bytes {
    let [mut limits, mut info, mut piece] = std::array::from_fn(|_| BytesMut::new());
    LIMIT_FIELDS.iter().for_each(|number| put_varint_field(&mut limits, *number, 0));
    put_bytes(&mut info, LIMITS, &limits);
    put_bytes(&mut piece, NAMESPACE_INFO, &info);
    piece.freeze()
}

/// Checks the inline payloads of a request against its namespace's limits, if these are known.
///
/// # Errors
///
/// The first field that is too large.
pub(crate) fn check(exchange: &Exchange, scan: &Scan, body: &Rope) -> Result<(), Exceeded> {
    let namespace = scan.root().text(Capture::Namespace).unwrap_or_default();
    let Some(sizes) = exchange.state.limits.find(&exchange.scope_of(namespace)) else { return Ok(()) };
    // No part is larger than the whole: nearly every request ends here.
    if sizes.smallest().is_none_or(|smallest| body.len() as u64 <= smallest) {
        return Ok(());
    }
    let Ok(scan) = Scan::all(exchange.rpc.request(), body.to_bytes()) else { return Ok(()) };
    let over = |(limit, size): (Limit, u64)| {
        let allowed = sizes.of(limit);
        (allowed > 0 && size > allowed).then_some(Exceeded { limit, size, allowed })
    };
    measure::sizes(&scan).find_map(over).map_or(Ok(()), Err)
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.limit {
            Limit::Blob => "payloads",
            Limit::Memo => "memo",
        };
        write!(f, "[TMPRL1103] Attempted to upload {what} with size that exceeded the error limit.")?;
        write!(f, " Size: {} bytes, limit: {} bytes.", self.size, self.allowed)
    }
}

#[cfg(test)]
mod tests;
