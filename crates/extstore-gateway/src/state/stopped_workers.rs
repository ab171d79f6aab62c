//! Remembers the workers that have told the server that they stop.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use quick_cache::sync::Cache;
use tokio::sync::watch;

use crate::scope::Scope;

/// Bounds the number of workers that are remembered. A forgotten one has no poll any more.
const WORKERS: usize = 4096;

/// Stands for a worker's instance key within its server and namespace. The number tells none of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WorkerId(u64);

/// Holds the workers that have told the server that they stop.
pub(crate) struct StoppedWorkers {
    /// Nobody can choose a key whose number is that of another worker.
    hasher: RandomState,
    stopped: Cache<WorkerId, ()>,
    /// Changes whenever a worker stops.
    stops: watch::Sender<()>,
}

impl StoppedWorkers {
    /// Returns the number of a worker; none where the request names no instance.
    pub(crate) fn id(&self, scope: &Scope, key: &[u8]) -> Option<WorkerId> {
        let key = scope.key(key).filter(|_| !key.is_empty())?;
        Some(WorkerId(self.hasher.hash_one(key)))
    }

    /// Ends the storage work for the tasks of a worker.
    pub(crate) fn stop(&self, worker: WorkerId) {
        self.stopped.insert(worker, ());
        self.stops.send_replace(());
    }

    /// Waits until a worker stops.
    pub(crate) async fn stop_of(&self, worker: WorkerId) {
        let mut stops = self.stops.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        drop(stops.wait_for(|()| self.stopped.get(&worker).is_some()).await);
    }
}

impl Default for StoppedWorkers {
    fn default() -> Self {
        Self { hasher: RandomState::new(), stopped: Cache::new(WORKERS), stops: watch::Sender::default() }
    }
}

impl fmt::Debug for StoppedWorkers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoppedWorkers({} workers)", self.stopped.len())
    }
}

#[cfg(test)]
impl WorkerId {
    pub(crate) fn of_test(number: u64) -> Self {
        Self(number)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_worker_is_known_by_server_namespace_and_key() {
        let workers = StoppedWorkers::default();
        let id = |server, namespace, key: &str| workers.id(&Scope::new(server, namespace), key.as_bytes());
        let worker = id("server", "ns", "key");
        assert_eq!(worker, id("server", "ns", "key"));
        for other in [id("other", "ns", "key"), id("server", "other", "key"), id("server", "ns", "other")] {
            assert_ne!(worker, other);
        }
        assert_eq!(id("server", "ns", ""), None);
    }

    #[test]
    fn a_stopped_worker_stays_stopped_and_stops_no_other() {
        let workers = StoppedWorkers::default();
        let (worker, other) = (WorkerId::of_test(1), WorkerId::of_test(2));
        assert!(workers.stop_of(worker).now_or_never().is_none());
        workers.stop(worker);
        assert!(workers.stop_of(worker).now_or_never().is_some());
        assert!(workers.stop_of(other).now_or_never().is_none());
    }
}
