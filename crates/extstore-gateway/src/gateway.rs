//! Defines the public entry point, [`Gateway::call`].

use std::sync::Arc;

use extstore_wire::Rpc;

use crate::exchange::Exchange;
use crate::paged::Paged;
use crate::state::{Options, State};
use crate::{Answer, Call, Status, Upstream, heartbeat, inbound, outbound};

/// Offloads and restores the payloads of Temporal's RPCs.
///
/// Clones share options and state: one connection may complete a task that another connection polled.
///
/// # Concurrency
///
/// Any number of calls may run at the same time.
#[derive(Clone, Debug)]
pub struct Gateway(pub(crate) Arc<State>);

impl Gateway {
    pub(crate) fn new(options: Options) -> Self {
        Self(Arc::new(State::new(options)))
    }

    /// Sets the option [`with_resolving_data_converter`](crate::GatewayBuilder::with_resolving_data_converter) for all
    /// clones: a host may set up its data converter after its connection.
    pub fn set_resolving_data_converter(&self, yes: bool) {
        self.0.set_resolving_data_converter(yes);
    }

    /// Waits until no task is held that nobody waits for.
    ///
    /// A task that was polled and whose caller has left goes back to Temporal in a tokio task of its own, which ends
    /// with the runtime. A host that ends its runtime stops its workers or drops its calls first, and then waits here.
    /// With the reports' own time-outs this takes less than a minute where Temporal does not answer.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops nothing.
    ///
    /// # Concurrency
    ///
    /// Calls may go on. Those whose callers wait are not waited for.
    pub async fn idle(&self) {
        self.0.held_tasks.none_abandoned().await;
    }

    /// Sends one RPC with its payloads offloaded, and returns its answer with its payloads restored.
    ///
    /// # Errors
    ///
    /// The upstream's status, its details restored too. A failure of storage becomes a status only where no report can
    /// carry it. For a client's request that is `UNAVAILABLE` where a retry may succeed, `DEADLINE_EXCEEDED` where the
    /// call's own time-out was over, `INVALID_ARGUMENT` or `FAILED_PRECONDITION` where a retry cannot succeed, and
    /// `INTERNAL` for a defect. For the completion of a workflow task that the gateway has reported as failed it is
    /// `NOT_FOUND`. The crate's documentation has the whole table.
    ///
    /// # Cancellation
    ///
    /// Dropping the future abandons the request. If the server has already answered with tasks, the gateway gives them
    /// back to Temporal, in a tokio task of its own; see [`Gateway::idle`]. `ShutdownWorker` ends the storage work for the
    /// tasks of the worker that it names in the same way, whether their calls are dropped or not.
    pub async fn call(&self, call: Call, upstream: Arc<dyn Upstream>) -> Result<Answer, Status> {
        let Some(rpc) = Rpc::find(&call.service, &call.method) else { return upstream.send(call).await };
        let exchange = Exchange::new(Arc::clone(&self.0), upstream, rpc, &call);
        if exchange.is_poll() {
            let call = heartbeat::add_drivers_to_poll(&exchange, call);
            return inbound::poll(exchange, call).await;
        }
        let (exchange, call) = match outbound::offload(&exchange, call).await {
            outbound::Offloaded::Forward(call) => (exchange, call),
            outbound::Offloaded::Pages { pages, last } => {
                let paged = Paged::new(exchange.clone(), pages);
                (exchange.with_upstream(Arc::new(paged)), last)
            }
            outbound::Offloaded::Answered(answer) => return answer,
        };
        let body = call.body.clone();
        match inbound::receive(&exchange, call).await {
            Ok(answer) => Ok(answer),
            Err(status) => outbound::after_refusal(&exchange, &body, status).await,
        }
    }
}

#[cfg(test)]
mod tests;
