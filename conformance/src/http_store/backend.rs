//! Makes requests of the HTTP store for the object engine: one call is one request.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::{
    Content, Create, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, Open, OpenObject, Renew,
    Renewed, Request as Kind, Stat, StoreIdentity,
};
use extstore::{Error, ErrorKind, Result, Retry, Vendor};
use futures_util::StreamExt as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{
    AUTHORIZATION, CONTENT_LENGTH, ETAG, HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH, RETRY_AFTER,
};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::direct::archived;
use super::server::{
    AGE_MILLIS, ARCHIVED, ERROR_CODE, EXPIRES_MILLIS, NO_BUCKET, SHA256, STATE, WITHOUT_LENGTH, encode,
};

/// Speaks to an [`HttpStore`](super::HttpStore), or to a proxy before one.
#[derive(Clone)]
pub(crate) struct HttpBackend {
    client: Client<HttpConnector, Full<Bytes>>,
    endpoint: SocketAddr,
    token: String,
}

impl HttpBackend {
    /// Makes a client with its own connections, without a request.
    #[must_use]
    pub(crate) fn new(endpoint: SocketAddr, connect_timeout: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(connect_timeout));
        connector.set_nodelay(true);
        // The engine retries, and no client does.
        let client = Client::builder(TokioExecutor::new()).retry_canceled_requests(false).build(connector);
        Self { client, endpoint, token: String::new() }
    }

    /// Sends this token with every request. The store ignores it; it stands for a real store's credentials.
    #[must_use]
    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = token.to_owned();
        self
    }

    /// Returns the token.
    #[must_use]
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Creates a bucket unless it is there.
    ///
    /// # Errors
    ///
    /// As for every request.
    pub(crate) async fn create_bucket(&self, bucket: &str) -> Result<()> {
        let request = Request::put(format!("http://{}/{}", self.endpoint, encode(bucket)));
        self.send(request, Bytes::new()).await.and_then(|answer| check(&answer))
    }

    fn request(&self, method: Method, location: &Location) -> hyper::http::request::Builder {
        let (bucket, key) = (encode(&location.container), encode(&location.key));
        Request::builder().method(method).uri(format!("http://{}/{bucket}/{key}", self.endpoint))
    }

    async fn send(&self, request: hyper::http::request::Builder, body: Bytes) -> Result<Response<Incoming>> {
        let request =
            request.header(AUTHORIZATION, format!("Bearer {}", self.token)).body(Full::new(body)).map_err(
                |error| ErrorKind::Internal.error("the request could not be built").with_source(error),
            )?;
        self.client.request(request).await.map_err(|error| lost("the connection failed", error))
    }

    async fn put(
        &self,
        location: &Location,
        content: &Content,
        condition: Option<(HeaderName, &str)>,
    ) -> Result<Response<Incoming>> {
        let request = self.request(Method::PUT, location).header(SHA256, content.digest().to_hex());
        let request = match condition {
            Some((name, value)) => request.header(name, value),
            None => request,
        };
        self.send(request, content.to_bytes()).await
    }
}

#[async_trait]
impl ObjectBackend for HttpBackend {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        let answer = self.put(create.location(), create.content(), Some((IF_NONE_MATCH, "*"))).await?;
        match answer.status() {
            StatusCode::PRECONDITION_FAILED => Ok(Created::Exists(None)),
            _ => check(&answer).map(|()| Created::Created(ObjectStat::unknown())),
        }
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let answer = self.send(self.request(Method::GET, open.location()), Bytes::new()).await?;
        check(&answer)?;
        let len = length(answer.headers());
        let chunks = answer.into_body().into_data_stream();
        Ok(OpenObject::new(len, chunks.map(|chunk| chunk.map_err(|error| lost("the answer was cut", error)))))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        let answer = self.send(self.request(Method::HEAD, stat.location()), Bytes::new()).await?;
        check(&answer)?;
        let headers = answer.headers();
        let version = headers.get(ETAG).and_then(|value| value.to_str().ok());
        let mut stat = ObjectStat::unknown();
        stat.len = length(headers);
        Ok(stat
            .with_age(number(headers, AGE_MILLIS).map(Duration::from_millis))
            .with_expires_in(number(headers, EXPIRES_MILLIS).map(Duration::from_millis))
            .with_readable(headers.get(STATE).is_none_or(|state| state != ARCHIVED))
            .with_version(version.map(|version| ObjectVersion(version.to_owned()))))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let condition = renew.version().map(|version| (IF_MATCH, version.0.as_str()));
        let answer = self.put(renew.location(), renew.content(), condition).await?;
        match answer.status() {
            StatusCode::PRECONDITION_FAILED => Ok(Renewed::Changed),
            StatusCode::NOT_FOUND if !is_bucket_missing(&answer) => Ok(Renewed::Gone),
            _ => check(&answer).map(|()| Renewed::Renewed(ObjectStat::unknown())),
        }
    }

    fn identity(&self) -> StoreIdentity {
        StoreIdentity::new(["http", &self.endpoint.to_string()])
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![("endpoint", self.endpoint.to_string())]
    }

    fn permission(&self, request: Kind) -> &'static str {
        match request {
            Kind::Create | Kind::Renew => "PUT",
            Kind::Open => "GET",
            _ => "HEAD",
        }
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The length of an object, unless the store does not say it.
fn length(headers: &HeaderMap) -> Option<u64> {
    let is_said = headers.get(WITHOUT_LENGTH).is_none();
    is_said.then(|| number(headers, CONTENT_LENGTH.as_str()))?
}

fn is_bucket_missing<B>(answer: &Response<B>) -> bool {
    answer.headers().get(ERROR_CODE).is_some_and(|code| code == NO_BUCKET)
}

/// Turns a status into an error.
fn check<B>(answer: &Response<B>) -> Result<()> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let code = answer.headers().get(ERROR_CODE).and_then(|code| code.to_str().ok());
    if code == Some(ARCHIVED) {
        return Err(archived());
    }
    let error = match status.as_u16() {
        404 if is_bucket_missing(answer) => ErrorKind::Config.error("there is no such bucket; create it"),
        404 => ErrorKind::NotFound.error("there is no object at this location"),
        401 => ErrorKind::Unauthenticated.error("the store did not accept the credentials"),
        403 => ErrorKind::PermissionDenied.error("access denied"),
        409 => ErrorKind::Conflict.error("the store reports a conflict"),
        413 => ErrorKind::TooLarge.error("the store refuses an object of this size"),
        429 | 503 => ErrorKind::Throttled.error("the store asks for fewer requests"),
        500..=599 => ErrorKind::Unavailable.error("the store is failing"),
        _ => ErrorKind::Internal.error("the store refused the request"),
    };
    let error = error.with_vendor(Vendor::status(status.as_u16()).with_code(code));
    Err(match number(answer.headers(), RETRY_AFTER.as_str()) {
        Some(seconds) => error.with_retry(Retry::After(Duration::from_secs(seconds))),
        None => error,
    })
}

fn lost(what: &'static str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    ErrorKind::Unavailable.error(what).with_source(error)
}

impl fmt::Debug for HttpBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBackend").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
