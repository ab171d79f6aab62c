//! Answers that bring tasks, those of polls and eager ones: what was answered is delivered, or given back.

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

/// Sends a request whose answer may bring tasks, in a task of its own: a poll that was answered is never dropped.
///
/// # Cancellation
///
/// Dropping the future abandons the request as long as it is not answered. After that its tasks would be lost to their
/// time-outs: so storage work is stopped, because a worker that shuts down is no failure of storage, and the tasks go
/// back to Temporal at once.
pub(crate) async fn poll(exchange: Exchange, call: Call) -> Result<Answer, Status> {
    let is_poll = exchange.is_poll();
    let (listener, delivery) = oneshot::channel();
    tokio::spawn(run(exchange, call, listener).in_current_span());
    match delivery.await {
        Ok(Delivery { outcome, back }) => {
            back.delivered();
            outcome
        }
        // Only a panic gets here. A poller takes an error for the end of polling, so it hears of a poll without a task.
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
    // Nobody listens any more, and dropping the delivery gives the task back.
    drop(listener.send(delivery));
}

/// None where nobody was left to hear of it, and the tasks were given back.
async fn restore(
    exchange: &Exchange,
    answer: Answer,
    listener: &mut oneshot::Sender<Delivery>,
) -> Option<Delivery> {
    let unrestored = answer.clone();
    let mut response = Response::read(exchange, answer, &Replayed::default());
    if exchange.is_poll() && response.tasks().is_empty() {
        return Some(Delivery::of(Ok(unrestored)));
    }
    // From here on the tasks go back whatever happens: a caller that leaves, and a panic of what others wrote, too.
    let back = HandBack::of(exchange, response.tasks());
    let restored = tokio::select! {
        biased;
        restored = response.restore() => restored,
        () = listener.closed() => return None,
    };
    // What failed is reported even if nobody listens: it is a failure, and the report takes the task back.
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

/// An outcome on its way to the caller. Tasks in it that are dropped on the way go back to Temporal.
struct Delivery {
    outcome: Result<Answer, Status>,
    back: HandBack,
}

/// Gives tasks back when it is dropped, unless they were delivered.
struct HandBack(Option<Return>);

/// How tasks go back.
struct Return {
    exchange: Exchange,
    tasks: Vec<Task>,
    runtime: Handle,
}

impl Delivery {
    /// An outcome without a task.
    fn of(outcome: Result<Answer, Status>) -> Self {
        Self { outcome, back: HandBack(None) }
    }
}

impl HandBack {
    fn of(exchange: &Exchange, tasks: &[Task]) -> Self {
        let (exchange, tasks, runtime) = (exchange.clone(), tasks.to_vec(), Handle::current());
        Self(Some(Return { exchange, tasks, runtime }))
    }

    fn delivered(mut self) {
        self.0 = None;
    }
}

impl Drop for HandBack {
    fn drop(&mut self) {
        let Some(Return { exchange, tasks, runtime }) = self.0.take() else { return };
        if !tasks.is_empty() {
            runtime.spawn(async move { hand_back(&exchange, &tasks).await });
        }
    }
}
