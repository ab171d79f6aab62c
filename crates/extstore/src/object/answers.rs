//! Defines the answers of an [`ObjectBackend`](super::ObjectBackend).

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt as _};

use crate::{Digest, Result};

/// Answers a create.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Created {
    /// The object was not there and is now durable. It carries what the store said of the new object;
    /// [`ObjectStat::unknown`] where the store said nothing.
    Created(ObjectStat),
    /// An object was there, and it is durable. It carries what the store said of it; with `None` the
    /// engine asks for it.
    Exists(Option<ObjectStat>),
}

/// Answers a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewed {
    /// The object is right, durable, and its lifetime starts now. It carries what the store said of it;
    /// [`ObjectStat::unknown`] where the store said nothing.
    Renewed(ObjectStat),
    /// There is no object any more.
    Gone,
    /// Somebody changed the object since it was seen.
    Changed,
}

/// Holds the token by which the store tells two states of an object apart: an ETag, a generation, a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion(pub String);

/// Holds the facts that the store gives about an object without sending it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectStat {
    /// The object's length in bytes; `None` where the store does not say it.
    pub len: Option<u64>,
    /// The object's SHA-256, where the store computed or checked it itself over the content that is there now.
    pub digest: Option<Digest>,
    /// The store's own clock counts this age, from the moment that expiry rules count from.
    pub age: Option<Duration>,
    /// The version that a conditional renewal compares.
    pub version: Option<ObjectVersion>,
    /// The time until the store deletes the object, by the store's own clock; `None` where the store does not say it.
    pub expires_in: Option<Duration>,
    /// Says whether it can be read now; `false` where it is archived or offline.
    pub readable: bool,
}

impl ObjectStat {
    /// Describes an object of `len` bytes of which nothing else is known.
    #[must_use]
    pub fn new(len: u64) -> Self {
        Self { len: Some(len), ..Self::unknown() }
    }

    /// Describes an object of which nothing is known, not even its length.
    #[must_use]
    pub fn unknown() -> Self {
        Self { len: None, digest: None, age: None, version: None, expires_in: None, readable: true }
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

    /// Adds the time until the store deletes the object.
    #[must_use]
    pub fn with_expires_in(mut self, left: Option<Duration>) -> Self {
        self.expires_in = left;
        self
    }

    /// Says whether the object can be read now; `true` unless it is set.
    #[must_use]
    pub fn with_readable(mut self, readable: bool) -> Self {
        self.readable = readable;
        self
    }
}

/// Yields the chunks of an object, in order.
pub type Chunks = futures_util::stream::BoxStream<'static, Result<Bytes>>;

/// Holds an object that is being read.
#[non_exhaustive]
pub struct OpenObject {
    /// The object's length, where the store says it before the first chunk.
    pub len: Option<u64>,
    /// The object's content.
    pub chunks: Chunks,
    /// The time until the store deletes the object, by the store's own clock; `None` where the store does not say it.
    pub expires_in: Option<Duration>,
    /// Says whether its one chunk is a buffer of the object's own.
    pub(super) is_exact: bool,
}

impl OpenObject {
    /// Makes an object that arrives in chunks, which may be slices of a client's larger buffers.
    pub fn new(len: Option<u64>, chunks: impl Stream<Item = Result<Bytes>> + Send + 'static) -> Self {
        Self { len, chunks: chunks.boxed(), expires_in: None, is_exact: false }
    }

    /// Says that each chunk is a buffer that holds nothing else: the engine may keep it for long without a copy.
    #[must_use]
    pub fn with_own_buffers(mut self) -> Self {
        self.is_exact = true;
        self
    }

    /// Makes an object that is in memory already, in a buffer that holds nothing else: the engine may keep it for
    /// long without a copy.
    #[must_use]
    pub fn whole(bytes: Bytes) -> Self {
        let len = bytes.len() as u64;
        let chunks = futures_util::stream::once(std::future::ready(Ok(bytes)));
        Self::new(Some(len), chunks).with_own_buffers()
    }
}

impl OpenObject {
    /// Adds the time until the store deletes the object: no cache keeps it longer.
    #[must_use]
    pub fn with_expires_in(mut self, left: Option<Duration>) -> Self {
        self.expires_in = left;
        self
    }
}

impl fmt::Debug for OpenObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenObject").field("len", &self.len).finish_non_exhaustive()
    }
}
