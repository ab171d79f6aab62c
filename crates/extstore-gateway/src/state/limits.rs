//! Remembers the limits of namespaces for some minutes.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use quick_cache::sync::Cache;
use tokio::time::Instant;

use crate::scope::Scope;

/// Bounds the number of namespaces that are remembered; the least used are forgotten.
const NAMESPACES: usize = 1024;
/// Sets the time after which the gateway asks the server again: an operator may change a limit.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// Sets the same time where the server did not answer.
const FRESH_AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Holds the real limits of namespaces, by scope.
#[derive(Debug)]
pub(crate) struct Limits(Cache<Bytes, Arc<Entry>>);

/// Holds what is known of one namespace.
#[derive(Debug, Default)]
struct Entry {
    known: Mutex<Option<Known>>,
    /// Held by the caller that asks the server: the others wait for its answer.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    limits: NamespaceLimits,
    fresh_until: Instant,
}

/// Names a limit of a namespace or of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Bounds the payloads of one field together.
    Blob,
    /// Bounds a memo.
    Memo,
    /// Bounds a workflow task's completion.
    Completion,
}

/// Holds a namespace's limits in bytes; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NamespaceLimits {
    pub(crate) blob: u64,
    pub(crate) memo: u64,
    /// The limit of the commands in all pages of a completion together.
    pub(crate) completion: u64,
    /// Says whether a completion may come in pages.
    pub(crate) takes_pages: bool,
}

impl NamespaceLimits {
    /// Holds the limits that a server has unless it is configured otherwise. The gateway assumes them where the server
    /// does not say: a field above its limit ends the run.
    pub(crate) const DEFAULT: Self = Self { blob: 2 << 20, memo: 2 << 20, completion: 0, takes_pages: false };

    /// Returns the smaller of the limits of fields that are set.
    pub(crate) fn smallest(self) -> Option<u64> {
        [self.blob, self.memo].into_iter().filter(|size| *size > 0).min()
    }
}

impl Limits {
    /// Remembers the limits of a namespace.
    pub(crate) fn keep(&self, scope: &Scope, limits: NamespaceLimits) {
        if let Some(entry) = self.entry(scope) {
            entry.set(limits, FRESH);
        }
    }

    /// Returns the limits that were last known, however old; none where the server was never asked.
    pub(crate) fn last_known(&self, scope: &Scope) -> Option<NamespaceLimits> {
        self.0.get(&scope.key(b"")?).and_then(|entry| Some((*entry.known())?.limits))
    }

    /// Returns the limits of a namespace that are known and not too old.
    pub(crate) fn fresh(&self, scope: &Scope) -> Option<NamespaceLimits> {
        self.0.get(&scope.key(b"")?).and_then(|entry| entry.fresh())
    }

    /// Returns the limits of a namespace. Where they are not known or too old, one caller asks the server, and the
    /// others wait. Without an answer the last ones count, else the defaults.
    pub(crate) async fn find(
        &self,
        scope: &Scope,
        ask: impl AsyncFnOnce() -> Option<NamespaceLimits>,
    ) -> NamespaceLimits {
        // The server has no such namespace, and refuses the request.
        let Some(entry) = self.entry(scope) else { return NamespaceLimits::DEFAULT };
        if let Some(limits) = entry.fresh() {
            return limits;
        }
        let _asking = entry.asking.lock().await;
        if let Some(limits) = entry.fresh() {
            return limits;
        }
        let (limits, fresh) = match ask().await {
            Some(limits) => (limits, FRESH),
            None => {
                let last = (*entry.known()).map(|known| known.limits);
                (last.unwrap_or(NamespaceLimits::DEFAULT), FRESH_AFTER_FAILURE)
            }
        };
        entry.set(limits, fresh);
        limits
    }

    fn entry(&self, scope: &Scope) -> Option<Arc<Entry>> {
        let Ok(entry) = self.0.get_or_insert_with(&scope.key(b"")?, || Ok::<_, Infallible>(Arc::default()));
        Some(entry)
    }
}

impl Entry {
    fn fresh(&self) -> Option<NamespaceLimits> {
        self.known().filter(|known| Instant::now() < known.fresh_until).map(|known| known.limits)
    }

    fn set(&self, limits: NamespaceLimits, fresh: Duration) {
        *self.known() = Some(Known { limits, fresh_until: Instant::now() + fresh });
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self(Cache::new(NAMESPACES))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn callers_that_need_the_same_limits_ask_once() {
        let (limits, scope) = (Limits::default(), Scope::new("server", "orders"));
        let (answer, asked) = (Notify::new(), AtomicUsize::new(0));
        let real = NamespaceLimits { blob: 7, ..NamespaceLimits::DEFAULT };
        let find = || {
            limits.find(&scope, async || {
                asked.fetch_add(1, Ordering::SeqCst);
                answer.notified().await;
                Some(real)
            })
        };
        let callers = join_all((0..5).map(|_| find()));
        let (found, ()) = tokio::join!(callers, async { answer.notify_one() });
        assert_eq!(found, [real; 5]);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn limits_are_asked_again_after_some_minutes_and_the_last_ones_outlive_an_outage() {
        let (limits, scope) = (Limits::default(), Scope::new("server", "orders"));
        let of = |blob| NamespaceLimits { blob, ..NamespaceLimits::DEFAULT };
        let find = async |answer| limits.find(&scope, async || answer).await.blob;
        assert_eq!(limits.last_known(&scope), None);
        assert_eq!(find(None).await, 2 << 20, "the server's default");
        assert_eq!(find(Some(of(1))).await, 2 << 20, "asked a moment ago");
        tokio::time::advance(FRESH_AFTER_FAILURE).await;
        assert_eq!(find(Some(of(1))).await, 1);
        tokio::time::advance(FRESH - Duration::from_secs(1)).await;
        assert_eq!(find(Some(of(2))).await, 1, "still fresh");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(find(None).await, 1, "no answer");
        tokio::time::advance(FRESH_AFTER_FAILURE).await;
        assert_eq!(find(Some(of(2))).await, 2);
        assert_eq!(limits.last_known(&Scope::new("server", "billing")), None);
    }

    #[tokio::test]
    async fn a_name_that_no_namespace_has_is_neither_kept_nor_asked_for() {
        let (limits, scope) = (Limits::default(), Scope::new("server", "x".repeat(1 << 20).as_str()));
        let found = limits.find(&scope, async || panic!("the server refuses the name")).await;
        assert_eq!(found, NamespaceLimits::DEFAULT);
        limits.keep(&scope, NamespaceLimits::DEFAULT);
        assert_eq!(limits.0.len(), 0);
    }
}
