//! Logs what the proxy saw: counted at the wire, not believed from the driver.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

/// Describes one request as the proxy saw it. Headers and query strings are left out: they can hold credentials.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Logged {
    /// The method; `TCP` for a connection in TCP mode.
    pub method: String,
    /// The raw path up to `?`.
    pub path: String,
    /// The number of bytes of the body that were forwarded to the store.
    pub body_bytes: u64,
    /// The status that the client received, if it received one.
    pub status: Option<u16>,
    /// The moment at which the head of the request had arrived.
    pub started: Instant,
    /// The moment at which the exchange ended; `None` while it is under way.
    pub ended: Option<Instant>,
}

/// Holds the log of one proxy.
#[derive(Debug, Default)]
pub(super) struct Log {
    entries: Mutex<Entries>,
    count: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Entries {
    logged: Vec<Logged>,
    in_flight: usize,
    peak: usize,
}

/// Stands for one request under way, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Ticket<'a> {
    log: &'a Log,
    place: usize,
}

impl Log {
    pub(super) fn begin(&self, method: &str, path: &str) -> Ticket<'_> {
        let path = path.split('?').next().unwrap_or_default();
        let mut entries = self.lock();
        entries.logged.push(Logged {
            method: method.to_owned(),
            path: path.to_owned(),
            body_bytes: 0,
            status: None,
            started: Instant::now(),
            ended: None,
        });
        entries.in_flight += 1;
        entries.peak = entries.peak.max(entries.in_flight);
        let count = entries.logged.len();
        drop(entries);
        self.count.send_replace(count);
        Ticket { log: self, place: count - 1 }
    }

    pub(super) fn entries(&self) -> Vec<Logged> {
        self.lock().logged.clone()
    }

    pub(super) fn peak(&self) -> usize {
        self.lock().peak
    }

    /// Waits until this many requests have arrived since the proxy was started.
    pub(super) async fn reached(&self, requests: usize) {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self.count.subscribe().wait_for(|count| *count >= requests).await;
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    pub(super) fn uploaded(&self, bytes: u64) {
        self.edit(|logged| logged.body_bytes = bytes);
    }

    pub(super) fn answered(&self, status: u16) {
        self.edit(|logged| logged.status = Some(status));
    }

    fn edit(&self, change: impl FnOnce(&mut Logged)) {
        if let Some(logged) = self.log.lock().logged.get_mut(self.place) {
            change(logged);
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.edit(|logged| logged.ended = Some(Instant::now()));
        self.log.lock().in_flight -= 1;
    }
}
