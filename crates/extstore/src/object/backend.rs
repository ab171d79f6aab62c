use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt as _};

use crate::{Body, Digest, Permit, Result};

/// Makes single requests to one store.
///
/// # Contract
///
/// The engine implements the driver and calls this trait; a driver crate implements it. **One call is
/// one attempt**: the vendor's own retries are switched off, also on an injected client, because the
/// engine retries. The engine holds a permit, has checked the location against the claim policy, and
/// bounds the time of every call; a backend sets only its connect time-out.
///
/// # Errors
///
/// Vendor errors are mapped once, in one `match` of the driver crate's `error.rs`, to the
/// [`ErrorKind`](crate::ErrorKind) that tells the operator what to do; status, code and request id go
/// to [`Vendor`](crate::Vendor), the vendor's text stays in `source()`. A missing object is `NotFound`,
/// a missing container is `Config` and says *container* or the store's word for it, and **forbidden is
/// never missing**: a 403 is `PermissionDenied` even where the store uses it for absent objects.
///
/// # Cancellation
///
/// Dropping the future stops the request, or lets work that cannot be stopped (a system call on a
/// blocking thread) end without effect on later calls. Nothing partial may become readable.
///
/// # Concurrency
///
/// Called concurrently, also for the same location from several processes.
#[async_trait]
pub trait ObjectBackend: Send + Sync + fmt::Debug + 'static {
    /// Creates the object unless one is there: atomically, and durable before `Ok` in **both** cases.
    ///
    /// Content appears whole or not at all, also after a crash. A store whose conditional create is not
    /// atomic must make it so, or say in its documentation what can happen.
    async fn create(&self, attempt: &Attempt, location: &Location, content: &Content) -> Result<Created>;

    /// Opens the object for reading.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no object. A body that ends early is an error of the stream, never its end.
    async fn open(&self, attempt: &Attempt, location: &Location) -> Result<OpenObject>;

    /// What the store knows about the object without sending it.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no object.
    async fn stat(&self, attempt: &Attempt, location: &Location) -> Result<ObjectStat>;

    /// Rewrites the object so that its lifetime starts again, or so that wrong content becomes right.
    ///
    /// With a version, only while the object still has that version; without one, unconditionally.
    /// Whatever clock the store's expiry rule reads must start again.  (ES-026)
    async fn renew(
        &self,
        attempt: &Attempt,
        location: &Location,
        content: &Content,
        version: Option<&ObjectVersion>,
    ) -> Result<Renewed>;

    /// Facts about the client that are safe to print, such as its region. They are added to errors.
    fn diagnostics(&self) -> Vec<(&'static str, String)>;

    /// The permission in the store's own words that a request needs, such as `s3:PutObject`.
    fn permission(&self, request: Request) -> &'static str;
}

/// One attempt at one request, and the permit that it holds.
///
/// The engine drops its clone when the attempt ends or is cancelled. A backend whose work goes on after
/// its future was dropped, such as a system call on a blocking thread, moves a clone into that work, so
/// that the budget counts it until it has ended. All others ignore it.
#[derive(Clone, Debug)]
pub struct Attempt {
    permit: Arc<Permit>,
}

impl Attempt {
    /// An attempt that holds this permit.
    #[must_use]
    pub fn new(permit: Permit) -> Self {
        Self { permit: Arc::new(permit) }
    }

    pub(super) fn permit(&self) -> &Permit {
        &self.permit
    }
}

/// The kinds of request that a backend makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// [`ObjectBackend::create`].
    Create,
    /// [`ObjectBackend::open`].
    Open,
    /// [`ObjectBackend::stat`].
    Stat,
    /// [`ObjectBackend::renew`].
    Renew,
}

impl Request {
    /// The request's name in events and spans.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Open => "open",
            Self::Stat => "stat",
            Self::Renew => "renew",
        }
    }
}

/// Where an object is: a container where the store has them (a bucket), and a key in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The bucket, access point or Azure container; empty where the store has none.
    pub container: String,
    /// The key, exactly as it reaches the store.
    pub key: String,
}

/// What is written: the bytes and their digest, which the store can check too.
#[derive(Clone, Debug)]
pub struct Content {
    /// The encoded payload.
    pub body: Body,
    /// Its SHA-256.
    pub digest: Digest,
}

/// The answer to a create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// The object was not there and is now durable.
    Created,
    /// An object was there. It is durable; the engine finds out whether it is the right one.
    Exists,
}

/// The answer to a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// The object is right, durable, and its lifetime starts now.
    Renewed,
    /// There is no object any more.
    Gone,
    /// Somebody changed the object since it was seen.
    Changed,
}

/// What the store uses to tell two states of an object apart: an ETag, a generation, a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion(pub String);

/// What the store knows about an object.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ObjectStat {
    /// Its length in bytes.
    pub len: u64,
    /// Its SHA-256, where the store computed or checked it itself over the content that is there now.
    pub digest: Option<Digest>,
    /// How old it is by the store's own clock, since the moment that expiry rules count from.
    pub age: Option<Duration>,
    /// What a conditional renewal compares.
    pub version: Option<ObjectVersion>,
}

impl ObjectStat {
    /// An object of `len` bytes of which nothing else is known.
    #[must_use]
    pub fn new(len: u64) -> Self {
        Self { len, ..Self::default() }
    }

    /// Adds a digest that the store vouches for.
    #[must_use]
    pub fn with_digest(mut self, digest: Option<Digest>) -> Self {
        self.digest = digest;
        self
    }

    /// Adds the age.
    #[must_use]
    pub fn with_age(mut self, age: Option<Duration>) -> Self {
        self.age = age;
        self
    }

    /// Adds the version.
    #[must_use]
    pub fn with_version(mut self, version: Option<ObjectVersion>) -> Self {
        self.version = version;
        self
    }
}

/// The chunks of an object, in order.
pub type Chunks = futures_util::stream::BoxStream<'static, Result<Bytes>>;

/// An object that is being read.
pub struct OpenObject {
    /// Its length, where the store says it before the first chunk.
    pub len: Option<u64>,
    /// Its content.
    pub chunks: Chunks,
}

impl OpenObject {
    /// An object that arrives in chunks.
    pub fn new(len: Option<u64>, chunks: impl Stream<Item = Result<Bytes>> + Send + 'static) -> Self {
        Self { len, chunks: chunks.boxed() }
    }

    /// An object that is in memory already.
    #[must_use]
    pub fn whole(bytes: Bytes) -> Self {
        let len = bytes.len() as u64;
        Self::new(Some(len), futures_util::stream::once(std::future::ready(Ok(bytes))))
    }
}

impl fmt::Debug for OpenObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenObject").field("len", &self.len).finish_non_exhaustive()
    }
}
