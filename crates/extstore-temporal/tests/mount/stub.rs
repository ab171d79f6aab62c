//! Starts a gRPC server that keeps the requests that it received and gives the answers that a test chooses.

use std::future::{Future, poll_fn};
use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::{BufMut as _, Bytes, BytesMut};
use extstore::ExternalStorage;
use extstore_temporal::Mount;
use h2::server::SendResponse;
use http::{HeaderMap, Request, Response};
use temporalio_client::callback_based::{GrpcRequest, GrpcSuccessResponse};
use temporalio_client::tonic::Status;
use temporalio_client::{ConnectionOptions, Url};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// Holds a request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) authority: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) compressed: bool,
    /// The message, decompressed.
    pub(crate) message: Bytes,
}

/// Holds the answer to a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) message: Bytes,
    pub(crate) gzip: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) trailers: HeaderMap,
    /// Leaves the call unanswered.
    pub(crate) silent: bool,
}

type Answer = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// Serves on a free port of 127.0.0.1 until the test's runtime ends.
#[derive(Clone)]
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Gets one permit for each call that the client gave up.
    pub(crate) resets: Arc<tokio::sync::Semaphore>,
    answer: Answer,
    tls: Option<TlsAcceptor>,
}

impl Stub {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(answer, None).await
    }

    pub(crate) async fn with_tls(config: ServerConfig) -> Self {
        Self::listen(|_| Reply::default(), Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn listen(
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        Self::on("127.0.0.1:0".parse().unwrap(), answer, tls).await
    }

    /// Starts the same at an address of the test's.
    pub(crate) async fn on(
        address: SocketAddr,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let (address, resets) = (listener.local_addr().unwrap(), Arc::new(tokio::sync::Semaphore::new(0)));
        let stub = Self { address, seen: Arc::default(), resets, answer: Arc::new(answer), tls };
        let serving = stub.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serving.clone().accept(socket));
            }
        });
        stub
    }

    async fn accept(self, socket: tokio::net::TcpStream) {
        match &self.tls {
            None => self.serve(socket).await,
            // A client that is refused, or that refuses us, is the test's business.
            Some(tls) => {
                if let Ok(secure) = tls.accept(socket).await {
                    self.serve(secure).await;
                }
            }
        }
    }

    async fn serve(&self, io: impl AsyncRead + AsyncWrite + Unpin) {
        let handshake = h2::server::Builder::new()
            .initial_window_size(16 << 20)
            .initial_connection_window_size(64 << 20)
            .handshake::<_, Bytes>(io);
        let Ok(mut connection) = handshake.await else { return };
        while let Some(Ok((request, respond))) = connection.accept().await {
            tokio::spawn(self.clone().exchange(request, respond));
        }
    }

    async fn exchange(self, request: Request<h2::RecvStream>, mut respond: SendResponse<Bytes>) {
        let (parts, mut body) = request.into_parts();
        let mut framed = BytesMut::new();
        while let Some(Ok(chunk)) = body.data().await {
            body.flow_control().release_capacity(chunk.len()).unwrap();
            framed.put_slice(&chunk);
        }
        let seen = Seen {
            authority: parts.uri.authority().map(ToString::to_string).unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            headers: parts.headers,
            compressed: framed[0] == 1,
            message: unframe(&framed),
        };
        self.seen.lock().unwrap().push(seen.clone());
        let reply = (self.answer)(&seen);
        if reply.silent {
            let _ = poll_fn(|context| respond.poll_reset(context)).await;
            self.resets.add_permits(1);
            return;
        }
        send(reply, &mut respond);
    }

    /// Returns the requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns the only request that arrived.
    pub(crate) fn only(&self) -> Seen {
        let [only] = self.seen().try_into().unwrap();
        only
    }

    pub(crate) fn url(&self) -> Url {
        format!("http://{}", self.address).parse().unwrap()
    }

    /// Returns the options of a client of this server.
    pub(crate) fn options(&self) -> ConnectionOptions {
        ConnectionOptions::new(self.url()).build()
    }
}

fn send(reply: Reply, respond: &mut SendResponse<Bytes>) {
    let mut head = Response::builder().status(200).header("content-type", "application/grpc");
    if reply.gzip {
        head = head.header("grpc-encoding", "gzip");
    }
    let mut head = head.body(()).unwrap();
    head.headers_mut().extend(reply.headers);
    // The client may have gone; what it saw is what the test checks.
    let Ok(mut stream) = respond.send_response(head, false) else { return };
    let mut trailers = reply.trailers;
    if !trailers.contains_key("grpc-status") {
        trailers.insert("grpc-status", "0".parse().unwrap());
        let _ = stream.send_data(frame(&reply.message, reply.gzip), false);
    }
    let _ = stream.send_trailers(trailers);
}

/// Writes the five bytes before a gRPC message, and the message.
fn frame(message: &[u8], gzip: bool) -> Bytes {
    let message = if gzip { zip(message) } else { message.to_vec() };
    let mut framed = BytesMut::new();
    framed.put_u8(u8::from(gzip));
    framed.put_u32(u32::try_from(message.len()).unwrap());
    framed.put_slice(&message);
    framed.freeze()
}

fn unframe(framed: &[u8]) -> Bytes {
    let length = u32::from_be_bytes(framed[1..5].try_into().unwrap()) as usize;
    let message = &framed[5..];
    assert_eq!(message.len(), length);
    if framed[0] == 0 {
        return Bytes::copy_from_slice(message);
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(message).read_to_end(&mut plain).unwrap();
    plain.into()
}

fn zip(message: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(message).unwrap();
    encoder.finish().unwrap()
}

/// Makes headers from pairs.
pub(crate) fn headers(entries: &[(&'static str, &str)]) -> HeaderMap {
    entries.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

/// Makes a mount over a store in memory.
pub(crate) fn mount() -> Mount {
    Mount::new(ExternalStorage::new(Arc::new(extstore::MemoryDriver::default())).unwrap())
}

/// Makes a request as the SDK passes it on, of a service that the gateway does not know.
pub(crate) fn request(headers: HeaderMap, message: impl Into<Bytes>) -> GrpcRequest {
    let service = "temporal.api.testservice.v1.TestService".to_owned();
    GrpcRequest { service, rpc: "GetCurrentTime".to_owned(), headers, proto: message.into() }
}

/// Sends one call through a mount as the SDK would.
pub(crate) fn call(
    options: &ConnectionOptions,
    request: GrpcRequest,
) -> impl Future<Output = Result<GrpcSuccessResponse, Status>> + use<> {
    (options.service_override.as_ref().unwrap().callback)(request)
}
