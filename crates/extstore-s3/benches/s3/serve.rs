//! Runs a server in memory that answers the S3 drivers' requests, fast enough not to be what is measured.
//!
//! It checks neither signatures nor checksums. `GET /-/counts` says how many requests of each method there were
//! since the start, and `DELETE` of any path empties it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, ETAG, IF_NONE_MATCH};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::Outcome;

const CHECKSUM: &str = "x-amz-checksum-sha256";

/// Holds the server's objects and counts.
#[derive(Default)]
struct Store {
    objects: HashMap<String, Object>,
    uploads: HashMap<u64, HashMap<u32, Bytes>>,
    next_upload: u64,
    counts: HashMap<Method, u64>,
}

#[derive(Clone)]
struct Object {
    content: Bytes,
    checksum: Option<hyper::header::HeaderValue>,
}

#[derive(Clone, Default)]
struct Server {
    store: Arc<Mutex<Store>>,
    delay: Duration,
}

type Answer = Response<Full<Bytes>>;

/// Prints `listening ADDRESS` and serves until its standard input ends, so that it does not outlive who started it.
pub async fn run(delay: Duration) -> Outcome {
    let server = Server { delay, ..Server::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening {}", listener.local_addr()?);
    let ended = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    let serve = async {
        loop {
            let (connection, _) = listener.accept().await?;
            tokio::spawn(server.clone().connection(connection));
        }
    };
    tokio::select! {
        outcome = serve => outcome,
        _ = ended => Ok(()),
    }
}

impl Server {
    async fn connection(self, connection: TcpStream) {
        // Without it a small answer waits for the client's acknowledgement; a failure only makes it slower.
        let _ = connection.set_nodelay(true);
        let service = service_fn(|request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        });
        // A client that goes away is not the server's business.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        if request.uri().path() == "/-/counts" {
            return ok(self.counts().into());
        }
        *self.lock().counts.entry(request.method().clone()).or_default() += 1;
        if !self.delay.is_zero() {
            #[expect(clippy::disallowed_methods, reason = "the delay is what is measured")]
            tokio::time::sleep(self.delay).await;
        }
        match *request.method() {
            Method::PUT | Method::POST => self.write(request).await,
            Method::GET => self.read(request.uri().path(), true),
            Method::HEAD => self.read(request.uri().path(), false),
            Method::DELETE => {
                self.lock().objects.clear();
                status(StatusCode::NO_CONTENT)
            }
            _ => status(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counts(&self) -> String {
        let store = self.lock();
        let counts: serde_json::Map<_, _> =
            store.counts.iter().map(|(method, count)| (method.to_string(), (*count).into())).collect();
        serde_json::Value::Object(counts).to_string()
    }

    fn read(&self, path: &str, with_body: bool) -> Answer {
        let Some(object) = self.lock().objects.get(path).cloned() else {
            return status(StatusCode::NOT_FOUND);
        };
        let mut answer = ok(if with_body { object.content.clone() } else { Bytes::new() });
        answer.headers_mut().insert(CONTENT_LENGTH, object.content.len().into());
        if let Some(checksum) = object.checksum {
            answer.headers_mut().insert(CHECKSUM, checksum);
        }
        answer
    }

    async fn write(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let Some(content) = collect(body).await else { return status(StatusCode::BAD_REQUEST) };
        let chunked = |value: &hyper::header::HeaderValue| value.as_bytes().starts_with(b"aws-chunked");
        let content =
            if head.headers.get(CONTENT_ENCODING).is_some_and(chunked) { unchunk(&content) } else { content };
        let path = head.uri.path().to_owned();
        if let Some(query) = head.uri.query().filter(|query| query.contains("upload")) {
            return self.write_in_parts(&head.method, path, query, content);
        }
        let mut store = self.lock();
        if head.headers.contains_key(IF_NONE_MATCH) && store.objects.contains_key(&path) {
            return status(StatusCode::PRECONDITION_FAILED);
        }
        let checksum = head.headers.get(CHECKSUM).cloned();
        store.objects.insert(path, Object { content, checksum });
        ok(Bytes::new())
    }

    /// Answers the three requests of an upload in parts.
    fn write_in_parts(&self, method: &Method, path: String, query: &str, content: Bytes) -> Answer {
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse::<u64>().ok())
        };
        let mut store = self.lock();
        match (number("uploadId"), number("partNumber")) {
            (None, _) => {
                store.next_upload += 1;
                let upload = store.next_upload;
                store.uploads.insert(upload, HashMap::new());
                xml(&format!(
                    "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
                ))
            }
            (Some(upload), Some(part)) if *method == Method::PUT => {
                store.uploads.entry(upload).or_default().insert(part as u32, content);
                ok(Bytes::new())
            }
            (Some(upload), _) => {
                let mut parts: Vec<_> =
                    store.uploads.remove(&upload).unwrap_or_default().into_iter().collect();
                parts.sort_by_key(|(number, _)| *number);
                let whole: Vec<u8> = parts.iter().flat_map(|(_, part)| part.iter().copied()).collect();
                store.objects.insert(path, Object { content: whole.into(), checksum: None });
                xml("<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>")
            }
        }
    }
}

async fn collect(mut body: Incoming) -> Option<Bytes> {
    let mut content = BytesMut::with_capacity(usize::try_from(body.size_hint().lower()).ok()?);
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            content.extend_from_slice(&data);
        }
    }
    Some(content.freeze())
}

/// Takes the vendor's chunk headers out of a body that came with a trailer.
fn unchunk(mut body: &[u8]) -> Bytes {
    let mut content = BytesMut::with_capacity(body.len());
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let head = std::str::from_utf8(&body[..end]).unwrap_or_default();
        let len = usize::from_str_radix(head.split(';').next().unwrap_or_default(), 16).unwrap_or(0);
        let Some(chunk) = body.get(end + 2..end + 2 + len).filter(|chunk| !chunk.is_empty()) else { break };
        content.extend_from_slice(chunk);
        body = body.get(end + 4 + len..).unwrap_or_default();
    }
    content.freeze()
}

fn status(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn ok(content: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(content));
    answer.headers_mut().insert(ETAG, hyper::header::HeaderValue::from_static("\"x\""));
    answer
}

fn xml(text: &str) -> Answer {
    ok(format!("<?xml version=\"1.0\"?>{text}").into())
}
