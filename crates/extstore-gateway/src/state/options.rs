//! Holds the options of a gateway as plain values.

use std::collections::BTreeSet;

use extstore::ExternalStorage;
use extstore_wire::Policy;

/// Sets the default cap of a restored response: 120 MiB. Clients of the SDKs accept 128 MiB.
const DEFAULT_MESSAGE_CAP: u64 = 120 << 20;

/// Holds the options of a gateway. [`GatewayBuilder`](crate::GatewayBuilder) documents each.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) storage: Option<ExternalStorage>,
    pub(crate) inline: BTreeSet<Policy>,
    /// The cap of a restored response, in bytes.
    pub(crate) message_cap: u64,
    pub(crate) data_converter_resolves: bool,
    pub(crate) shown_limits: ShownLimits,
    /// Says whether payloads below the threshold are offloaded so that a completion fits.
    pub(crate) offloads_to_fit: bool,
    /// Says whether a client's history fails where one of its payloads cannot be restored.
    pub(crate) whole_histories: bool,
}

/// Says which limits SDKs see in the answer of `DescribeNamespace`. SDKs refuse what is above them before the gateway
/// sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShownLimits {
    /// No limit: an SDK refuses nothing.
    #[default]
    None,
    /// The namespace's own limits. An SDK refuses payloads above them, although the gateway would offload them.
    Real,
    /// This many bytes, where a limit is set: for an SDK that takes the absence of a limit for one that it does not
    /// know.
    Bytes(u64),
}

impl Options {
    pub(crate) fn new(storage: Option<ExternalStorage>) -> Self {
        let inline = BTreeSet::from([Policy::Settings]);
        Self {
            storage,
            inline,
            message_cap: DEFAULT_MESSAGE_CAP,
            data_converter_resolves: false,
            shown_limits: ShownLimits::None,
            offloads_to_fit: true,
            whole_histories: false,
        }
    }
}
