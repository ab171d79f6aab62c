//! Says why a message was not scanned or not rewritten.

use std::fmt;

/// Says why a message is passed on unchanged. It holds offsets and never content.
///
/// No fault is the reader's to repair: a host counts it and forwards the bytes that it received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The bytes are not an encoded protobuf message; the offset is where reading stopped.
    Malformed {
        /// Offset in the scanned message.
        at: usize,
    },
    /// Messages are nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
    /// The message has more payloads, or messages that must be kept, than
    /// [`Scan::MAX_RECORDS`](crate::Scan::MAX_RECORDS).
    TooMany,
    /// The message has 4 GiB or more, or would become longer than protobuf's 2 GiB.
    TooLarge,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { at } => write!(f, "no well-formed protobuf message: byte {at}"),
            Self::TooDeep => f.write_str("messages are nested too deep"),
            Self::TooMany => f.write_str("too many payloads in one message"),
            Self::TooLarge => f.write_str("the message is larger than protobuf allows"),
        }
    }
}

impl std::error::Error for Fault {}
