//! Names another place where the same objects can be read.

use std::sync::Arc;

use super::{Location, ObjectBackend};

/// Names a further place that holds the same objects under the same keys: a replica, the store before a migration.
///
/// The engine reads there, in the order in which the places were given, an object that the driver's own store
/// does not have, cannot deliver, or has with wrong content. What is read is verified as always. Nothing is
/// written there. A claim never chooses the place. A further container answers only claims whose key they may name in the
/// driver's own container, or that may name the further container itself, so that a forged claim reaches no other
/// objects than before.
///
/// Each place has the [total time](super::Timeouts::total) for a payload of its own, within the message's deadline.
#[derive(Clone, Debug)]
pub struct ReadFallback {
    backend: Option<Arc<dyn ObjectBackend>>,
    container: Option<String>,
}

impl ReadFallback {
    /// Reads in another container of the same store, such as the bucket of a second region.
    pub fn container(name: impl Into<String>) -> Self {
        Self { backend: None, container: Some(name.into()) }
    }

    /// Reads in the same container of another store, or of the same store through another client.
    pub fn backend(backend: Arc<dyn ObjectBackend>) -> Self {
        Self { backend: Some(backend), container: None }
    }

    /// Names the container in the other store.
    #[must_use]
    pub fn in_container(mut self, name: impl Into<String>) -> Self {
        self.container = Some(name.into());
        self
    }

    pub(super) fn names_container(&self) -> bool {
        self.container.is_some()
    }

    pub(super) fn is_in_same_store(&self) -> bool {
        self.backend.is_none()
    }

    /// Returns the location of an object in the further place.
    pub(super) fn location(&self, own: &Location) -> Location {
        Location::new(self.container.as_ref().unwrap_or(&own.container), &own.key)
    }

    /// Returns the backend that reaches the further place.
    pub(super) fn reached_by<'a>(&'a self, own: &'a dyn ObjectBackend) -> &'a dyn ObjectBackend {
        self.backend.as_deref().unwrap_or(own)
    }
}
