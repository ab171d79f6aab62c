//! Holds an encoded message in pieces.

use std::fmt;

use bytes::{BufMut as _, Bytes, BytesMut};

/// Holds an encoded message as pieces of the original, new payloads, and the lengths between them.
///
/// Cloning copies no byte. `Debug` prints lengths only.
#[derive(Clone, Default)]
pub struct Rope {
    segments: Vec<Bytes>,
    length: usize,
}

impl Rope {
    /// Returns the length of all pieces together, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Says whether the message has no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns the pieces, in order; none is empty.
    #[must_use]
    pub fn segments(&self) -> &[Bytes] {
        &self.segments
    }

    /// Returns the pieces, in order.
    #[must_use]
    pub fn into_segments(self) -> Vec<Bytes> {
        self.segments
    }

    /// Returns one contiguous buffer. It copies only where there is more than one piece.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match self.segments.as_slice() {
            [] => Bytes::new(),
            [only] => only.clone(),
            segments => {
                let mut buffer = BytesMut::with_capacity(self.length);
                segments.iter().for_each(|segment| buffer.put_slice(segment));
                buffer.freeze()
            }
        }
    }
}

impl From<Bytes> for Rope {
    fn from(only: Bytes) -> Self {
        let mut builder = Builder::default();
        builder.push(only);
        builder.rope
    }
}

impl fmt::Debug for Rope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rope({} bytes in {} segments)", self.length, self.segments.len())
    }
}

/// Puts a rope together. Short runs are copied together, because a piece costs more than they do.
#[derive(Default)]
pub(crate) struct Builder {
    rope: Rope,
    copied: BytesMut,
}

impl Builder {
    /// A run below this length is copied.
    const SHARE_FROM: usize = 256;

    /// Says where lengths are written.
    pub(crate) fn copied(&mut self) -> &mut BytesMut {
        &mut self.copied
    }

    /// Appends bytes without copying them, unless they are few.
    pub(crate) fn share(&mut self, bytes: Bytes) {
        if bytes.len() < Self::SHARE_FROM {
            self.copied.put_slice(&bytes);
        } else {
            self.flush();
            self.push(bytes);
        }
    }

    pub(crate) fn finish(mut self) -> Rope {
        self.flush();
        self.rope
    }

    fn flush(&mut self) {
        let copied = self.copied.split().freeze();
        self.push(copied);
    }

    fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.rope.length += bytes.len();
            self.rope.segments.push(bytes);
        }
    }
}
