//! Holds the state of one driver of the object engine. Every step of the engine reads it; it calls none of them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::cache::{Key, Tenant};
use super::fetched::Fetched;
use super::flight::Flights;
use super::hash::HashPool;
use super::keys::KeyFormat;
use super::known::KnownKeys;
use super::lifetime::LongestLife;
use super::policy::ClaimPolicy;
use super::{Layout, Location, ObjectBackend, ObjectOptions, StoreIdentity};
use crate::{Digest, Error, ErrorKind, EventSource, Payload, Result, StoreContext};

/// Holds everything that the clones of one [`ObjectDriver`](super::ObjectDriver) share.
pub(super) struct Engine {
    pub(super) name: String,
    pub(super) driver_type: &'static str,
    pub(super) backend: Arc<dyn ObjectBackend>,
    pub(super) identity: StoreIdentity,
    pub(super) layout: Arc<dyn Layout>,
    pub(super) options: ObjectOptions,
    pub(super) policy: ClaimPolicy,
    pub(super) known: KnownKeys,
    pub(super) stores: Flights<Location, Option<Duration>>,
    pub(super) retrieves: Flights<(Location, Digest), Fetched>,
    pub(super) hashing: HashPool,
    pub(super) warned_of_age: AtomicBool,
    /// The objects whose end a renewal could not move.
    pub(super) fixed_ends: KnownKeys,
    pub(super) warned_of_end: AtomicBool,
    pub(super) longest_life: LongestLife,
}

/// Returns the shortest key that the layout writes under a prefix.
pub(super) fn shortest_key(prefix: &str, keys: &KeyFormat) -> String {
    keys.key(prefix, None, None, &Digest::from_bytes([0; 32]))
}

impl Engine {
    /// Returns the driver's name and type, as events carry them.
    pub(super) fn source(&self) -> EventSource<'_> {
        EventSource::new(&self.name, self.driver_type)
    }

    /// Chooses the container of a payload, and refuses one that this driver may not read again.
    pub(super) fn choose_container(&self, context: &StoreContext, payload: &Payload) -> Result<String> {
        let container = self.options.container.choose(context, payload)?;
        let key = shortest_key(&self.policy.key_prefix, self.layout.keys());
        let place = Location::new(container, key);
        let checked =
            self.policy.covers(&place, self.layout.as_ref()).and_then(|()| self.layout.admit(&place));
        checked.map_err(|error| {
            ErrorKind::Config
                .error(
                    "the container chosen for the payload is malformed, or `with_readable` does not allow it",
                )
                .with_source(error)
        })?;
        Ok(place.container)
    }

    /// Returns the key under which a payload is cached.
    pub(super) fn cache_key(&self, location: &Location, digest: Digest) -> Key {
        let namespace = self.layout.keys().namespace_in(&self.policy.key_prefix, &location.key);
        let tenant = namespace.map_or(Tenant::Key(&location.key), Tenant::Namespace);
        Key {
            store: self.identity.clone(),
            container: location.container.clone(),
            prefix: self.policy.key_prefix.clone(),
            tenant: tenant.to_string(),
            digest,
        }
    }

    pub(super) fn describe(&self, error: Error, operation: &'static str, location: &Location) -> Error {
        error.with_operation(operation).with_driver(&self.name).with_location(self.layout.describe(location))
    }
}
