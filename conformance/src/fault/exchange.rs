//! Serves one connection: one HTTP/1.1 exchange after another, each with its fault.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::BytesMut;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::head::{Framing, RequestHead, ResponseHead};
use super::log::Ticket;
use super::script::Fault;
use super::shared::Shared;
use super::stream::{Copied, Sink, Source};

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Says what the proxy does with the client's connection.
enum After {
    Keep,
    Close,
    Reset,
}

pub(super) async fn serve(mut client: TcpStream, shared: &Shared) {
    let mut buffer = BytesMut::new();
    loop {
        // A client that leaves or stops speaking HTTP loses its connection, as at any server.
        match exchange(&mut client, &mut buffer, shared).await.unwrap_or(After::Close) {
            After::Keep => {}
            After::Close => return,
            After::Reset => {
                let _ = client.set_zero_linger();
                return;
            }
        }
    }
}

async fn exchange(client: &mut TcpStream, buffer: &mut BytesMut, shared: &Shared) -> io::Result<After> {
    let (inner, mut writer) = client.split();
    let mut source = Source { inner, buffer };
    let Some(raw) = source.until(END_OF_HEAD).await? else { return Ok(After::Close) };
    let head = RequestHead::parse(raw)?;
    let (fault, ticket) = shared.begin(&head.method, &head.path);
    match fault {
        Fault::Blackhole => source.drain().await.map(|()| After::Close),
        Fault::Answer { status, retry_after } => {
            let after = answer(&mut source, &mut writer, &head, status, retry_after).await?;
            ticket.answered(status);
            Ok(after)
        }
        Fault::Delay(delay) => {
            #[expect(clippy::disallowed_methods, reason = "the fault is the delay")]
            tokio::time::sleep(delay).await;
            Forward { shared, head, fault, ticket }.run(source, writer).await
        }
        Fault::Forward
        | Fault::CutAfterUpstream
        | Fault::ResetUpload { .. }
        | Fault::CutResponse { .. }
        | Fault::Sliced { .. } => Forward { shared, head, fault, ticket }.run(source, writer).await,
    }
}

/// Reads the request whole before answering, unless its client waits for permission to send the body.
async fn answer(
    source: &mut Source<'_, ReadHalf<'_>>,
    writer: &mut WriteHalf<'_>,
    head: &RequestHead,
    status: u16,
    retry_after: Option<u32>,
) -> io::Result<After> {
    let mut nowhere = Sink::new(tokio::io::sink(), usize::MAX, None);
    if !head.expects_continue {
        source.copy(head.framing, &mut nowhere).await?;
    }
    let connection = if head.expects_continue { "close" } else { "keep-alive" };
    let retry_after = retry_after.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
    let response = format!(
        "HTTP/1.1 {status} Injected\r\ncontent-length: 0\r\nconnection: {connection}\r\n{retry_after}\r\n"
    );
    writer.write_all(response.as_bytes()).await?;
    if !head.expects_continue {
        return Ok(After::Keep);
    }
    // Closing before the client has read would turn the answer into a reset.
    writer.shutdown().await?;
    source.drain().await.map(|()| After::Close)
}

/// Forwards one request to the store.
struct Forward<'s> {
    shared: &'s Shared,
    head: RequestHead,
    fault: Fault,
    ticket: Ticket<'s>,
}

/// Says why the upload to the store ended before the answer was complete.
enum Upload {
    Cut,
    ClientLeft,
}

impl Forward<'_> {
    async fn run(&self, source: Source<'_, ReadHalf<'_>>, writer: WriteHalf<'_>) -> io::Result<After> {
        let mut upstream = TcpStream::connect(self.shared.upstream()).await?;
        upstream.set_nodelay(true)?;
        let (reader, sender) = upstream.split();
        let whole = AtomicBool::new(false);
        let outcome = tokio::select! {
            biased;
            received = self.receive(reader, writer) => received.map(Ok),
            upload = self.send(source, sender, &whole) => Ok(Err(upload)),
        };
        match outcome? {
            Ok(After::Keep) if !whole.load(Ordering::Relaxed) => Ok(After::Close),
            Ok(after) => Ok(after),
            Err(Upload::ClientLeft) => Ok(After::Close),
            Err(Upload::Cut) => upstream.set_zero_linger().map(|()| After::Reset),
        }
    }

    /// Ends only where the exchange must end too: the answer may come at any time.
    async fn send(
        &self,
        mut source: Source<'_, ReadHalf<'_>>,
        sender: WriteHalf<'_>,
        whole: &AtomicBool,
    ) -> Upload {
        let limit = if let Fault::ResetUpload { after } = self.fault { Some(after) } else { None };
        let mut sink = Sink::new(sender, self.piece(), limit);
        let copied = self.upload(&mut source, &mut sink).await;
        self.ticket.uploaded(sink.written);
        match copied {
            Ok(Copied::Cut) => return Upload::Cut,
            Ok(Copied::Whole) => {
                whole.store(true, Ordering::Relaxed);
                source.closed().await;
                return Upload::ClientLeft;
            }
            // The store answers, or closes, on what it has received.
            Err(_) => drop(sink.inner.shutdown().await),
        }
        std::future::pending().await
    }

    async fn upload(
        &self,
        source: &mut Source<'_, ReadHalf<'_>>,
        sink: &mut Sink<WriteHalf<'_>>,
    ) -> io::Result<Copied> {
        sink.pieces(&self.head.raw).await?;
        source.copy(self.head.framing, sink).await
    }

    async fn receive(&self, inner: ReadHalf<'_>, writer: WriteHalf<'_>) -> io::Result<After> {
        let limit = if let Fault::CutResponse { after } = self.fault { Some(after) } else { None };
        let mut buffer = BytesMut::new();
        let mut source = Source { inner, buffer: &mut buffer };
        let mut sink = Sink::new(writer, self.piece(), limit);
        loop {
            let raw = source.until(END_OF_HEAD).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let response = ResponseHead::parse(raw, &self.head.method)?;
            if !response.is_interim() && self.fault == Fault::CutAfterUpstream {
                let mut nowhere = Sink::new(tokio::io::sink(), usize::MAX, None);
                source.copy(response.framing, &mut nowhere).await?;
                return Ok(After::Reset);
            }
            sink.pieces(&response.raw).await?;
            if response.is_interim() {
                continue;
            }
            self.ticket.answered(response.status);
            let copied = source.copy(response.framing, &mut sink).await?;
            let last = response.closes || response.framing == Framing::UntilClose || copied == Copied::Cut;
            return Ok(if last { After::Close } else { After::Keep });
        }
    }

    fn piece(&self) -> usize {
        if let Fault::Sliced { bytes } = self.fault { bytes } else { usize::MAX }
    }
}
