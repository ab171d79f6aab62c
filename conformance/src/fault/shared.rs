//! Holds what all connections of a proxy share.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::log::{Log, Ticket};
use super::script::{Fault, Script};

/// The endpoint, the faults that are still to happen, and the log.
#[derive(Debug)]
pub(super) struct Shared {
    upstream: SocketAddr,
    speaks_http: bool,
    script: Mutex<Script>,
    log: Log,
}

impl Shared {
    pub(super) fn new(upstream: SocketAddr, speaks_http: bool) -> Self {
        Self { upstream, speaks_http, script: Mutex::default(), log: Log::default() }
    }

    pub(super) fn upstream(&self) -> SocketAddr {
        self.upstream
    }

    pub(super) fn speaks_http(&self) -> bool {
        self.speaks_http
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs a request and takes its fault from the script.
    pub(super) fn begin(&self, method: &str, path: &str) -> (Fault, Ticket<'_>) {
        (self.script().take(method), self.log.begin(method, path))
    }
}
