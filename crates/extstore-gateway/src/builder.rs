//! Builds a [`Gateway`] from its options.

use extstore::ExternalStorage;
use extstore_wire::Policy;

use crate::gateway::Gateway;
use crate::state::{Options, ShownLimits};

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
    /// Leaves payloads of these kinds inline, whatever their size. The gateway restores references of every kind in
    /// either case.
    ///
    /// Unless set, the gateway offloads every kind that executions have, as the specification says. It never offloads
    /// [`Policy::Settings`]: an operator sets them for the server itself, which cannot read a reference.
    ///
    /// Candidates are kinds that people or other programs read. The Web UI shows a reference in place of an offloaded
    /// [`Policy::Memo`], and no summary in place of offloaded [`Policy::UserMetadata`]. A worker in Python does not
    /// resolve an offloaded [`Policy::Header`] unless its header codec is on.
    pub fn keep_inline(mut self, kinds: impl IntoIterator<Item = Policy>) -> Self {
        self.0.inline.extend(kinds);
        self
    }

    /// Bounds the bytes of a response with its payloads restored; 120 MiB unless set. A payload that does not fit stays
    /// a reference where the data converter resolves references, and fails its task otherwise.
    pub fn with_message_cap(mut self, bytes: u64) -> Self {
        self.0.message_cap = bytes;
        self
    }

    /// Chooses the limits of a namespace that SDKs see; none unless set.
    ///
    /// SDKs measure payloads before the gateway offloads them, so by default they see no limit, and the gateway measures
    /// what stays inline. An SDK that sends some requests past the gateway, straight to the server, then sends payloads
    /// above a limit there, and the server may end the run: show it the real limits
    /// ([`ShownLimits::Real`]) and set a threshold below them.
    pub fn with_shown_limits(mut self, limits: ShownLimits) -> Self {
        self.0.shown_limits = limits;
        self
    }

    /// Says whether the gateway offloads payloads below the threshold, the largest first, where a workflow task's
    /// completion would otherwise be too large for the server; yes unless set. Without it, and where the threshold is
    /// `u64::MAX`, such a task fails with the cause `PAYLOADS_TOO_LARGE`, attempt after attempt.
    ///
    /// An event ([`Event::CompletionCut`](extstore::Event::CompletionCut)) counts these payloads.
    pub fn with_offload_to_fit(mut self, yes: bool) -> Self {
        self.0.offloads_to_fit = yes;
        self
    }

    /// Says whether a client's `GetWorkflowExecutionHistory` fails where one of its payloads cannot be restored. Unless
    /// set, such a payload stays a reference, as in lists, and the rest of the history arrives. A request that waits for
    /// the closing event alone fails in either case: the SDKs read a workflow's result that way.
    pub fn with_whole_histories(mut self, yes: bool) -> Self {
        self.0.whole_histories = yes;
        self
    }

    /// Says whether the worker's data converter resolves references, as that of `extstore-temporal` does; no unless
    /// set. The gateway then leaves references in replayed history to the data converter, because a replay needs few of
    /// them.
    pub fn with_resolving_data_converter(mut self, yes: bool) -> Self {
        self.0.data_converter_resolves = yes;
        self
    }

    /// Builds the gateway. This makes no I/O.
    #[must_use]
    pub fn build(self) -> Gateway {
        Gateway::new(self.0)
    }
}
