//! Builds gateways.

use extstore::ExternalStorage;
use extstore_wire::Policy;

use crate::gateway::Gateway;
use crate::state::Options;

/// Collects the options of a [`Gateway`].
#[derive(Clone, Debug)]
#[must_use]
pub struct GatewayBuilder(Options);

impl Gateway {
    /// Starts a gateway over a storage.
    pub fn builder(storage: ExternalStorage) -> GatewayBuilder {
        GatewayBuilder(Options::new(Some(storage)))
    }

    /// Starts a gateway that stores nothing and refuses references with `TMPRL1105`, so that none reaches user code.
    pub fn without_storage() -> GatewayBuilder {
        GatewayBuilder(Options::new(None))
    }
}

impl GatewayBuilder {
    /// Leaves payloads of these kinds inline, whatever their size. References are restored in either case.
    ///
    /// Without it every kind is offloaded that executions have, as the specification says. [`Policy::Settings`] always
    /// stays: an operator sets them for the server itself, which cannot read a reference.
    ///
    /// Candidates are kinds that people read in the Web UI or that other programs read: it shows a reference in place
    /// of an offloaded [`Policy::Memo`], and no summary in place of offloaded [`Policy::UserMetadata`]; a worker in
    /// Python does not resolve an offloaded [`Policy::Header`] unless its header codec is on.
    pub fn keep_inline(mut self, kinds: impl IntoIterator<Item = Policy>) -> Self {
        self.0.inline.extend(kinds);
        self
    }

    /// Bounds the bytes of a response with its payloads restored; 120 MiB unless set. What does not fit stays a
    /// reference where a resolver follows, and fails the task otherwise.
    pub fn with_message_cap(mut self, bytes: u64) -> Self {
        self.0.message_cap = bytes;
        self
    }

    /// Says that something below the gateway resolves references when they are needed, such as the data converter of
    /// `extstore-temporal`. Replayed history is then left to it, because a replay needs little of it.
    pub fn with_resolving_data_converter(mut self, yes: bool) -> Self {
        self.0.data_converter_resolves = yes;
        self
    }

    /// Builds the gateway. It makes no I/O.
    #[must_use]
    pub fn build(self) -> Gateway {
        Gateway::new(self.0)
    }
}
