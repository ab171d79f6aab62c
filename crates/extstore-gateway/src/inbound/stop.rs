//! Handles `ShutdownWorker`: ends the storage work for the worker's tasks and waits until they are back at Temporal.

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use crate::exchange::Exchange;
use crate::{Answer, Call, Code, Status};

/// Bounds the time that the server has to take note of the stop before tasks go back: it would give them to the polls
/// of the same worker that are still open.
const SERVER_FIRST: Duration = Duration::from_millis(500);

/// Bounds the time that the answer waits for tasks on their way back. A worker's process may end after the answer.
const HAND_BACK: Duration = Duration::from_secs(1);

/// Lists `PERMISSION_DENIED` and `UNAUTHENTICATED`: the caller may not stop the worker.
const FORBIDDEN: [Code; 2] = [Code(7), Code(16)];

/// Sends `ShutdownWorker`, and stops the storage work for all tasks of the worker that it names, unless the server forbids
/// it at once: callers of other namespaces must not keep a worker from its tasks.
pub(super) async fn shut_down(exchange: &Exchange, call: Call) -> Result<Answer, Status> {
    let mut sent = pin!(exchange.send(call));
    let early = timeout(SERVER_FIRST, &mut sent).await;
    let is_forbidden = matches!(&early, Ok(Err(status)) if FORBIDDEN.contains(&status.code));
    let worker = exchange.worker.filter(|_| !is_forbidden);
    if let Some(worker) = worker {
        exchange.state.stopped_workers.stop(worker);
    }
    let answered = match early {
        Ok(answered) => answered,
        Err(_) => sent.await,
    };
    if let Some(worker) = worker
        && timeout(HAND_BACK, exchange.state.held_tasks.none_of(worker)).await.is_err()
    {
        tracing::warn!("tasks of a worker that stops are still on their way back to Temporal");
    }
    answered
}
