//! Holds what a backend writes: an encoded payload and its digest.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::{Body, Digest};

/// Holds what is written: the encoded payload, and its SHA-256, which the store can check too.
///
/// Clones are O(1) and share the bytes, also the contiguous form once it was made.
#[derive(Clone)]
pub struct Content(Arc<Inner>);

struct Inner {
    body: Body,
    digest: Digest,
    contiguous: OnceLock<Bytes>,
}

impl Content {
    /// Makes content with this digest. The caller has hashed the body.
    #[must_use]
    pub fn new(body: Body, digest: Digest) -> Self {
        Self(Arc::new(Inner { body, digest, contiguous: OnceLock::new() }))
    }

    /// Returns the encoded payload, in segments.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// Returns the SHA-256 of the encoded payload.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// Returns the length of the encoded payload in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks whether a payload that is stored is empty")]
    pub fn len(&self) -> usize {
        self.0.body.len()
    }

    /// Returns the encoded payload in one buffer, for clients that take no segments.
    ///
    /// It copies only where there is more than one segment, and once: later attempts and clones get the
    /// same buffer.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        self.0.contiguous.get_or_init(|| self.0.body.to_bytes()).clone()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contiguous_form_is_made_once_and_shared_by_clones() {
        let payload = crate::Payload::new([("encoding", "binary/plain")], "data");
        let content = Content::new(payload.body().clone(), Digest::of(payload.body()));
        assert!(content.body().segments().len() > 1);
        let first = content.clone().to_bytes();
        assert_eq!(first.as_ptr(), content.to_bytes().as_ptr());
        assert_eq!(first, payload.to_bytes());
    }
}
