//! Chooses the container of a payload.

use std::fmt;
use std::sync::Arc;

use crate::{Payload, Result, StoreContext};

type Choose = dyn Fn(&StoreContext, &Payload) -> Result<String> + Send + Sync;

/// Chooses the container (bucket) that a payload is stored in.
#[derive(Clone)]
pub struct Container(Choice);

#[derive(Clone)]
enum Choice {
    Fixed(String),
    PerPayload(Arc<Choose>),
}

impl Container {
    /// Takes one container for all payloads; the name is empty for stores without containers.
    pub fn fixed(name: impl Into<String>) -> Self {
        Self(Choice::Fixed(name.into()))
    }

    /// Chooses a container for each payload. Reading needs an explicit policy then, because a claim's container
    /// cannot be compared with one name: see `with_readable`.
    pub fn per_payload(
        choose: impl Fn(&StoreContext, &Payload) -> Result<String> + Send + Sync + 'static,
    ) -> Self {
        Self(Choice::PerPayload(Arc::new(choose)))
    }

    /// Returns the one container; `None` where it depends on the payload.
    #[must_use]
    pub fn as_fixed(&self) -> Option<&str> {
        match &self.0 {
            Choice::Fixed(name) => Some(name),
            Choice::PerPayload(_) => None,
        }
    }

    pub(super) fn choose(&self, context: &StoreContext, payload: &Payload) -> Result<String> {
        match &self.0 {
            Choice::Fixed(name) => Ok(name.clone()),
            Choice::PerPayload(choose) => choose(context, payload),
        }
    }
}

impl From<&str> for Container {
    fn from(name: &str) -> Self {
        Self::fixed(name)
    }
}

impl From<String> for Container {
    fn from(name: String) -> Self {
        Self::fixed(name)
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_fixed().unwrap_or("(chosen per payload)"))
    }
}
