//! What a driver author supplies.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use extstore::{Claim, Error, StorageDriver};

use crate::Profile;

/// A driver under test, from its author's side. Four methods are required; every port is optional,
/// and a case whose port is missing is reported as `not_run`, never as passed.
///
/// Two drivers of the same [`Scope`] must see the same data; two scopes must not. Make each scope a
/// key prefix, a bucket or a directory, whatever your store has.
#[async_trait]
pub trait Harness: Send + Sync + 'static {
    /// What to call the driver in reports: `s3`.
    fn name(&self) -> &str;

    /// What the driver declares about itself. It is checked before the run and printed in the report.
    fn profile(&self) -> Profile;

    /// Makes a fresh driver for a scope. It is called often, also in child processes.
    ///
    /// Leave a cache of content out: cases change stored bytes behind the driver's back and expect to
    /// be told.
    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error>;

    /// Removes what the run left behind. It is called once, after the last case.
    async fn close(&self);

    /// Which store runs behind the driver: a short name and product with version, for the report.
    fn backend(&self) -> (String, String) {
        (self.name().to_owned(), "in process".to_owned())
    }

    /// Environment variables that a child process needs so that its harness reaches the same data.
    ///
    /// Return `None` where no other process can (a store in memory): cases with children are `unsupported` then.
    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        None
    }

    /// A driver of the same scope whose instance has another name.
    async fn renamed(&self, _scope: &Scope, _name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        None
    }

    /// Options that must be refused at construction: a word by which the error must name each, such as
    /// the option's name, and what construction said.
    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        Vec::new()
    }

    /// `{:?}` of drivers, options and clients that were built with [`Secrets`](crate::Secrets) in every credential.
    fn debug_output(&self) -> Vec<String> {
        Vec::new()
    }

    /// A driver whose container (bucket, table, root) does not exist, with claims of the scope's shape.
    async fn absent_container(&self, _scope: &Scope) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        None
    }

    /// Access to the stored bytes behind the driver's back.
    fn raw(&self, _scope: &Scope) -> Option<Arc<dyn RawStore>> {
        None
    }

    /// An endpoint that can be put behind the fault proxy.
    fn wire(&self) -> Option<Arc<dyn Wire>> {
        None
    }

    /// Claims to locations that the driver must not touch.
    fn foreign(&self, _scope: &Scope) -> Option<Arc<dyn Foreign>> {
        None
    }

    /// Influence on how old stored objects are.
    fn clock(&self, _scope: &Scope) -> Option<Arc<dyn Clock>> {
        None
    }
}

/// Where one case keeps its data. The text is unique per run and case and holds `[a-z0-9-]` only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope(String);

impl Scope {
    /// A scope from its text, as a child process receives it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text: fit for a bucket, a directory or a key prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The raw store port: reaches the stored bytes behind the driver's back.
#[async_trait]
pub trait RawStore: Send + Sync {
    /// Identifiers of all objects in the scope; what they look like is the harness's business.
    async fn list(&self) -> Vec<String>;
    /// The bytes of the object behind a claim, or `None` where there is none.
    async fn read(&self, claim: &Claim) -> Option<Bytes>;
    /// Puts other bytes where the claim points.
    async fn write(&self, claim: &Claim, bytes: Bytes);
    /// Deletes the object behind a claim.
    async fn delete(&self, claim: &Claim);
    /// The bytes of an object that [`list`](Self::list) named; `None` where it has gone.
    async fn read_listed(&self, id: &str) -> Option<Bytes>;
}

/// The wire port: an endpoint that can be put behind the fault proxy.
#[async_trait]
pub trait Wire: Send + Sync {
    /// The address of the real endpoint.
    fn upstream(&self) -> SocketAddr;
    /// Whether the endpoint speaks HTTP/1.1 without TLS, so that faults can be per request.
    fn speaks_http(&self) -> bool {
        true
    }
    /// Makes a driver of the scope that talks to `endpoint` instead.
    ///
    /// Give it time-outs that only a hang reaches, 30 seconds or more, so that no verdict depends on how busy the
    /// machine is, and short pauses between attempts. Declare the attempts in the profile's `attempts`.
    async fn driver(&self, scope: &Scope, endpoint: SocketAddr) -> Result<Arc<dyn StorageDriver>, Error>;
    /// Makes the same driver with time-outs of about a second, for the case whose store never answers.
    ///
    /// Declare in the profile's `deadline` how long a call takes then, with all attempts and some time to spare.
    async fn impatient(&self, scope: &Scope, endpoint: SocketAddr) -> Result<Arc<dyn StorageDriver>, Error>;
}

/// The foreign port: makes claims to locations outside the configuration.
#[async_trait]
pub trait Foreign: Send + Sync {
    /// Copies the object behind a valid claim to locations that are not configured, and returns the
    /// claims for it there. Digest and content fit, so that a driver that follows one succeeds. Empty
    /// where the store has no other locations.
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim>;
    /// Claims that try to leave the configured location by their path: `../`, absolute, planted symlinks.
    /// What they point at exists and fits their digest. Empty where keys are no paths.
    async fn escapes(&self, claim: &Claim) -> Vec<Claim>;
}

/// The clock port: makes stored objects old.
#[async_trait]
pub trait Clock: Send + Sync {
    /// A driver of the scope whose `refresh_after` is `age`.
    async fn driver(&self, scope: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Error>;
    /// Makes the object behind the claim `age` old, or waits until it is where the store's clock cannot be moved.
    async fn make_old(&self, claim: &Claim, age: Duration);
    /// How old the object behind the claim is, as the store's expiry rule would see it.
    async fn age(&self, claim: &Claim) -> Option<Duration>;
}
