//! How many requests, and how many bytes, are in flight.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes are counted in units of this size, so that a semaphore's 32-bit count suffices.
const UNIT: u64 = 1024;

/// How much may be in flight at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budgets {
    /// Requests of one message; 8 by default.
    pub per_message: usize,
    /// Requests of all messages that share a configuration; 64 by default.
    pub shared: usize,
    /// Bytes of payloads in requests of all messages that share a configuration; 64 MiB by default.
    pub bytes: u64,
}

impl Default for Budgets {
    fn default() -> Self {
        Self { per_message: 8, shared: 64, bytes: 64 << 20 }
    }
}

/// What all messages of one configuration share.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    budgets: Budgets,
    requests: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
}

/// The permits for one message's requests.
///
/// A permit draws on the message's budget first, on the shared budget inside it, then on the bytes in
/// flight. Take one permit around each request, one at a time, and hold none while sleeping before a
/// retry: a driver that takes a second permit while it holds one can wait for itself for ever.  (ES-023)
///
/// Clones draw on the same budgets. Waiting is cancelled by dropping the future.
#[derive(Clone, Debug)]
pub struct Limiter {
    pool: Pool,
    message: Arc<Semaphore>,
    used: Arc<AtomicBool>,
}

/// The right to make one request; dropping it gives the budgets back.
#[derive(Debug)]
#[must_use = "a permit counts only while it is held"]
pub struct Permit {
    pool: Pool,
    bytes: Mutex<Option<OwnedSemaphorePermit>>,
    _shared: OwnedSemaphorePermit,
    _message: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(budgets: Budgets) -> Self {
        Self {
            budgets,
            requests: Arc::new(semaphore(budgets.shared)),
            bytes: Arc::new(Semaphore::new(units(budgets.bytes) as usize)),
        }
    }

    /// A limiter for one message.
    pub(crate) fn limiter(&self) -> Limiter {
        Limiter {
            message: Arc::new(semaphore(self.budgets.per_message)),
            pool: self.clone(),
            used: Arc::default(),
        }
    }

    /// Clamped to the whole budget, so that one payload above it cannot wait for ever.
    async fn bytes(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let wanted = units(bytes).min(units(self.budgets.bytes));
        if bytes == 0 { None } else { Some(acquire(&self.bytes, wanted).await) }
    }
}

/// A budget above what a semaphore can count is as good as none.
fn semaphore(permits: usize) -> Semaphore {
    Semaphore::new(permits.min(Semaphore::MAX_PERMITS))
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX >> 4).max(1)
}

async fn acquire(semaphore: &Arc<Semaphore>, permits: u32) -> OwnedSemaphorePermit {
    // No code of this crate closes a semaphore.
    Arc::clone(semaphore).acquire_many_owned(permits).await.expect("budgets are never closed")
}

impl Limiter {
    /// A limiter with budgets of its own, shared with nobody.
    #[must_use]
    pub fn new(budgets: Budgets) -> Self {
        Pool::new(budgets).limiter()
    }

    /// Waits until one more request that moves `bytes` payload bytes may start.
    pub async fn acquire(&self, bytes: u64) -> Permit {
        self.used.store(true, Ordering::Relaxed);
        let message = acquire(&self.message, 1).await;
        let shared = acquire(&self.pool.requests, 1).await;
        let bytes = self.pool.bytes(bytes).await;
        Permit { pool: self.pool.clone(), bytes: Mutex::new(bytes), _shared: shared, _message: message }
    }

    /// Says that the driver knew the answer and made no request, so that its host does not take it
    /// for a driver that ignores the limiter.
    pub fn no_request(&self) {
        self.used.store(true, Ordering::Relaxed);
    }

    /// How many items of a batch are worth having under way: some wait for permits while others hash.
    pub(crate) fn width(&self) -> usize {
        self.pool.budgets.per_message.saturating_mul(2).min(256)
    }

    /// The same budgets with a participation flag of its own, for one call of one driver.
    pub(crate) fn for_call(&self) -> Self {
        Self { used: Arc::default(), ..self.clone() }
    }

    pub(crate) fn was_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new(Budgets::default())
    }
}

impl Permit {
    /// Waits until the permit covers `bytes` in flight: a response told its length only when it began.
    ///
    /// It cannot deadlock: whoever holds bytes needs nothing else to finish, and the old share is given
    /// back before the new one is waited for.
    pub async fn cover(&self, bytes: u64) {
        self.replace(None);
        let share = self.pool.bytes(bytes).await;
        self.replace(share);
    }

    fn replace(&self, share: Option<OwnedSemaphorePermit>) {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = share;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn limiter(per_message: usize, shared: usize, bytes: u64) -> Pool {
        Pool::new(Budgets { per_message, shared, bytes })
    }

    #[tokio::test]
    async fn a_message_cannot_exceed_its_budget() {
        let limiter = limiter(2, 64, 1 << 20).limiter();
        let first = limiter.acquire(0).await;
        let _second = limiter.acquire(0).await;
        assert!(limiter.acquire(0).now_or_never().is_none());
        drop(first);
        assert!(limiter.acquire(0).now_or_never().is_some());
    }

    #[tokio::test]
    async fn all_messages_share_the_outer_budget() {
        let pool = limiter(8, 1, 1 << 20);
        let held = pool.limiter().acquire(0).await;
        assert!(pool.limiter().acquire(0).now_or_never().is_none());
        drop(held);
        assert!(pool.limiter().acquire(0).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_payload_above_the_byte_budget_does_not_wait_for_ever() {
        let limiter = limiter(8, 64, 4096).limiter();
        let large = limiter.acquire(u64::MAX).now_or_never().expect("clamped to the budget");
        assert!(limiter.acquire(1).now_or_never().is_none());
        large.cover(1024).await;
        assert!(limiter.acquire(1).now_or_never().is_some());
    }

    #[tokio::test]
    async fn the_largest_budgets_are_no_limit() {
        let limiter = limiter(usize::MAX, usize::MAX, u64::MAX).limiter();
        assert!(limiter.acquire(u64::MAX).now_or_never().is_some());
        let all: Vec<_> = (0..20).filter_map(|_| limiter.acquire(1 << 20).now_or_never()).collect();
        assert_eq!(all.len(), 20);
    }

    #[tokio::test]
    async fn a_call_that_took_no_permit_is_seen() {
        let limiter = limiter(1, 1, 1).limiter();
        let call = limiter.for_call();
        assert!(!call.was_used());
        call.no_request();
        assert!(call.was_used());
        assert!(!limiter.was_used());
    }
}
