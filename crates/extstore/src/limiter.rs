//! Bounds the requests, and the payload bytes, that are in flight: a request that would exceed a budget waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes are counted in units of this size, so that a semaphore's 32-bit count suffices.
const UNIT: u64 = 1024;

/// Limits what may be in flight at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budgets {
    /// Requests of one message; 8 by default.
    pub per_message: usize,
    /// Requests of all messages that share a configuration; 64 by default.
    pub shared: usize,
    /// Bounds the bytes of payloads in requests of all messages that share a configuration; 64 MiB by default.
    pub bytes: u64,
}

impl Budgets {
    /// Sets the requests of one message.
    #[must_use]
    pub fn with_message_budget(mut self, requests: usize) -> Self {
        self.per_message = requests;
        self
    }

    /// Sets the requests of all messages together.
    #[must_use]
    pub fn with_shared_budget(mut self, requests: usize) -> Self {
        self.shared = requests;
        self
    }

    /// Sets the payload bytes in requests of all messages together.
    #[must_use]
    pub fn with_bytes_in_flight(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }
}

impl Default for Budgets {
    fn default() -> Self {
        Self { per_message: 8, shared: 64, bytes: 64 << 20 }
    }
}

/// Holds the budgets that all messages of one configuration share.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    budgets: Budgets,
    requests: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
}

/// Hands out the permits for one message's requests.
///
/// A permit draws on the bytes in flight, on the message's budget and on the shared budget. Take one permit around
/// each request, one at a time, and hold none while sleeping before a retry: a driver that takes a second permit
/// while it holds one can wait for itself for ever.  (ES-023)
///
/// # Concurrency
///
/// Clones draw on the same budgets. A request that waits for bytes holds no request permit, so that requests without
/// bytes pass it. Each budget serves its waiters in order. Waiting is cancelled by dropping the future.
#[derive(Clone, Debug)]
pub struct Limiter {
    pool: Pool,
    /// Bounds the requests of the message that hold bytes or wait for them.
    movers: Arc<Semaphore>,
    message: Arc<Semaphore>,
    used: Arc<AtomicBool>,
}

/// Allows one request; dropping it gives the budgets back.
#[derive(Debug)]
#[must_use = "a permit counts only while it is held"]
pub struct Permit {
    pool: Pool,
    bytes: Mutex<Option<OwnedSemaphorePermit>>,
    _mover: Option<OwnedSemaphorePermit>,
    _message: OwnedSemaphorePermit,
    _shared: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(budgets: Budgets) -> Self {
        Self {
            budgets,
            requests: Arc::new(semaphore(budgets.shared)),
            bytes: Arc::new(Semaphore::new(units(budgets.bytes) as usize)),
        }
    }

    /// Makes a limiter for one message.
    pub(crate) fn limiter(&self) -> Limiter {
        Limiter {
            movers: Arc::new(semaphore(self.budgets.per_message)),
            message: Arc::new(semaphore(self.budgets.per_message)),
            pool: self.clone(),
            used: Arc::default(),
        }
    }

    /// Returns the units that `bytes` take: clamped to the whole budget, so that one payload above it cannot wait for ever.
    fn share(&self, bytes: u64) -> u32 {
        if bytes == 0 { 0 } else { units(bytes).min(units(self.budgets.bytes)) }
    }
}

/// Makes a semaphore. A budget above what it can count is no limit.
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
    /// Makes a limiter with budgets of its own, shared with nobody.
    #[must_use]
    pub fn new(budgets: Budgets) -> Self {
        Pool::new(budgets).limiter()
    }

    /// Waits until one more request that moves `bytes` payload bytes may start.
    // Nobody waits for ever: everybody waits in the order mover, bytes, message, shared, nobody waits for an earlier
    // one while it holds a later one, and a permit never waits (`Permit::cover`). Bytes come before requests, so that
    // requests without bytes pass those who wait for bytes. Movers come before bytes, so that a message whose
    // requests are slow holds no more bytes than those of the requests that it may make.
    pub async fn acquire(&self, bytes: u64) -> Permit {
        self.used.store(true, Ordering::Relaxed);
        let units = self.pool.share(bytes);
        let (mut mover, mut share) = (None, None);
        if units > 0 {
            mover = Some(acquire(&self.movers, 1).await);
            share = Some(acquire(&self.pool.bytes, units).await);
        }
        let message = acquire(&self.message, 1).await;
        let shared = acquire(&self.pool.requests, 1).await;
        let pool = self.pool.clone();
        Permit { pool, bytes: Mutex::new(share), _mover: mover, _message: message, _shared: shared }
    }

    /// Says that the driver knew the answer and made no request, so that its host does not take it
    /// for a driver that ignores the limiter.
    pub fn no_request(&self) {
        self.used.store(true, Ordering::Relaxed);
    }

    /// Returns the number of a batch's items that are under way at once: some wait for permits while others hash.
    pub(crate) fn width(&self) -> usize {
        self.pool.budgets.per_message.saturating_mul(2).min(256)
    }

    /// Makes a limiter with the same budgets that tells whether one call of one driver used it.
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
    /// Makes the permit cover at least `bytes` payload bytes, where they are free: a response tells its length only
    /// when it begins, or not before it ends.
    ///
    /// It never waits. A permit that waited for bytes would keep a response open that nobody reads, and two of them
    /// could wait for each other's bytes. Where it says `false`, nothing has changed: give up the response, drop the
    /// permit, and begin again with [`Limiter::acquire`] for that many bytes.
    ///
    /// ```
    /// # async fn example() {
    /// # let limiter = extstore::Limiter::default();
    /// # let (hint, announced) = (1 << 10, 50 << 20);
    /// let mut permit = limiter.acquire(hint).await;
    /// // … the response says that it has `announced` bytes
    /// if !permit.cover(announced) {
    ///     drop(permit); // and the response
    ///     permit = limiter.acquire(announced).await;
    ///     // … ask again
    /// }
    /// # }
    /// ```
    #[must_use = "what is not covered must not be read"]
    pub fn cover(&self, bytes: u64) -> bool {
        let mut held = self.held();
        let missing = self.pool.share(bytes).saturating_sub(count(held.as_ref()));
        if missing == 0 {
            return true;
        }
        let Ok(more) = Arc::clone(&self.pool.bytes).try_acquire_many_owned(missing) else { return false };
        match held.as_mut() {
            Some(held) => held.merge(more),
            None => *held = Some(more),
        }
        true
    }

    /// Gives back what the permit covers beyond `bytes`, once a response has said how long it is.
    pub fn shrink(&self, bytes: u64) {
        let mut held = self.held();
        let excess = count(held.as_ref()).saturating_sub(self.pool.share(bytes));
        drop(held.as_mut().and_then(|held| held.split(excess as usize)));
    }

    fn held(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the units that a share holds; no share holds more than the budget's, which are 32 bits.
fn count(share: Option<&OwnedSemaphorePermit>) -> u32 {
    share.map_or(0, |share| u32::try_from(share.num_permits()).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the clock is paused")]
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
        large.shrink(1024);
        assert!(limiter.acquire(1).now_or_never().is_some());
    }

    #[tokio::test]
    async fn requests_without_bytes_pass_those_that_wait_for_bytes() {
        let pool = limiter(2, 2, 4096);
        let message = pool.limiter();
        let _all_bytes = message.acquire(4096).await;
        let mut waiting = Box::pin(message.acquire(1));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(pool.limiter().acquire(0).now_or_never().is_some(), "another message's");
        assert!(message.acquire(0).now_or_never().is_some(), "the same message's");
    }

    #[tokio::test]
    async fn a_message_whose_requests_are_slow_leaves_the_bytes_to_others() {
        let pool = limiter(1, 64, 4096);
        let slow = pool.limiter();
        let _upload = slow.acquire(1024).await;
        let mut queue: Vec<_> = (0..8).map(|_| Box::pin(slow.acquire(1024))).collect();
        assert!(queue.iter_mut().all(|waiting| waiting.as_mut().now_or_never().is_none()));
        assert!(pool.limiter().acquire(3072).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_permit_grows_and_shrinks_where_bytes_are_free_and_never_waits() {
        let limiter = limiter(8, 64, 4096).limiter();
        let permit = limiter.acquire(1024).await;
        assert!(permit.cover(1024) && permit.cover(3072) && permit.cover(10));
        assert!(limiter.acquire(1025).now_or_never().is_none());
        permit.shrink(2048);
        let other = limiter.acquire(2048).now_or_never().expect("half of the budget was given back");
        assert!(!permit.cover(2049) && permit.cover(2048), "what it holds stays");
        drop(other);
        assert!(permit.cover(u64::MAX), "clamped to the budget");
        let none = limiter.acquire(0).await;
        assert!(none.cover(0) && !none.cover(1));
        permit.shrink(0);
        assert!(none.cover(4096));
    }

    /// Runs many requests of many messages, most of which learn late how many bytes they need.
    #[tokio::test(start_paused = true)]
    async fn no_order_of_requests_waits_for_ever() {
        let pool = limiter(2, 3, 8 * UNIT);
        let request = |limiter: Limiter, hint: u64, needed: u64| async move {
            let mut wanted = hint * UNIT;
            loop {
                let permit = limiter.acquire(wanted).await;
                tokio::time::sleep(std::time::Duration::from_millis(needed)).await;
                if permit.cover(needed * UNIT) {
                    tokio::time::sleep(std::time::Duration::from_millis(needed)).await;
                    return;
                }
                wanted = needed * UNIT;
            }
        };
        for seed in 0..200 {
            let mut random = fastrand::Rng::with_seed(seed);
            let messages: Vec<Limiter> = (0..4).map(|_| pool.limiter()).collect();
            let requests = (0..40).map(|at| {
                let (hint, needed) = (random.u64(0..4), random.u64(0..12));
                request(messages[at % messages.len()].clone(), hint, needed)
            });
            let all = futures_util::future::join_all(requests);
            let all = tokio::time::timeout(std::time::Duration::from_secs(60), all).await;
            assert!(all.is_ok(), "seed {seed}");
        }
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
