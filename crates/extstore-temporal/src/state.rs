//! Holds what a mount, its connections and its codecs share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use extstore::ExternalStorage;
use extstore_gateway::Gateway;

/// Holds the state of one mount. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct State(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    gateway: Gateway,
    storage: Option<ExternalStorage>,
    /// The ambient namespace of the codec-only mode; a connection's calls name their own.
    namespace: String,
    /// Set once a connection offloads for this mount: its codec must not do so as well.
    connected: AtomicBool,
}

impl State {
    pub(crate) fn new(gateway: Gateway, storage: Option<ExternalStorage>, namespace: String) -> Self {
        Self(Arc::new(Shared { gateway, storage, namespace, connected: AtomicBool::new(false) }))
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    pub(crate) fn storage(&self) -> Option<&ExternalStorage> {
        self.0.storage.as_ref()
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.0.namespace
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.0.connected.load(Ordering::Relaxed)
    }

    pub(crate) fn note_connected(&self) {
        self.0.connected.store(true, Ordering::Relaxed);
    }
}
