//! Defines [`Mount`], which puts External Storage into connections, data converters and codecs.

use std::sync::Arc;

use extstore::Result;
use extstore_gateway::Gateway;
use temporalio_client::ConnectionOptions;
use temporalio_common::data_converters::{DataConverter, PayloadCodec};

use crate::codec::{Resolver, StorageCodec};
use crate::state::State;
use crate::transport::Transport;
use crate::{converter, endpoint, service};

/// Puts External Storage into connections, data converters and codecs of the Temporal Rust SDK.
///
/// # Shape
///
/// One mount per process and storage. Clones share everything: the storage with its budgets and caches, and the
/// identities of polled tasks, so that one connection may poll a task and another complete it.
///
/// # Errors
///
/// The crate's documentation says what the SDK and Temporal are told when storage fails.
#[derive(Clone, Debug)]
pub struct Mount(State);

impl Mount {
    /// Mounts no storage: nothing is offloaded, and a reference fails with `TMPRL1105` instead of reaching user code.
    ///
    /// For a worker that shares a namespace with workers that use External Storage and must not read it.
    #[must_use]
    pub fn without_storage() -> Self {
        Self::of(State::new(Gateway::without_storage().build(), None, String::new()))
    }

    pub(crate) fn of(state: State) -> Self {
        Self(state)
    }

    /// Puts External Storage into a connection: takes the options of `Connection::connect` and returns them with
    /// `service_override` set.
    ///
    /// Every RPC of the connection passes through a channel of this crate, which is set up as the SDK would have set up
    /// its own: address, TLS, proxy, load balancing over DNS, keep-alive, compression. Headers, the API key, metrics
    /// and retries stay with the SDK. Nothing is connected yet; `Connection::connect` does that.
    ///
    /// # Errors
    ///
    /// `Config`, and the text says what to do, where options contradict each other or cannot be combined with a mount:
    /// a `service_override` that is set already, a `client_cert_resolver`, an invalid address, certificate or key; and
    /// where TLS is asked for and the program has no crypto provider. No error holds a key or a certificate. Calling
    /// again with the same options fails again.
    pub fn connection(&self, mut options: ConnectionOptions) -> Result<ConnectionOptions> {
        endpoint::refuse(&options)?;
        let transport = Transport::new(&options)?;
        let failures = transport.failure_counters().cloned();
        // Load balancing has moved into our channel: the SDK refuses it beside `service_override`.
        options.dns_load_balancing = None;
        options.service_override = Some(service::callback(self.0.gateway().clone(), Arc::new(transport)));
        self.0.note_connected(failures);
        Ok(options)
    }

    /// Waits until every task is back at Temporal that was polled for a worker that is gone.
    ///
    /// Await it after the workers have stopped and before the runtime ends: tasks go back in tokio tasks of their own.
    /// Workers of this mount that go on are not waited for. It takes less than a minute where Temporal does not answer.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops nothing.
    pub async fn idle(&self) {
        self.0.gateway().idle().await;
    }

    /// Returns the same data converter, with a codec that resolves references before the converter's own codec decodes.
    ///
    /// Use it for the client of a connection that [`Mount::connection`] made, and for `WorkflowReplayer`, which has no
    /// connection. From this call on, history that a workflow only replays is restored when the workflow asks for it
    /// and not when it is polled. So give it to every client and worker of this mount: one without it would hand
    /// references of replayed history to workflow code. What must go without it takes a mount of its own; mounts may
    /// share one storage. It is safe in any order with [`Mount::connection`].
    ///
    /// # Errors
    ///
    /// The codec fails with [`StorageError`](crate::StorageError); without storage with `TMPRL1105` at a reference.
    #[must_use]
    pub fn data_converter(&self, converter: DataConverter) -> DataConverter {
        self.0.gateway().set_resolving_data_converter(self.0.storage().is_some());
        converter::with_codec(converter, |codec| Resolver::new(self.0.clone(), codec))
    }

    /// Makes a codec that offloads and resolves by itself, without [`Mount::connection`]: the simple mode.
    ///
    /// It runs `user_codec` before it offloads and after it resolves. Its limits are in the crate's documentation;
    /// prefer a connection where there can be one. Once this mount has made a connection, the codec leaves offloading
    /// to it, so that nothing is stored under two keys.
    #[must_use]
    pub fn codec(&self, user_codec: Arc<dyn PayloadCodec + Send + Sync>) -> StorageCodec {
        StorageCodec::new(Resolver::new(self.0.clone(), user_codec))
    }
}
