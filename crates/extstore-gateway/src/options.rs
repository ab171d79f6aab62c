//! How a gateway behaves.

use std::collections::BTreeSet;

use extstore::ExternalStorage;
use extstore_wire::Policy;

use crate::Gateway;

/// What a response may grow to, unless configured otherwise: 120 MiB. Clients of the SDKs take 128 MiB.
const DEFAULT_MESSAGE_CAP: u64 = 120 << 20;

/// Collects the options of a [`Gateway`].
#[derive(Clone, Debug)]
#[must_use]
pub struct GatewayBuilder {
    pub(crate) storage: Option<ExternalStorage>,
    pub(crate) inline: BTreeSet<Policy>,
    pub(crate) message_cap: u64,
    pub(crate) resolver_below: bool,
}

impl GatewayBuilder {
    pub(crate) fn new(storage: Option<ExternalStorage>) -> Self {
        let inline = BTreeSet::from([Policy::Settings]);
        Self { storage, inline, message_cap: DEFAULT_MESSAGE_CAP, resolver_below: false }
    }

    /// Leaves payloads of these kinds inline, whatever their size. References are restored in either case.
    ///
    /// Without it every kind is offloaded that executions have, as the specification says. [`Policy::Settings`] always
    /// stays: an operator sets them for the server itself, which cannot read a reference.
    ///
    /// Candidates are kinds that people read in the Web UI or that other programs read: it shows a reference in place
    /// of an offloaded [`Policy::Memo`], and no summary in place of offloaded [`Policy::UserMetadata`]; a worker in
    /// Python does not resolve an offloaded [`Policy::Header`] unless its header codec is on.
    pub fn keep_inline(mut self, kinds: impl IntoIterator<Item = Policy>) -> Self {
        self.inline.extend(kinds);
        self
    }

    /// Bounds the bytes of a response with its payloads restored. What does not fit stays a reference where a resolver
    /// follows, and fails the task otherwise.
    pub fn with_message_cap(mut self, bytes: u64) -> Self {
        self.message_cap = bytes;
        self
    }

    /// Says that something below the gateway resolves references when they are needed, such as the data converter of
    /// `extstore-temporal`. Replayed history is then left to it, because a replay needs little of it.
    pub fn with_resolver_below(mut self, yes: bool) -> Self {
        self.resolver_below = yes;
        self
    }

    /// The gateway.
    #[must_use]
    pub fn build(self) -> Gateway {
        Gateway::from_options(self)
    }
}
