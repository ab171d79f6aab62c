//! The namespace's limits: hidden from the SDK, which measures before payloads leave, and kept to afterwards.

use std::fmt;

use extstore_wire::{Rope, Scan};

use crate::exchange::Exchange;

/// What stays inline is above a limit of the namespace.
///
/// `Display` is the sentence that SDKs know, with the two sizes: fit to leave the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// Which limit it is.
    pub(crate) limit: Limit,
    /// What was measured, in bytes.
    pub(crate) size: u64,
    /// The namespace's limit, in bytes.
    pub(crate) allowed: u64,
}

/// A limit of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Of the payloads of one field together.
    Blob,
    /// Of a memo.
    Memo,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.limit {
            Limit::Blob => "payloads",
            Limit::Memo => "memo",
        };
        write!(
            f,
            "[TMPRL1103] Attempted to upload {what} with size that exceeded the error limit. \
             size={} limit={}",
            self.size, self.allowed
        )
    }
}

/// Whether what stays inline in a request is within its namespace's limits.
pub(crate) fn check(exchange: &Exchange, scan: &Scan, message: &Rope) -> Result<(), Exceeded> {
    let _ = (exchange, scan, message);
    Ok(())
}
