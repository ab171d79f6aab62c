//! Serves one connection of a protocol that the proxy does not read.

use std::io;

use bytes::BytesMut;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::head::Framing;
use super::script::Fault;
use super::shared::Shared;
use super::stream::{Copied, Sink, Source};

pub(super) async fn serve(mut client: TcpStream, shared: &Shared) {
    let (fault, ticket) = shared.begin("TCP", "");
    // Whoever leaves first ends the connection: nothing is reported but the log.
    let reset = connection(&mut client, shared, &fault, &ticket).await.unwrap_or(false);
    if reset {
        let _ = client.set_zero_linger();
    }
}

/// Says whether the client's connection is to be reset.
async fn connection(
    client: &mut TcpStream,
    shared: &Shared,
    fault: &Fault,
    ticket: &super::log::Ticket<'_>,
) -> io::Result<bool> {
    let (mut before, mut behind) = (BytesMut::new(), BytesMut::new());
    let (inner, writer) = client.split();
    let mut source = Source { inner, buffer: &mut before };
    match fault {
        Fault::Blackhole => return source.drain().await.map(|()| false),
        Fault::Answer { .. } => return Ok(true),
        #[expect(clippy::disallowed_methods, reason = "the fault is the delay")]
        Fault::Delay(delay) => tokio::time::sleep(*delay).await,
        Fault::Forward
        | Fault::CutAfterUpstream
        | Fault::ResetUpload { .. }
        | Fault::CutResponse { .. }
        | Fault::Sliced { .. } => {}
    }
    let mut upstream = TcpStream::connect(shared.upstream()).await?;
    let (inner, sender) = upstream.split();
    let answers = Source { inner, buffer: &mut behind };
    tokio::select! {
        biased;
        cut = receive(answers, writer, fault) => cut,
        cut = send(source, sender, fault, ticket) => cut,
    }
}

async fn send(
    mut source: Source<'_, ReadHalf<'_>>,
    sender: WriteHalf<'_>,
    fault: &Fault,
    ticket: &super::log::Ticket<'_>,
) -> io::Result<bool> {
    let limit = if let Fault::ResetUpload { after } = fault { Some(*after) } else { None };
    let mut sink = Sink::new(sender, piece(fault), limit);
    let copied = source.copy(Framing::UntilClose, &mut sink).await;
    ticket.uploaded(sink.written);
    if copied? == Copied::Cut {
        return Ok(true);
    }
    sink.inner.shutdown().await?;
    // The store may answer a client that has closed its half.
    std::future::pending().await
}

async fn receive(
    mut source: Source<'_, ReadHalf<'_>>,
    writer: WriteHalf<'_>,
    fault: &Fault,
) -> io::Result<bool> {
    let limit = match fault {
        Fault::CutResponse { after } => Some(*after),
        Fault::CutAfterUpstream => Some(0),
        Fault::Forward
        | Fault::Blackhole
        | Fault::ResetUpload { .. }
        | Fault::Sliced { .. }
        | Fault::Answer { .. }
        | Fault::Delay(_) => None,
    };
    if *fault == Fault::CutAfterUpstream {
        source.arrival().await?;
    }
    let mut sink = Sink::new(writer, piece(fault), limit);
    source.copy(Framing::UntilClose, &mut sink).await?;
    Ok(*fault == Fault::CutAfterUpstream)
}

fn piece(fault: &Fault) -> usize {
    if let Fault::Sliced { bytes } = fault { *bytes } else { usize::MAX }
}
