//! Handles responses: learns identities, restores payloads, leaves replayed history to the data converter, and reports
//! failures.

use extstore_wire::Rpc;

use crate::exchange::Exchange;
use crate::task_rpc::TaskRpc;
use crate::{Answer, Call, Status, limits};

mod cap;
mod details;
mod fetch;
mod lazy;
mod left;
mod part;
mod plan;
mod poll;
mod references;
mod response;
mod stop;
mod unit;
mod unrestored;

pub(crate) use poll::poll;

use lazy::Replayed;
use response::Response;

/// Sends a request and restores its response.
///
/// # Cancellation
///
/// Dropping the future stops the request and all storage work. Tasks that come with the response go back to Temporal.
pub(crate) async fn receive(exchange: &Exchange, call: Call) -> Result<Answer, Status> {
    if exchange.may_bring_tasks() {
        return poll(exchange.clone(), call).await;
    }
    if exchange.task_rpc == Some(TaskRpc::ShutdownWorker) {
        return stop::shut_down(exchange, call).await;
    }
    let replayed = Replayed::of_request(exchange, &call);
    match exchange.send(call).await {
        Ok(answer) if exchange.rpc == Rpc::DescribeNamespace => Ok(limits::rewrite(exchange, answer)),
        Ok(answer) => restore(exchange, answer, &replayed).await,
        Err(status) => Err(details::restore(exchange, status).await),
    }
}

async fn restore(exchange: &Exchange, answer: Answer, replayed: &Replayed) -> Result<Answer, Status> {
    let mut response = Response::read(exchange, answer, replayed);
    let restored = response.restore().await;
    response.finish(restored).await
}

#[cfg(test)]
mod tests;
