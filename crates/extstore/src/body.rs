//! Holds encoded bytes in up to four segments, so that large data is never copied.

use std::fmt;

use bytes::{Bytes, BytesMut};

/// Holds the bytes of one stored object in one to four shared segments.
///
/// S3 and disk send the segments as they stand; Redis and SQLite ask for [`Body::to_bytes`].
/// Cloning copies no byte. `Debug` prints lengths only.
#[derive(Clone)]
pub struct Body {
    segments: [Bytes; Self::MAX_SEGMENTS],
    used: usize,
}

impl Body {
    /// Bounds the number of segments of a body.
    pub const MAX_SEGMENTS: usize = 4;

    /// Returns the length of all segments together, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments().iter().map(Bytes::len).sum()
    }

    /// Says whether there is no byte at all. An empty payload is a legal object of length 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the segments in order; there is always at least one.
    #[must_use]
    pub fn segments(&self) -> &[Bytes] {
        &self.segments[..self.used]
    }

    /// Returns one contiguous buffer. It copies only where there is more than one segment.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match self.segments() {
            [only] => only.clone(),
            segments => {
                let mut buffer = BytesMut::with_capacity(self.len());
                segments.iter().for_each(|segment| buffer.extend_from_slice(segment));
                buffer.freeze()
            }
        }
    }

    /// Appends a segment; the fifth is copied into the fourth, empty ones are left out.
    pub(crate) fn push(&mut self, segment: Bytes) {
        if segment.is_empty() {
            return;
        }
        if self.used == 1 && self.segments[0].is_empty() {
            self.segments[0] = segment;
        } else if self.used < Self::MAX_SEGMENTS {
            self.segments[self.used] = segment;
            self.used += 1;
        } else {
            let last = &mut self.segments[Self::MAX_SEGMENTS - 1];
            *last = [last.as_ref(), segment.as_ref()].concat().into();
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::from(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(only: Bytes) -> Self {
        Self { segments: [only, Bytes::new(), Bytes::new(), Bytes::new()], used: 1 }
    }
}

/// Compares the bytes, however they are cut into segments.
impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .segments()
                .iter()
                .flat_map(|s| s.iter())
                .eq(other.segments().iter().flat_map(|s| s.iter()))
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes in {} segments)", self.len(), self.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_segment_is_folded_into_the_fourth() {
        let mut body = Body::default();
        for piece in ["a", "b", "c", "d", "e"] {
            body.push(Bytes::from_static(piece.as_bytes()));
        }
        assert_eq!(body.segments().len(), 4);
        assert_eq!(body.to_bytes(), "abcde");
        assert_eq!(body, Body::from(Bytes::from_static(b"abcde")));
    }
}
