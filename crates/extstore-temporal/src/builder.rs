//! Collects the options of a mount.

use extstore::ExternalStorage;
use extstore_gateway::{Gateway, GatewayBuilder};

use crate::state::State;
use crate::{Mount, Policy, transport};

/// Collects the options of a [`Mount`].
#[derive(Clone, Debug)]
#[must_use]
pub struct MountBuilder {
    gateway: GatewayBuilder,
    storage: ExternalStorage,
    namespace: String,
}

impl MountBuilder {
    fn new(storage: ExternalStorage) -> Self {
        // The SDK decodes what we hand it and has a limit: leave a sixteenth for everything that is no payload.
        let limit = transport::incoming_limit() as u64;
        let gateway = Gateway::builder(storage.clone()).with_message_cap(limit - limit / 16);
        Self { gateway, storage, namespace: String::new() }
    }

    /// Leaves payloads of these kinds inline, whatever their size. References are resolved in either case.
    pub fn keep_inline(mut self, kinds: impl IntoIterator<Item = Policy>) -> Self {
        self.gateway = self.gateway.keep_inline(kinds);
        self
    }

    /// Bounds the bytes of a response with its payloads restored. 15/16 of what the SDK takes unless set: 120 MiB, or
    /// less or more where `TEMPORAL_MAX_INCOMING_GRPC_BYTES` says so. Never above what the SDK takes: it would refuse a
    /// task that was delivered to it, again and again.
    pub fn with_message_cap(mut self, bytes: u64) -> Self {
        self.gateway = self.gateway.with_message_cap(bytes.min(transport::incoming_limit() as u64));
        self
    }

    /// Says whether payloads below the threshold are offloaded, the largest first, where a workflow task's completion
    /// would otherwise be too large for the server; yes unless set, and no where the threshold is `u64::MAX`. Without it
    /// such a task fails, attempt after attempt.
    pub fn with_offload_to_fit(mut self, yes: bool) -> Self {
        self.gateway = self.gateway.with_offload_to_fit(yes);
        self
    }

    /// Says whether a client's history fails where one of its payloads cannot be restored. Unless set, such a payload
    /// stays a reference, which the mount's data converter fails to decode, and the rest of the history arrives.
    pub fn with_whole_histories(mut self, yes: bool) -> Self {
        self.gateway = self.gateway.with_whole_histories(yes);
        self
    }

    /// Names the namespace for [`Mount::codec`], whose calls do not know it. Connections need no such thing.
    pub fn with_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Builds the mount.
    #[must_use]
    pub fn build(self) -> Mount {
        Mount::of(State::new(self.gateway.build(), Some(self.storage), self.namespace))
    }
}

impl Mount {
    /// Mounts a storage with the defaults: every kind of payload above the storage's threshold is offloaded.
    #[must_use]
    pub fn new(storage: ExternalStorage) -> Self {
        Self::builder(storage).build()
    }

    /// Mounts a storage with options.
    pub fn builder(storage: ExternalStorage) -> MountBuilder {
        MountBuilder::new(storage)
    }
}
