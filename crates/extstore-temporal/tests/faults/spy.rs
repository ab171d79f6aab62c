//! Records the requests of a worker to Temporal: not every server writes all of them into the history.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use h2::{RecvStream, client, server};
use prost::Message;
use temporalio_client::Url;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Counts the bytes before each message of gRPC: a flag and four bytes of length.
const PREFIX: usize = 5;

/// Keeps the requests to the Temporal server, as a proxy before it. Dropping it ends its connections.
pub(crate) struct Spy {
    address: SocketAddr,
    calls: Calls,
    accepting: JoinHandle<()>,
}

type Calls = Arc<Mutex<Vec<(String, Bytes)>>>;
type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

impl Spy {
    pub(crate) async fn new(temporal: &Url) -> Self {
        let upstream = temporal.socket_addrs(|| None).unwrap()[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, calls) = (listener.local_addr().unwrap(), Calls::default());
        let accepting = tokio::spawn(accept(listener, upstream, Arc::clone(&calls)));
        Self { address, calls, accepting }
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).unwrap()
    }

    /// Returns the names of all RPCs so far, in the order of their arrival.
    pub(crate) fn names(&self) -> Vec<String> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().map(|(path, _)| path.rsplit('/').next().unwrap_or_default().to_owned()).collect()
    }

    /// Returns the requests of an RPC so far, in the order of their arrival.
    pub(crate) fn requests<M: Message + Default>(&self, rpc: &str) -> Vec<M> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let of_rpc = calls.iter().filter(|(path, _)| path.ends_with(&format!("/{rpc}")));
        of_rpc.map(|(_, message)| M::decode(message.clone()).unwrap()).collect()
    }
}

impl Drop for Spy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, upstream: SocketAddr, calls: Calls) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let calls = Arc::clone(&calls);
        // Whoever leaves first ends the connection.
        connections.spawn(async move { drop(connection(stream, upstream, calls).await) });
    }
}

async fn connection(stream: TcpStream, upstream: SocketAddr, calls: Calls) -> Outcome {
    let mut callers = server::handshake(stream).await?;
    let (server, driver) = client::handshake(TcpStream::connect(upstream).await?).await?;
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { drop(driver.await) });
    while let Some(call) = callers.accept().await {
        let ((request, respond), server, calls) = (call?, server.clone(), Arc::clone(&calls));
        tasks.spawn(async move { drop(exchange(request, respond, server, calls).await) });
    }
    Ok(())
}

/// Forwards one call, whole messages at a time.
async fn exchange(
    request: http::Request<RecvStream>,
    mut respond: server::SendResponse<Bytes>,
    server: client::SendRequest<Bytes>,
    calls: Calls,
) -> Outcome {
    let (head, mut body) = request.into_parts();
    let body = collect(&mut body).await?;
    let message = body.slice(PREFIX.min(body.len())..);
    calls.lock().unwrap_or_else(PoisonError::into_inner).push((head.uri.path().to_owned(), message));
    let (response, mut upload) =
        server.ready().await?.send_request(http::Request::from_parts(head, ()), false)?;
    upload.send_data(body, true)?;
    let (head, mut body) = response.await?.into_parts();
    let ends = body.is_end_stream();
    let mut download = respond.send_response(http::Response::from_parts(head, ()), ends)?;
    if !ends {
        download.send_data(collect(&mut body).await?, false)?;
        download.send_trailers(body.trailers().await?.unwrap_or_default())?;
    }
    Ok(())
}

async fn collect(body: &mut RecvStream) -> Result<Bytes, h2::Error> {
    let mut all = BytesMut::new();
    while let Some(part) = body.data().await {
        let part = part?;
        body.flow_control().release_capacity(part.len())?;
        all.extend_from_slice(&part);
    }
    Ok(all.freeze())
}
