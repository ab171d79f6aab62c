//! Reads with a buffer, and writes in pieces up to a limit.

use std::io;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::head::Framing;

const MAX_HEAD: usize = 64 * 1024;
const CHUNK: usize = 64 * 1024;

/// Holds a stream with the bytes that were read too far.
#[derive(Debug)]
pub(super) struct Source<'b, R> {
    pub(super) inner: R,
    pub(super) buffer: &'b mut BytesMut,
}

/// Writes bytes in pieces of `piece` bytes, until `left` bytes of the body were written.
#[derive(Debug)]
pub(super) struct Sink<W> {
    pub(super) inner: W,
    pub(super) piece: usize,
    pub(super) left: Option<u64>,
    pub(super) written: u64,
}

/// Says how the copying of a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copied {
    /// All of it was forwarded.
    Whole,
    /// The limit of the sink was reached.
    Cut,
}

impl<R: AsyncRead + Unpin> Source<'_, R> {
    /// Reads up to and with an end marker; `None` where the stream ends before the first byte.
    pub(super) async fn until(&mut self, end: &[u8]) -> io::Result<Option<Bytes>> {
        loop {
            if let Some(at) = self.buffer.windows(end.len()).position(|window| window == end) {
                return Ok(Some(self.buffer.split_to(at + end.len()).freeze()));
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the head has no end"));
            }
            if self.fill().await? == 0 {
                return if self.buffer.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
    }

    /// Discards what arrives until the other side leaves.
    pub(super) async fn drain(&mut self) -> io::Result<()> {
        while self.fill().await? > 0 {
            self.buffer.clear();
        }
        Ok(())
    }

    /// Waits until the other side leaves; what it sends until then is kept.
    pub(super) async fn closed(&mut self) {
        while matches!(self.fill().await, Ok(read) if read > 0) {}
    }

    /// Waits until something arrives.
    pub(super) async fn arrival(&mut self) -> io::Result<()> {
        if self.fill().await? > 0 { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Forwards a body as it stands, its chunk headers included.
    pub(super) async fn copy<W>(&mut self, framing: Framing, sink: &mut Sink<W>) -> io::Result<Copied>
    where
        W: AsyncWrite + Unpin,
    {
        match framing {
            Framing::Length(bytes) => self.copy_exactly(bytes, sink).await,
            Framing::Chunked => self.copy_chunks(sink).await,
            Framing::UntilClose => self.copy_rest(sink).await,
        }
    }

    async fn copy_exactly<W: AsyncWrite + Unpin>(
        &mut self,
        mut bytes: u64,
        sink: &mut Sink<W>,
    ) -> io::Result<Copied> {
        if sink.left == Some(0) {
            return Ok(Copied::Cut);
        }
        while bytes > 0 {
            if self.buffer.is_empty() && self.fill().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let take = self.buffer.len().min(usize::try_from(bytes).unwrap_or(usize::MAX));
            bytes -= take as u64;
            let piece = self.buffer.split_to(take);
            if sink.body(&piece).await? == Copied::Cut {
                return Ok(Copied::Cut);
            }
        }
        Ok(Copied::Whole)
    }

    async fn copy_chunks<W: AsyncWrite + Unpin>(&mut self, sink: &mut Sink<W>) -> io::Result<Copied> {
        loop {
            let line = self.until(b"\r\n").await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            sink.pieces(&line).await?;
            let size = chunk_size(&line)?;
            if size == 0 {
                break;
            }
            if self.copy_exactly(size, sink).await? == Copied::Cut {
                return Ok(Copied::Cut);
            }
            let end = self.until(b"\r\n").await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            sink.pieces(&end).await?;
        }
        loop {
            let trailer = self.until(b"\r\n").await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            sink.pieces(&trailer).await?;
            if trailer.len() == 2 {
                return Ok(Copied::Whole);
            }
        }
    }

    async fn copy_rest<W: AsyncWrite + Unpin>(&mut self, sink: &mut Sink<W>) -> io::Result<Copied> {
        loop {
            let piece = self.buffer.split();
            if sink.body(&piece).await? == Copied::Cut {
                return Ok(Copied::Cut);
            }
            if self.fill().await? == 0 {
                return Ok(Copied::Whole);
            }
        }
    }

    async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(CHUNK);
        self.inner.read_buf(self.buffer).await
    }
}

fn chunk_size(line: &[u8]) -> io::Result<u64> {
    let digits = line.split(|byte| matches!(byte, b';' | b'\r' | b' ')).next().unwrap_or_default();
    let digits = std::str::from_utf8(digits).unwrap_or_default();
    u64::from_str_radix(digits, 16).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

impl<W: AsyncWrite + Unpin> Sink<W> {
    pub(super) fn new(inner: W, piece: usize, left: Option<u64>) -> Self {
        Self { inner, piece, left, written: 0 }
    }

    /// Writes bytes that do not count against the limit.
    pub(super) async fn pieces(&mut self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.chunks(self.piece.max(1)) {
            self.inner.write_all(piece).await?;
            self.inner.flush().await?;
        }
        Ok(())
    }

    async fn body(&mut self, bytes: &[u8]) -> io::Result<Copied> {
        let allowed = self
            .left
            .map_or(bytes.len(), |left| bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
        self.pieces(&bytes[..allowed]).await?;
        self.written += allowed as u64;
        self.left = self.left.map(|left| left - allowed as u64);
        Ok(if self.left == Some(0) { Copied::Cut } else { Copied::Whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn copied(input: &[u8], framing: Framing, left: Option<u64>) -> (Copied, Vec<u8>, BytesMut) {
        let mut buffer = BytesMut::new();
        let mut source = Source { inner: input, buffer: &mut buffer };
        let mut sink = Sink::new(Vec::new(), 3, left);
        let copied = source.copy(framing, &mut sink).await.unwrap();
        (copied, sink.inner, buffer)
    }

    #[tokio::test]
    async fn a_chunked_body_is_forwarded_byte_for_byte_and_what_follows_it_stays() {
        let body = b"5;x=y\r\nhello\r\n0\r\nt: v\r\n\r\n";
        let input = [body.as_slice(), b"GET"].concat();
        let (how, out, rest) = copied(&input, Framing::Chunked, None).await;
        assert_eq!((how, out.as_slice(), &rest[..]), (Copied::Whole, body.as_slice(), b"GET".as_slice()));
    }

    #[tokio::test]
    async fn a_limit_counts_bytes_of_the_body_only() {
        let (how, out, _) = copied(b"5\r\nhello\r\n0\r\n\r\n", Framing::Chunked, Some(2)).await;
        assert_eq!((how, out.as_slice()), (Copied::Cut, b"5\r\nhe".as_slice()));
        let (how, out, _) = copied(b"hello", Framing::Length(5), Some(0)).await;
        assert_eq!((how, out.as_slice()), (Copied::Cut, b"".as_slice()));
    }

    #[tokio::test]
    async fn a_body_that_ends_early_is_an_error() {
        let mut buffer = BytesMut::new();
        let mut source = Source { inner: b"hel".as_slice(), buffer: &mut buffer };
        let mut sink = Sink::new(Vec::new(), 8, None);
        let error = source.copy(Framing::Length(5), &mut sink).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
