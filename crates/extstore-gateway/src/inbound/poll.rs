//! Handles answers that bring tasks: each polled or eager task is delivered or given back to Temporal.

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::details;
use super::lazy::Replayed;
use super::part::Task;
use super::response::Response;
use crate::exchange::Exchange;
use crate::failure;
use crate::{Answer, Call, Code, Status};

/// Sends a request whose answer may bring tasks, in a tokio task of its own, so that an answered poll is never dropped.
///
/// # Cancellation
///
/// Dropping the future before the server has answered abandons the request. Dropping it later stops the storage work
/// and gives the tasks back to Temporal at once: otherwise they would run into their time-outs. A worker that shuts
/// down is no failure of storage.
pub(crate) async fn poll(exchange: Exchange, call: Call) -> Result<Answer, Status> {
    let is_poll = exchange.is_poll();
    let (listener, delivery) = oneshot::channel();
    tokio::spawn(run(exchange, call, listener).in_current_span());
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

async fn run(exchange: Exchange, call: Call, mut listener: oneshot::Sender<Delivery>) {
    let answered = tokio::select! {
        biased;
        answered = exchange.upstream.send(call) => answered,
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
    let back = HandBack::of(exchange, response.tasks());
    let restored = tokio::select! {
        biased;
        restored = response.restore() => restored,
        () = listener.closed() => return None,
    };
    // A failure is reported even if the caller is gone: the report takes the task back.
    let outcome = response.finish(restored).await;
    let delivered = HandBack::of(exchange, response.tasks());
    back.delivered();
    Some(Delivery { outcome, back: delivered })
}

async fn hand_back(exchange: &Exchange, tasks: &[Task]) {
    for task in tasks {
        failure::hand_back(exchange, task.path, &task.ids).await;
    }
}

/// An outcome on its way to the caller. If it is dropped on the way, its tasks go back to Temporal.
struct Delivery {
    outcome: Result<Answer, Status>,
    back: HandBack,
}

/// Gives tasks back to Temporal when it is dropped, unless they were delivered.
struct HandBack(Option<Undelivered>);

/// The tasks and the means to give them back.
struct Undelivered {
    exchange: Exchange,
    tasks: Vec<Task>,
    runtime: Handle,
}

impl Delivery {
    /// Wraps an outcome without a task.
    fn of(outcome: Result<Answer, Status>) -> Self {
        Self { outcome, back: HandBack(None) }
    }
}

impl HandBack {
    fn of(exchange: &Exchange, tasks: &[Task]) -> Self {
        let (exchange, tasks, runtime) = (exchange.clone(), tasks.to_vec(), Handle::current());
        Self(Some(Undelivered { exchange, tasks, runtime }))
    }

    fn delivered(mut self) {
        self.0 = None;
    }
}

impl Drop for HandBack {
    fn drop(&mut self) {
        let Some(Undelivered { exchange, tasks, runtime }) = self.0.take() else { return };
        if !tasks.is_empty() {
            runtime.spawn(async move { hand_back(&exchange, &tasks).await });
        }
    }
}
