//! Chooses the driver that stores a payload.

use std::sync::Arc;

use crate::{Payload, Result, SelectContext, StorageDriver};

/// Chooses the driver that stores a payload, or none to leave it inline.
///
/// Selectors are consulted only for payloads at or above the threshold, and must return a driver
/// that is registered: this is checked by identity, not by name. Closures implement the trait.
pub trait Selector: Send + Sync + 'static {
    /// Chooses the driver for this payload, or `None` to leave it inline.
    ///
    /// # Errors
    ///
    /// An error fails the whole message and nothing is stored.
    fn select(&self, context: &SelectContext, payload: &Payload) -> Result<Option<Arc<dyn StorageDriver>>>;
}

impl<F> Selector for F
where
    F: Fn(&SelectContext, &Payload) -> Result<Option<Arc<dyn StorageDriver>>> + Send + Sync + 'static,
{
    fn select(&self, context: &SelectContext, payload: &Payload) -> Result<Option<Arc<dyn StorageDriver>>> {
        self(context, payload)
    }
}

/// Chooses `below` for payloads of less than `limit` encoded bytes, and `from` for all others.
pub fn by_size(limit: u64, below: Arc<dyn StorageDriver>, from: Arc<dyn StorageDriver>) -> impl Selector {
    move |_: &SelectContext, payload: &Payload| {
        let large = payload.encoded_len() as u64 >= limit;
        Ok(Some(Arc::clone(if large { &from } else { &below })))
    }
}

/// Chooses a driver by namespace, and `otherwise` for the rest. The target's namespace counts; the ambient one where the
/// target has none.
pub fn by_namespace(
    drivers: impl IntoIterator<Item = (String, Arc<dyn StorageDriver>)>,
    otherwise: Option<Arc<dyn StorageDriver>>,
) -> impl Selector {
    let drivers: std::collections::HashMap<_, _> = drivers.into_iter().collect();
    move |context: &SelectContext, _: &Payload| {
        let chosen = context.effective_namespace().and_then(|namespace| drivers.get(namespace));
        Ok(chosen.or(otherwise.as_ref()).cloned())
    }
}
