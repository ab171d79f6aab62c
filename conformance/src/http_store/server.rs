//! Serves [`Objects`] on 127.0.0.1.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use extstore::object::{Location, ObjectStat};
use extstore::{Body, Digest};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::http::response::Builder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::objects::{Found, Objects, Precondition, Put};

/// Names the header with the digest that a client announces.
pub(super) const SHA256: &str = "x-content-sha256";
/// Names the header with the age of an object.
pub(super) const AGE_MILLIS: &str = "x-age-millis";
/// Names the header with the time until the store deletes an object.
pub(super) const EXPIRES_MILLIS: &str = "x-expires-in-millis";
/// Names the header with the state of an object that is not the usual one.
pub(super) const STATE: &str = "x-state";
/// Names the state of an object that cannot be read, and the error code of an attempt.
pub(super) const ARCHIVED: &str = "Archived";
/// Says that the length of the answer is not that of the object, which the store does not tell.
pub(super) const WITHOUT_LENGTH: &str = "x-without-length";
/// Names the header that says what is missing.
pub(super) const ERROR_CODE: &str = "x-error-code";
/// Names the error code of a missing bucket.
pub(super) const NO_BUCKET: &str = "NoSuchBucket";
const NO_KEY: &str = "NoSuchKey";

type Answer = Response<Full<Bytes>>;

/// Holds a running server. Dropping it ends the server and its connections; the objects stay while a clone of them
/// exists.
#[derive(Debug)]
pub(crate) struct HttpStore {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl HttpStore {
    /// Serves these objects on a free port.
    ///
    /// # Errors
    ///
    /// The operating system's, where no port can be bound.
    pub(crate) async fn start(objects: Objects) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(accept(listener, objects));
        Ok(Self { address, task })
    }

    /// The address that it listens at.
    #[must_use]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for HttpStore {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, objects: Objects) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let objects = objects.clone();
        connections.spawn(async move {
            let _ = stream.set_nodelay(true);
            let service = service_fn(move |request| handle(objects.clone(), request));
            // A client that leaves is no event for a server.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn handle(objects: Objects, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let answer = match parse(request.uri().path()) {
        None => empty(StatusCode::BAD_REQUEST),
        Some((bucket, None)) if request.method() == Method::PUT => {
            objects.create_bucket(&bucket);
            empty(StatusCode::CREATED)
        }
        Some((_, None)) => empty(StatusCode::METHOD_NOT_ALLOWED),
        Some((container, Some(key))) => object(&objects, &Location::new(container, key), request).await,
    };
    Ok(answer)
}

async fn object(objects: &Objects, location: &Location, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    match head.method {
        Method::PUT => match body.collect().await {
            Ok(body) => put(objects, location, &head.headers, body.to_bytes()),
            // The upload was cut: nothing of it is kept.
            Err(_) => empty(StatusCode::BAD_REQUEST),
        },
        Method::GET => get(objects, location, true),
        Method::HEAD => get(objects, location, false),
        Method::DELETE => {
            objects.delete(location);
            empty(StatusCode::NO_CONTENT)
        }
        _ => empty(StatusCode::METHOD_NOT_ALLOWED),
    }
}

fn put(objects: &Objects, location: &Location, headers: &HeaderMap, body: Bytes) -> Answer {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header(SHA256).is_some_and(|announced| announced != Digest::of(&Body::from(body.clone())).to_hex()) {
        return failed(StatusCode::BAD_REQUEST, "BadDigest");
    }
    let precondition = match (header("if-none-match"), header("if-match")) {
        (Some(_), _) => Precondition::Absent,
        (None, Some(version)) => Precondition::Version(version.to_owned()),
        (None, None) => Precondition::None,
    };
    match objects.put(location, body, &precondition) {
        Put::Done => empty(StatusCode::CREATED),
        Put::Failed => failed(StatusCode::PRECONDITION_FAILED, "PreconditionFailed"),
        Put::NoKey => failed(StatusCode::NOT_FOUND, NO_KEY),
        Put::NoBucket => failed(StatusCode::NOT_FOUND, NO_BUCKET),
        Put::Refused => failed(StatusCode::FORBIDDEN, "AccessDenied"),
    }
}

fn get(objects: &Objects, location: &Location, with_body: bool) -> Answer {
    match objects.ask(location) {
        Found::Object(_, None) if with_body => failed(StatusCode::FORBIDDEN, ARCHIVED),
        Found::Object(stat, bytes) => {
            built(described(&stat), bytes.filter(|_| with_body).unwrap_or_default())
        }
        Found::Nothing if objects.has_bucket(&location.container) => failed(StatusCode::NOT_FOUND, NO_KEY),
        Found::Nothing => failed(StatusCode::NOT_FOUND, NO_BUCKET),
    }
}

/// Makes an answer with what the store says of an object.
fn described(stat: &ObjectStat) -> Builder {
    let millis = |time: Duration| time.as_millis().to_string();
    let version = stat.version.as_ref().map(|version| version.0.as_str());
    let mut builder = Response::builder().header("etag", version.unwrap_or_default());
    builder = builder.header(AGE_MILLIS, millis(stat.age.unwrap_or_default()));
    builder = match stat.len {
        Some(len) => builder.header("content-length", len),
        None => builder.header(WITHOUT_LENGTH, "1"),
    };
    if let Some(left) = stat.expires_in {
        builder = builder.header(EXPIRES_MILLIS, millis(left));
    }
    if stat.readable { builder } else { builder.header(STATE, ARCHIVED) }
}

fn empty(status: StatusCode) -> Answer {
    built(Response::builder().status(status), Bytes::new())
}

fn failed(status: StatusCode, code: &'static str) -> Answer {
    built(Response::builder().status(status).header(ERROR_CODE, code), Bytes::new())
}

fn built(builder: Builder, body: Bytes) -> Answer {
    // Every header above is a number or a word of this file.
    builder.body(Full::new(body)).expect("a response of known parts is well-formed")
}

/// Splits a path into bucket and key; the key is everything behind the second slash, decoded once.
fn parse(path: &str) -> Option<(String, Option<String>)> {
    let path = path.strip_prefix('/')?;
    match path.split_once('/') {
        Some((bucket, key)) if !key.is_empty() => Some((decode(bucket)?, Some(decode(key)?))),
        _ => Some((decode(path.trim_end_matches('/'))?, None)),
    }
}

/// Percent-encodes everything but letters, digits and `-_.~/`.
pub(super) fn encode(key: &str) -> String {
    extstore::object::escape_percent(key, |byte| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte))
}

fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reaches_the_store_as_it_is() {
        for key in ["a/b", "/a//../b/", "%2F", "a b?c#d", "é\0\r\n", "."] {
            let path = format!("/bucket/{}", encode(key));
            assert!(path.parse::<hyper::Uri>().is_ok_and(|uri| uri.path() == path), "{path}");
            assert_eq!(parse(&path), Some(("bucket".into(), Some(key.into()))));
        }
        assert_eq!(parse("/bucket/%"), None);
        assert_eq!(parse("/bucket"), Some(("bucket".into(), None)));
    }
}
