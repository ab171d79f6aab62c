//! Holds the result of reading one object, which callers that want the same object share.

use std::time::Duration;

use crate::Payload;

/// Holds a payload that was read and verified.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    pub(super) payload: Payload,
    /// The time until the store deletes the object, where it said so.
    pub(super) expires_in: Option<Duration>,
}
