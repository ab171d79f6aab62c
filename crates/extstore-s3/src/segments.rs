//! Sends a body segment by segment, so that nothing is copied.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use extstore::Body;
use http_body::{Frame, SizeHint};

/// Yields the segments of a payload as the body of an HTTP request.
pub(crate) struct Segments {
    segments: std::vec::IntoIter<Bytes>,
    left: u64,
}

impl Segments {
    pub(crate) fn of(body: &Body) -> Self {
        Self { segments: body.segments().to_vec().into_iter(), left: body.len() as u64 }
    }
}

impl http_body::Body for Segments {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.segments.next();
        self.left -= next.as_ref().map_or(0, |segment| segment.len() as u64);
        Poll::Ready(next.map(|segment| Ok(Frame::data(segment))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
