//! Defines the contract of a backend: single requests to one store.

use std::fmt;

use async_trait::async_trait;

use super::{Create, Created, ObjectStat, Open, OpenObject, Renew, Renewed, Stat, StoreIdentity};
use crate::Result;

/// Makes single requests to one store.
///
/// # Contract
///
/// The engine implements the driver and calls this trait; a driver crate implements it. **One call is
/// one attempt**: the vendor's own retries are switched off, also on an injected client, because the
/// engine retries. A backend whose client cannot be told so says it with
/// [`retries_itself`](Self::retries_itself). The engine holds a permit, has checked the location against
/// the claim policy, and bounds the time of every call; a backend sets only its connect time-out.
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
    async fn create(&self, create: Create<'_>) -> Result<Created>;

    /// Opens the object for reading.
    ///
    /// A backend that loads the whole value calls [`Open::check_len`] before it loads it.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no object. A body that ends early is an error of the stream, never its end.
    async fn open(&self, open: Open<'_>) -> Result<OpenObject>;

    /// Asks what the store knows about the object without sending it.
    ///
    /// # Errors
    ///
    /// `NotFound` where there is no object.
    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat>;

    /// Rewrites the object so that its lifetime starts again, or so that wrong content becomes right;
    /// [`Renew::reason`] says which.
    ///
    /// With a version, only while the object still has that version; without one, unconditionally.
    /// Whatever clock the store's expiry rule reads must start again.  (ES-026)
    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed>;

    /// Says which store this is. The engine asks once, when the driver is made.
    fn identity(&self) -> StoreIdentity;

    /// Looks at start-up, before the first request of a check, for what no request shows: a file system whose locks and
    /// syncs do not promise what the driver promises. Nothing by default.
    ///
    /// # Errors
    ///
    /// `Config` that says what to choose instead.
    async fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Returns facts about the client that are safe to print, such as its region. They are added to errors.
    fn diagnostics(&self) -> Vec<(&'static str, String)>;

    /// Returns, in the store's own words, the permission that a request needs, such as `s3:PutObject`.
    fn permission(&self, request: Request) -> &'static str;

    /// Says that the vendor's client retries and cannot be told otherwise: the engine then makes one
    /// attempt at each request, whatever the options say, because one layer retries.
    fn retries_itself(&self) -> bool {
        false
    }
}

/// Names the kinds of request that a backend makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// Returns the request's name in events and spans.
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
