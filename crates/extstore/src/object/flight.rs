//! Lets callers that want the same thing at the same time share one piece of work.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::{ErrorKind, Result, Retry};

/// Holds the work in flight, by key.
///
/// Every caller queues for a permit of its own. The first that holds one begins to work; the others leave their
/// queues and wait for its outcome, with no permit in hand. Nobody waits for a caller that queues for a permit:
/// while nobody works, the caller that gets a permit next does, be it that the working one was cancelled or queues
/// for a further permit. Nobody waits longer than its patience: then it works itself. Where the working caller failed
/// for a reason of its own, or the store could not answer it, all others work at once: one after the other, the last
/// would wait for all of them.
#[derive(Debug)]
pub(super) struct Flights<K, T>(Mutex<HashMap<K, Arc<Slot<T>>>>);

/// Holds what the callers of one key know of each other.
#[derive(Debug)]
struct Slot<T> {
    working: Workers,
    outcome: OnceLock<Outcome<T>>,
}

/// Counts the callers that work: none, one, or more where a second began while the first queued for a further permit.
type Workers = Arc<watch::Sender<usize>>;

/// Tells the waiting callers what became of the work.
#[derive(Debug)]
enum Outcome<T> {
    /// True of the object, whoever asks.
    Shared(Result<T>),
    /// The working caller ran out of its own time, attempts or cap: each of the others works for itself.
    Alone,
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, T: Clone> Flights<K, T> {
    /// Works, or waits for the outcome of another caller that works for the same key.
    ///
    /// `permit` queues for the permit that the work begins with. `patience` is how long to wait for others, asked when
    /// the wait begins.
    pub(super) async fn run<P, A, W>(
        &self,
        key: &K,
        patience: impl Fn() -> Duration,
        permit: impl Fn() -> A,
        work: impl FnOnce(Turn<P>) -> W,
    ) -> Result<T>
    where
        A: Future<Output = Result<P>>,
        W: Future<Output = Result<T>>,
    {
        let place = Place::take(self, key);
        let mut waiting = None;
        loop {
            // Polled in this order: a caller that finds another at work does not queue at all.
            let first = match select(pin!(place.slot.taken()), pin!(permit())).await {
                Either::Left(_) => None,
                Either::Right((permit, _)) => Some(permit?),
            };
            if let Some((permit, working)) = first.and_then(|permit| Some((permit, place.slot.begin()?))) {
                let result = work(Turn::new(permit, Some(&working.0))).await;
                place.slot.finish(&result);
                return result;
            }
            let (since, patience) = *waiting.get_or_insert_with(|| (Instant::now(), patience()));
            match timeout(patience.saturating_sub(since.elapsed()), place.slot.ended()).await {
                Ok(None) => {}
                Ok(Some(Outcome::Shared(result))) => return result.clone(),
                Ok(Some(Outcome::Alone)) | Err(_) => break,
            }
        }
        // An outcome that comes before the permit is taken all the same.
        let permit = match select(pin!(place.slot.told()), pin!(permit())).await {
            Either::Left((Some(Outcome::Shared(result)), _)) => return result.clone(),
            Either::Left((_, queued)) => queued.await?,
            Either::Right((permit, _)) => permit?,
        };
        work(Turn::new(permit, None)).await
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Arc<Slot<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { working: Arc::new(watch::Sender::new(0)), outcome: OnceLock::new() }
    }
}

impl<T: Clone> Slot<T> {
    /// Counts the caller as working, unless another one works or has finished.
    fn begin(&self) -> Option<Working> {
        let begun = self.working.send_if_modified(|working| {
            let free = *working == 0 && self.outcome.get().is_none();
            *working += usize::from(free);
            free
        });
        begun.then(|| Working(Arc::clone(&self.working)))
    }

    /// Leaves the outcome to those who wait. They see it when the caller stops working.
    fn finish(&self, result: &Result<T>) {
        let outcome = if is_shared(result) { Outcome::Shared(result.clone()) } else { Outcome::Alone };
        // Of two that worked, the first has told the others already.
        let _ = self.outcome.set(outcome);
    }

    /// Waits until somebody works or has finished.
    async fn taken(&self) {
        self.wait_for(|working| working > 0).await;
    }

    /// Waits until somebody has finished, or nobody works any more.
    async fn ended(&self) -> Option<&Outcome<T>> {
        self.wait_for(|working| working == 0).await;
        self.outcome.get()
    }

    /// Waits until somebody has finished.
    async fn told(&self) -> Option<&Outcome<T>> {
        self.wait_for(|_| false).await;
        self.outcome.get()
    }

    async fn wait_for(&self, reached: impl Fn(usize) -> bool) {
        let mut working = self.working.subscribe();
        // It fails only where the sender is gone, and the slot holds it.
        let _ = working.wait_for(|working| reached(*working) || self.outcome.get().is_some()).await;
    }
}

/// Says whether a result is true of the object, and not of the caller's deadline, attempts or restore cap.
fn is_shared<T>(result: &Result<T>) -> bool {
    let Err(error) = result else { return true };
    error.retry() == Retry::Never && !matches!(error.kind(), ErrorKind::Timeout | ErrorKind::TooLarge)
}

/// Counts one caller as working until it is dropped.
struct Working(Workers);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.send_modify(|working| *working -= 1);
    }
}

/// Counts one working caller as not working until it is dropped.
pub(super) struct Queueing<'a>(&'a Workers);

impl Drop for Queueing<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|working| *working += 1);
    }
}

/// Hands the first permit to the work, and lets the work say that it queues for another one.
#[derive(Debug)]
pub(super) struct Turn<P> {
    permit: Mutex<Option<P>>,
    /// Empty where nobody waits for this caller.
    working: Option<Workers>,
}

impl<P> Turn<P> {
    fn new(permit: P, working: Option<&Workers>) -> Self {
        Self { permit: Mutex::new(Some(permit)), working: working.cloned() }
    }

    /// Takes the permit that the work begins with; there is one once.
    pub(super) fn take_permit(&self) -> Option<P> {
        self.permit.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Says, until the guard is dropped, that the caller queues for a permit.
    pub(super) fn queueing(&self) -> Option<Queueing<'_>> {
        let working = self.working.as_ref()?;
        working.send_modify(|working| *working -= 1);
        Some(Queueing(working))
    }
}

/// Holds a caller's place at a slot, and clears the slot when its work is done or its last caller leaves.
struct Place<'a, K: Hash + Eq + Clone, T: Clone> {
    flights: &'a Flights<K, T>,
    key: &'a K,
    slot: Arc<Slot<T>>,
}

impl<'a, K: Hash + Eq + Clone, T: Clone> Place<'a, K, T> {
    fn take(flights: &'a Flights<K, T>, key: &'a K) -> Self {
        let slot = Arc::clone(flights.lock().entry(key.clone()).or_default());
        Self { flights, key, slot }
    }
}

impl<K: Hash + Eq + Clone, T: Clone> Drop for Place<'_, K, T> {
    fn drop(&mut self) {
        let mut slots = self.flights.lock();
        let ours = slots.get(self.key).is_some_and(|slot| Arc::ptr_eq(slot, &self.slot));
        // A finished slot must not answer later callers.
        let finished = self.slot.outcome.get().is_some();
        // Given back under the map's lock: of callers that leave together, the last one sees that it is the last.
        self.slot = Arc::default();
        let unused = || slots.get(self.key).is_some_and(|slot| Arc::strong_count(slot) == 1);
        if ours && (finished || unused()) {
            slots.remove(self.key);
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the clock is paused")]
mod tests {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::future::{join, join_all, pending, ready};
    use tokio::sync::{OwnedSemaphorePermit, Semaphore};
    use tokio::time::sleep;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    /// A caller with free permits.
    async fn run<T: Clone>(
        flights: &Flights<&'static str, T>,
        patience: Duration,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        flights.run(&"k", || patience, || ready(Ok(())), |_| work).await
    }

    async fn slow<T>(result: Result<T>) -> Result<T> {
        tokio::task::yield_now().await;
        result
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn callers_at_the_same_time_share_one_outcome() {
        let (flights, runs) = (Flights::default(), AtomicUsize::new(0));
        let work = || async { slow(Ok(())).await.map(|()| runs.fetch_add(1, Ordering::SeqCst)) };
        let outcomes = join_all((0..5).map(|_| run(&flights, PATIENCE, work()))).await;
        assert!(outcomes.into_iter().all(|outcome| outcome.unwrap() == 0));
        assert_eq!(run(&flights, PATIENCE, work()).await.unwrap(), 1);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn a_cancelled_first_caller_is_succeeded() {
        let flights: Flights<&str, u8> = Flights::default();
        let mut first = Box::pin(run(&flights, PATIENCE, pending()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(run(&flights, PATIENCE, async { Ok(2) }));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert_eq!(second.await.unwrap(), 2);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn what_concerns_one_caller_is_not_shared() {
        for kind in [ErrorKind::Timeout, ErrorKind::TooLarge, ErrorKind::Unavailable] {
            let flights: Flights<&str, u8> = Flights::default();
            let failing = run(&flights, PATIENCE, slow(Err(kind.error("mine"))));
            let (first, second) = tokio::join!(failing, run(&flights, PATIENCE, async { Ok(2) }));
            assert_eq!(first.unwrap_err().kind(), kind);
            assert_eq!(second.unwrap(), 2);
            assert!(flights.lock().is_empty());
        }
    }

    #[tokio::test]
    async fn what_is_true_of_the_object_is_shared() {
        let flights: Flights<&str, u8> = Flights::default();
        let failing = run(&flights, PATIENCE, slow(Err(ErrorKind::NotFound.error("gone"))));
        let (_, second) = tokio::join!(failing, run(&flights, PATIENCE, async { Ok(2) }));
        assert_eq!(second.unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_waits_no_longer_than_its_patience_for_all_others_together() {
        let flights: Flights<&str, u8> = Flights::default();
        let works_for = |time| {
            run(&flights, PATIENCE, async move {
                sleep(time).await;
                pending().await
            })
        };
        let cancelled = timeout(seconds(3), works_for(seconds(3)));
        let successor = works_for(PATIENCE);
        let started = Instant::now();
        let impatient = async {
            let outcome = run(&flights, seconds(4), async { Ok(2) }).await;
            assert_eq!((outcome.unwrap(), started.elapsed()), (2, seconds(4)));
        };
        let others = join(cancelled, successor);
        assert!(matches!(select(pin!(others), pin!(impatient)).await, Either::Right(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_outcome_reaches_a_caller_that_queues_after_it_lost_patience() {
        let flights: Flights<&str, u8> = Flights::default();
        let works = run(&flights, PATIENCE, async {
            sleep(seconds(5)).await;
            Ok(1)
        });
        // It finds the other one at work, and gets no permit of its own afterwards.
        let impatient = flights.run(&"k", || seconds(4), pending::<Result<()>>, |_| async { Ok(2) });
        let (first, second) =
            timeout(seconds(6), join(works, impatient)).await.expect("nobody waits for ever");
        assert_eq!((first.unwrap(), second.unwrap()), (1, 1));
        assert!(flights.lock().is_empty());
    }

    /// Makes a caller whose permits come from a budget.
    async fn queue<W: Future<Output = Result<u8>>>(
        flights: &Flights<&'static str, u8>,
        budget: &Arc<Semaphore>,
        work: impl FnOnce(Turn<OwnedSemaphorePermit>) -> W,
    ) -> Result<u8> {
        let permit = || async { Ok(Arc::clone(budget).acquire_owned().await.unwrap()) };
        flights.run(&"k", || PATIENCE, permit, work).await
    }

    #[tokio::test]
    async fn a_caller_that_queues_keeps_nobody_waiting() {
        let (flights, busy, free) =
            (Flights::default(), Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(1)));
        let held = Arc::clone(&busy).try_acquire_owned().unwrap();
        let mut queueing = Box::pin(queue(&flights, &busy, |_| async { Ok(1) }));
        assert!(queueing.as_mut().now_or_never().is_none());
        let second = queue(&flights, &free, |_| async { Ok(2) }).now_or_never();
        assert_eq!(second.expect("a permit was free").unwrap(), 2);
        // The outcome reaches the one that queues, which never gets a permit.
        assert_eq!(queueing.now_or_never().expect("it is answered").unwrap(), 2);
        drop(held);
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn nobody_waits_with_a_permit_in_hand() {
        let (flights, budget, waited) = (Flights::default(), Arc::new(Semaphore::new(2)), Cell::new(false));
        // Needs a second permit while its copies wait: they must not hold all that is left.
        let work = |turn: Turn<_>| async {
            drop(turn);
            slow(Ok(())).await?;
            let _both = Arc::clone(&budget).acquire_many_owned(2).await.unwrap();
            waited.set(true);
            Ok(1)
        };
        let copies = join_all((0..5).map(|_| queue(&flights, &budget, work))).await;
        assert!(copies.into_iter().all(|copy| copy.unwrap() == 1) && waited.get());
    }

    #[tokio::test]
    async fn a_caller_that_queues_again_keeps_nobody_waiting() {
        let (flights, free) = (Flights::default(), Arc::new(Semaphore::new(9)));
        let queues_again = |turn: Turn<_>| async move {
            drop(turn.take_permit());
            let _queueing = turn.queueing();
            pending().await
        };
        let mut first = Box::pin(queue(&flights, &free, queues_again));
        assert!(first.as_mut().now_or_never().is_none());
        let second = queue(&flights, &free, |_| async { Ok(2) }).now_or_never();
        assert_eq!(second.expect("a permit was free").unwrap(), 2);
        drop(first);
        assert!(flights.lock().is_empty());
    }
}
