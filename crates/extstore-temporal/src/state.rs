//! Holds what a mount, its connections and its codecs share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use extstore::{Error, Event, ExternalStorage};
use extstore_gateway::{FailedKind, Gateway};
use temporalio_common::data_converters::SerializationContextData;

use crate::metrics::FailureCounters;

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
    /// The counters of the first connection that has a meter: a data converter belongs to no connection.
    failures: OnceLock<FailureCounters>,
}

impl State {
    pub(crate) fn new(gateway: Gateway, storage: Option<ExternalStorage>, namespace: String) -> Self {
        Self(Arc::new(Shared {
            gateway,
            storage,
            namespace,
            connected: AtomicBool::new(false),
            failures: OnceLock::new(),
        }))
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

    pub(crate) fn note_connected(&self, failures: Option<FailureCounters>) {
        self.0.connected.store(true, Ordering::Relaxed);
        if let Some(failures) = failures {
            let _ = self.0.failures.set(failures);
        }
    }

    /// Counts a failure of storage inside the codec. On most attempts nobody else does, because the SDK does not report
    /// them.
    pub(crate) fn note_failed(&self, context: &SerializationContextData, error: &Error) {
        let (path, kind) = match context {
            SerializationContextData::Workflow(_) => ("workflow_task", Some(FailedKind::Workflow)),
            SerializationContextData::Activity(_) => ("activity_task", Some(FailedKind::Activity)),
            SerializationContextData::Nexus(_) => ("nexus_task", None),
            _ => ("request", None),
        };
        if let Some(storage) = self.storage() {
            storage.observe(&Event::failed(path, error.kind(), false));
        }
        if let (Some(failures), Some(kind)) = (self.0.failures.get(), kind) {
            failures.add_of_codec(kind, self.namespace());
        }
    }
}
