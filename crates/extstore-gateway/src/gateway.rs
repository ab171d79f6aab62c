//! The door: one call in, one answer out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use extstore::ExternalStorage;
use extstore_wire::Rpc;

use crate::exchange::Exchange;
use crate::identity::Identities;
use crate::inbound::{FailedQueries, SlowTasks};
use crate::limits::Limits;
use crate::passed_on::Warned;
use crate::{Answer, Call, GatewayBuilder, Status, Upstream, inbound, outbound};

/// Offloads and restores the payloads of Temporal's RPCs.
///
/// Clones share everything: what one connection's polls taught, another connection's completions use.
#[derive(Clone, Debug)]
pub struct Gateway(pub(crate) Arc<Shared>);

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: GatewayBuilder,
    pub(crate) identities: Identities,
    pub(crate) limits: Limits,
    pub(crate) warned: Warned,
    pub(crate) failed_queries: FailedQueries,
    pub(crate) slow_tasks: SlowTasks,
    /// Starts as the option says; a host may learn it later.
    resolver_below: AtomicBool,
}

impl Shared {
    /// Whether something below the gateway resolves references when they are needed, as of this call.
    pub(crate) fn resolver_below(&self) -> bool {
        self.resolver_below.load(Ordering::Relaxed)
    }
}

impl Gateway {
    /// Starts a gateway over a storage.
    pub fn builder(storage: ExternalStorage) -> GatewayBuilder {
        GatewayBuilder::new(Some(storage))
    }

    /// Starts a gateway that stores nothing and refuses references with `TMPRL1105`, so that none reaches user code.
    pub fn without_storage() -> GatewayBuilder {
        GatewayBuilder::new(None)
    }

    pub(crate) fn from_options(options: GatewayBuilder) -> Self {
        let resolver_below = AtomicBool::new(options.resolver_below);
        let (identities, limits, warned) = (Identities::default(), Limits::default(), Warned::default());
        Self(Arc::new(Shared {
            options,
            identities,
            limits,
            warned,
            failed_queries: FailedQueries::default(),
            slow_tasks: SlowTasks::default(),
            resolver_below,
        }))
    }

    /// Says from now on what [`GatewayBuilder::with_resolver_below`] says from the start, for all clones: a host may
    /// set up what resolves references after it has set up its connection.
    pub fn set_resolver_below(&self, yes: bool) {
        self.0.resolver_below.store(yes, Ordering::Relaxed);
    }

    /// Sends one RPC, with its payloads offloaded, and returns its answer, with its payloads restored.
    ///
    /// # Errors
    ///
    /// The upstream's status, its details restored too. A failure of storage is a status only where nothing else can
    /// carry it: for a client's request `INVALID_ARGUMENT` or `FAILED_PRECONDITION` where a retry is of no use and
    /// `UNAVAILABLE` where it is, `INTERNAL` for a defect; for the completion of a task that the gateway has reported as failed `NOT_FOUND`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future abandons the request. A poll that was answered is not lost: it has a task of its own, which
    /// hands the polled task back to Temporal.
    pub async fn call(&self, call: Call, upstream: Arc<dyn Upstream>) -> Result<Answer, Status> {
        let Some(rpc) = Rpc::find(&call.service, &call.method) else { return upstream.send(call).await };
        let exchange = Exchange::new(Arc::clone(&self.0), upstream, rpc, &call);
        if exchange.is_poll() {
            return inbound::poll(exchange, call).await;
        }
        match outbound::offload(&exchange, call).await {
            outbound::Sent::On(call) => inbound::receive(&exchange, call).await,
            outbound::Sent::Answered(answer) => answer,
        }
    }
}

#[cfg(test)]
mod tests;
