//! Handles answers that bring tasks: each polled or eager task is delivered or given back to Temporal.

use std::sync::{Arc, Weak};

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::details;
use super::lazy::Replayed;
use super::part::Task;
use super::response::Response;
use crate::exchange::Exchange;
use crate::failure::{self, Undelivered};
use crate::state::Held;
use crate::{Answer, Call, Code, Status};

/// Sends a request whose answer may bring tasks, in a tokio task of its own, so that an answered poll is never dropped.
///
/// # Cancellation
///
/// Dropping the future before the server has answered abandons the request. Dropping it later stops the storage work
/// and gives the tasks back to Temporal at once: otherwise they would run into their time-outs. A worker that shuts
/// down is no failure of storage. `ShutdownWorker` of the same worker does the same, and the caller of a poll gets an
/// empty answer.
pub(crate) async fn poll(exchange: Exchange, call: Call) -> Result<Answer, Status> {
    let is_poll = exchange.is_poll();
    let running = Arc::new(exchange.state.held_tasks.hold(None));
    let _leaving = Leaving(Arc::downgrade(&running));
    let (listener, delivery) = oneshot::channel();
    tokio::spawn(run(exchange, call, listener, running).in_current_span());
    match delivery.await {
        Ok(Delivery { outcome, back }) => {
            back.delivered();
            outcome
        }
        // Only a panic drops the sender. A poller takes an error for the end of polling, so it gets an empty answer.
        Err(_) if is_poll => {
            tracing::error!(
                "a poll ended in a panic: its task, if there was one, goes back or runs into its time-out"
            );
            Ok(Answer::empty())
        }
        Err(_) => Err(Status::new(Code::INTERNAL, "the response was lost in a defect of the gateway")),
    }
}

/// Sends the request and restores its answer. `_running` lives until the end, so that a host can wait for it.
async fn run(exchange: Exchange, call: Call, mut listener: oneshot::Sender<Delivery>, _running: Arc<Held>) {
    let answered = tokio::select! {
        biased;
        answered = exchange.send(call) => answered,
        () = listener.closed() => return,
    };
    let delivery = match answered {
        Ok(answer) => match restore(&exchange, answer, &mut listener).await {
            Some(delivery) => delivery,
            None => return,
        },
        Err(status) => Delivery::of(Err(details::restore(&exchange, status).await)),
    };
    // If the caller is gone, this drops the delivery, which gives its tasks back.
    drop(listener.send(delivery));
}

/// Restores an answer. Returns none where the caller is gone; then the tasks were given back.
async fn restore(
    exchange: &Exchange,
    answer: Answer,
    listener: &mut oneshot::Sender<Delivery>,
) -> Option<Delivery> {
    let unrestored = answer.clone();
    let mut response = Response::read(exchange, answer, &Replayed::default());
    if exchange.is_poll() && response.tasks().is_empty() && !response.is_unreadable() {
        return Some(Delivery::of(Ok(unrestored)));
    }
    // From here on the tasks go back if the caller leaves, and if a driver panics.
    let back = HandBack::of(exchange, stopped(response.tasks()));
    let restored = tokio::select! {
        biased;
        restored = response.restore() => restored,
        () = listener.closed() => return None,
    };
    // A failure is reported even if the caller is gone: the report takes the task back.
    let outcome = response.finish(restored).await;
    let delivered = HandBack::of(exchange, stopped(response.tasks()));
    drop(HandBack::of(exchange, response.undelivered().to_vec()));
    back.delivered();
    Some(Delivery { outcome, back: delivered })
}

/// Returns the tasks as they go back if nobody takes them.
fn stopped(tasks: &[Task]) -> Vec<(Task, Undelivered)> {
    tasks.iter().map(|task| (task.clone(), Undelivered::Stopped)).collect()
}

async fn hand_back(exchange: &Exchange, tasks: &[(Task, Undelivered)]) {
    for (task, why) in tasks {
        failure::hand_back(exchange, task.path, &task.ids, *why).await;
    }
}

/// Tells, when it is dropped, that the caller of a request is gone: nobody waits any more for what is still running.
struct Leaving(Weak<Held>);

/// Holds an outcome on its way to the caller. If it is dropped on the way, its tasks go back to Temporal.
struct Delivery {
    outcome: Result<Answer, Status>,
    back: HandBack,
}

/// Gives tasks back to Temporal when it is dropped, unless they were delivered.
struct HandBack(Option<Pending>);

/// Holds the tasks and the means to give them back.
struct Pending {
    exchange: Exchange,
    tasks: Vec<(Task, Undelivered)>,
    runtime: Handle,
    held: Held,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some(running) = self.0.upgrade() {
            running.abandon();
        }
    }
}

impl Delivery {
    /// Wraps an outcome without a task.
    fn of(outcome: Result<Answer, Status>) -> Self {
        Self { outcome, back: HandBack(None) }
    }
}

impl HandBack {
    fn of(exchange: &Exchange, tasks: Vec<(Task, Undelivered)>) -> Self {
        let held = exchange.state.held_tasks.hold(exchange.worker);
        Self(Some(Pending { exchange: exchange.clone(), tasks, runtime: Handle::current(), held }))
    }

    fn delivered(mut self) {
        self.0 = None;
    }
}

impl Drop for HandBack {
    fn drop(&mut self) {
        let Some(Pending { exchange, tasks, runtime, held }) = self.0.take() else { return };
        if !tasks.is_empty() {
            held.abandon();
            runtime.spawn(async move {
                hand_back(&exchange, &tasks).await;
                drop(held);
            });
        }
    }
}
