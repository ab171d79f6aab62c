//! Polls: what was answered is delivered, or given back.

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::details;
use super::lazy::Replayed;
use super::response::Response;
use crate::exchange::Exchange;
use crate::failure::{self, Path, Subject};
use crate::{Answer, Call, Status};

/// Polls in a task of its own: a poll that was answered is never dropped.
///
/// # Cancellation
///
/// Dropping the future abandons the request as long as it is not answered. After that the polled task would be lost to
/// its time-out: so storage work is stopped, because a worker that shuts down is no failure of storage, and the task
/// goes back to Temporal at once.
pub(crate) async fn poll(exchange: Exchange, call: Call) -> Result<Answer, Status> {
    let (listener, delivery) = oneshot::channel();
    tokio::spawn(run(exchange, call, listener));
    match delivery.await {
        Ok(Delivery { outcome, back }) => {
            back.delivered();
            outcome
        }
        // Only a panic gets here. A poller takes an error for the end of polling, so it hears of a poll without a task.
        Err(_) => {
            tracing::error!("a poll ended in a panic: its task, if there was one, runs into its time-out");
            Ok(Answer::empty())
        }
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
    // Nobody listens any more, and dropping the delivery gives the task back.
    drop(listener.send(delivery));
}

/// None where nobody was left to hear of it, and the task was given back.
async fn restore(
    exchange: &Exchange,
    answer: Answer,
    listener: &mut oneshot::Sender<Delivery>,
) -> Option<Delivery> {
    let response = Response::read(exchange, answer, &Replayed::default());
    let Some((path, subject)) = response.polled() else {
        return Some(Delivery::of(Ok(response.into_answer())));
    };
    let restored = tokio::select! {
        biased;
        restored = response.restore() => restored,
        () = listener.closed() => {
            failure::hand_back(exchange, path, &subject).await;
            return None;
        }
    };
    // What failed is reported even if nobody listens: it is a failure, and the report takes the task back.
    let outcome = response.finish(restored).await;
    let holds_task = outcome.as_ref().is_ok_and(|answer| !answer.message.is_empty());
    let back =
        holds_task.then(|| Return { exchange: exchange.clone(), path, subject, runtime: Handle::current() });
    Some(Delivery { outcome, back: Back(back) })
}

/// A poll's outcome on its way to the caller. A task in it that is dropped on the way goes back to Temporal.
struct Delivery {
    outcome: Result<Answer, Status>,
    back: Back,
}

/// Gives a task back when it is dropped, unless the task was delivered.
struct Back(Option<Return>);

/// How a task goes back.
struct Return {
    exchange: Exchange,
    path: Path,
    subject: Subject,
    runtime: Handle,
}

impl Delivery {
    /// An outcome without a task.
    fn of(outcome: Result<Answer, Status>) -> Self {
        Self { outcome, back: Back(None) }
    }
}

impl Back {
    fn delivered(mut self) {
        self.0 = None;
    }
}

impl Drop for Back {
    fn drop(&mut self) {
        if let Some(Return { exchange, path, subject, runtime }) = self.0.take() {
            runtime.spawn(async move { failure::hand_back(&exchange, path, &subject).await });
        }
    }
}
