//! The public entry point: [`Gateway::call`].

use std::sync::Arc;

use extstore_wire::Rpc;

use crate::exchange::Exchange;
use crate::state::{Options, State};
use crate::{Answer, Call, Status, Upstream, inbound, outbound};

/// Offloads and restores the payloads of Temporal's RPCs.
///
/// Clones share everything: what one connection's polls taught, another connection's completions use.
#[derive(Clone, Debug)]
pub struct Gateway(pub(crate) Arc<State>);

impl Gateway {
    pub(crate) fn new(options: Options) -> Self {
        Self(Arc::new(State::new(options)))
    }

    /// Says from now on what [`GatewayBuilder::with_resolving_data_converter`](crate::GatewayBuilder::with_resolving_data_converter) says
    /// from the start, for all clones: a host may set up what resolves references after it has set up its connection.
    pub fn set_resolving_data_converter(&self, yes: bool) {
        self.0.set_resolving_data_converter(yes);
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
            outbound::Offloaded::Forward(call) => inbound::receive(&exchange, call).await,
            outbound::Offloaded::Answered(answer) => answer,
        }
    }
}

#[cfg(test)]
mod tests;
