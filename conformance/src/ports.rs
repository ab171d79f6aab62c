//! Defines the ports of a harness: optional access to the store behind the driver's back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use extstore::{Claim, Error, StorageDriver};

use crate::scope::Scope;

/// Reaches the stored bytes behind the driver's back: the raw store port.
#[async_trait]
pub trait RawStore: Send + Sync {
    /// Returns identifiers of all objects in the scope, in any form that the harness likes.
    async fn list(&self) -> Vec<String>;
    /// Returns the bytes of the object behind a claim, or `None` where there is none.
    async fn read(&self, claim: &Claim) -> Option<Bytes>;
    /// Puts other bytes where the claim points.
    async fn write(&self, claim: &Claim, bytes: Bytes);
    /// Deletes the object behind a claim.
    async fn delete(&self, claim: &Claim);
    /// Returns the bytes of an object that [`list`](Self::list) named; `None` where it has gone.
    async fn read_listed(&self, id: &str) -> Option<Bytes>;
}

/// Names an endpoint that can be put behind the fault proxy: the wire port.
#[async_trait]
pub trait Wire: Send + Sync {
    /// The address of the real endpoint.
    fn upstream(&self) -> SocketAddr;
    /// Says whether the endpoint speaks HTTP/1.1 without TLS, so that faults can be per request.
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

/// Makes claims to locations outside the configuration: the foreign port.
#[async_trait]
pub trait Foreign: Send + Sync {
    /// Copies the object behind a valid claim to locations that are not configured, and returns the
    /// claims for it there. Digest and content fit, so that a driver that follows one succeeds. Empty
    /// where the store has no other locations.
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim>;
    /// Returns claims that try to leave the configured location by their path: `../`, absolute, planted symlinks. The
    /// objects that they point at exist and fit their digest. Empty where keys are no paths.
    async fn escapes(&self, claim: &Claim) -> Vec<Claim>;
}

/// Makes stored objects old: the clock port.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Makes a driver of the scope whose `refresh_after` is `age`.
    async fn driver(&self, scope: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Error>;
    /// Makes the object behind the claim `age` old, or waits until it is where the store's clock cannot be moved.
    async fn make_old(&self, claim: &Claim, age: Duration);
    /// Returns the age of the object behind the claim, as the store's expiry rule would see it.
    async fn age(&self, claim: &Claim) -> Option<Duration>;
}

/// Changes what the store says of its objects: the status port.
///
/// A method returns `false` where the store or its server cannot do that; the case is `not_run` then.
#[async_trait]
pub trait Status: Send + Sync {
    /// Lets the store say that it deletes the object after `left`, and that this is less than half of the object's life.
    async fn expire_in(&self, _claim: &Claim, _left: Duration) -> bool {
        false
    }
    /// Lets the store say that it deletes the object after `left`, whatever is written to it from now on.
    async fn fix_end(&self, _claim: &Claim, _left: Duration) -> bool {
        false
    }
    /// Returns the time until the store deletes the object; `None` where it says nothing.
    async fn expires_in(&self, _claim: &Claim) -> Option<Duration> {
        None
    }
    /// Archives the object: it cannot be read until it is written again.
    async fn archive(&self, _claim: &Claim) -> bool {
        false
    }
    /// Lets the next requests that read or look at the object find nothing, as at a replica that lags, or all until
    /// it is written again, whichever comes first.
    async fn hide(&self, _claim: &Claim, _requests: u32) -> bool {
        false
    }
    /// Lets the store say no lengths of the scope's objects any more.
    async fn hide_lengths(&self) -> bool {
        false
    }
    /// Forbids from now on to write over an object of the scope; creating is still allowed.
    async fn refuse_renewals(&self) -> bool {
        false
    }
}
