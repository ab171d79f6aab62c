//! Counts the polled tasks that are neither delivered nor back at Temporal, so that a host can wait for the last of
//! them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use super::WorkerId;

/// Counts the tasks that the gateway holds. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldTasks(Arc<watch::Sender<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    by_worker: BTreeMap<WorkerId, usize>,
    abandoned: usize,
}

/// Counts the tasks of one answer for as long as it lives.
#[derive(Debug)]
pub(crate) struct Held {
    counts: Arc<watch::Sender<Counts>>,
    worker: Option<WorkerId>,
    abandoned: AtomicBool,
}

impl HeldTasks {
    /// Starts to hold tasks, of a worker if it is named.
    pub(crate) fn hold(&self, worker: Option<WorkerId>) -> Held {
        if let Some(worker) = worker {
            self.0.send_modify(|counts| *counts.by_worker.entry(worker).or_default() += 1);
        }
        Held { counts: Arc::clone(&self.0), worker, abandoned: AtomicBool::new(false) }
    }

    /// Waits until no task is held for a worker.
    pub(crate) async fn none_of(&self, worker: WorkerId) {
        self.until(|counts| !counts.by_worker.contains_key(&worker)).await;
    }

    /// Waits until no task is held that nobody waits for.
    pub(crate) async fn none_abandoned(&self) {
        self.until(|counts| counts.abandoned == 0).await;
    }

    async fn until(&self, holds: impl FnMut(&Counts) -> bool) {
        // The sender lives as long as `self`, so waiting cannot fail.
        drop(self.0.subscribe().wait_for(holds).await);
    }
}

impl Held {
    /// Says that the caller has left, who would have got the tasks.
    pub(crate) fn abandon(&self) {
        if !self.abandoned.swap(true, Ordering::Relaxed) {
            self.counts.send_modify(|counts| counts.abandoned += 1);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (worker, abandoned) = (self.worker, *self.abandoned.get_mut());
        self.counts.send_modify(|counts| {
            counts.abandoned -= usize::from(abandoned);
            if let Some(worker) = worker {
                counts.release(worker);
            }
        });
    }
}

impl Counts {
    fn release(&mut self, worker: WorkerId) {
        if let Some(count) = self.by_worker.get_mut(&worker) {
            *count -= 1;
            if *count == 0 {
                self.by_worker.remove(&worker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn tasks_are_held_for_their_worker_until_the_last_is_dropped() {
        let (tasks, worker) = (HeldTasks::default(), WorkerId::of_test(1));
        let held = [tasks.hold(Some(worker)), tasks.hold(Some(worker))];
        assert!(tasks.none_of(worker).now_or_never().is_none());
        assert!(tasks.none_of(WorkerId::of_test(2)).now_or_never().is_some());
        let [first, last] = held;
        drop(first);
        assert!(tasks.none_of(worker).now_or_never().is_none());
        drop(last);
        assert!(tasks.none_of(worker).now_or_never().is_some());
        assert!(tasks.0.borrow().by_worker.is_empty());
    }

    #[test]
    fn only_abandoned_tasks_are_waited_for() {
        let tasks = HeldTasks::default();
        let held = tasks.hold(None);
        assert!(tasks.none_abandoned().now_or_never().is_some());
        held.abandon();
        held.abandon();
        assert!(tasks.none_abandoned().now_or_never().is_none());
        drop(held);
        assert!(tasks.none_abandoned().now_or_never().is_some());
    }
}
