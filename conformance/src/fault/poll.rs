//! Drops a future between two of its polls.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

/// Says how a future ended that was polled a limited number of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled<T> {
    /// It was complete before the limit.
    Ready(T),
    /// It was still pending after the last poll that it was granted, and has been dropped.
    Dropped,
}

/// Polls a future at most `polls` times, each time when it asked to be woken, and drops it then.
///
/// The drop happens while the future is suspended, as when its task is cancelled or its `select!` is lost.
pub async fn drop_at_poll<F: Future>(future: F, polls: usize) -> Polled<F::Output> {
    let mut future = pin!(future);
    let mut made = 0;
    std::future::poll_fn(|context| {
        made += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Polled::Ready(output)),
            Poll::Pending if made >= polls => Poll::Ready(Polled::Dropped),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn three_polls() -> u8 {
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        3
    }

    #[tokio::test]
    async fn a_future_gets_as_many_polls_as_it_was_granted() {
        assert_eq!(drop_at_poll(three_polls(), 2).await, Polled::Dropped);
        assert_eq!(drop_at_poll(three_polls(), 3).await, Polled::Ready(3));
    }
}
