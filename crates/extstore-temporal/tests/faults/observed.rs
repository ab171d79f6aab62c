//! Records the failures and requests that an observer of `ExternalStorage` is told of.

use std::sync::{Arc, Mutex, PoisonError};

use extstore::{ErrorKind, Event, Observer};
use tokio::sync::Notify;

use crate::support::eventually::eventually;

/// Observes: keeps failures and counts requests. Clones share their records.
#[derive(Clone, Default)]
pub(crate) struct Observed(Arc<Mutex<Seen>>, Arc<Notify>);

#[derive(Default)]
struct Seen {
    failures: Vec<Failed>,
    requests: usize,
}

/// Holds one `Event::Failed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) path: &'static str,
    pub(crate) kind: ErrorKind,
    pub(crate) reported: bool,
}

impl Observer for Observed {
    fn observe(&self, event: &Event<'_>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *event {
            Event::Failed { path, kind, reported, .. } => {
                seen.failures.push(Failed { path, kind, reported });
                self.1.notify_one();
            }
            Event::Request { .. } => seen.requests += 1,
            _ => {}
        }
    }
}

impl Observed {
    /// Returns the failures of one path, in their order.
    pub(crate) fn failures(&self, path: &str) -> Vec<Failed> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.failures.iter().filter(|failed| failed.path == path).cloned().collect()
    }

    /// Counts the requests of all drivers.
    pub(crate) fn requests(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).requests
    }

    /// Waits until a path has failed so often.
    pub(crate) async fn until(&self, path: &str, times: usize) {
        let what = format!("{times} failures of {path}");
        eventually(&what, async || (self.failures(path).len() >= times).then_some(())).await;
    }

    /// Waits until something has failed since the last call.
    pub(crate) async fn failed(&self) {
        self.1.notified().await;
    }

    /// Panics unless the failures of workflow tasks are one that was reported and, after it, silent ones: one failing
    /// task. Returns how many were silent.
    pub(crate) fn one_reported_workflow_task(&self) -> usize {
        let failures = self.failures("workflow_task");
        let reported: Vec<bool> = failures.iter().map(|failed| failed.reported).collect();
        assert!(reported.first() == Some(&true), "the first attempt is reported: {failures:?}");
        assert!(reported[1..].iter().all(|reported| !reported), "later attempts are silent: {failures:?}");
        reported.len() - 1
    }
}
