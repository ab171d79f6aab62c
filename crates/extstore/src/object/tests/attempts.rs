//! Tests what an attempt tells a backend of its limits.

use futures_util::future::{FutureExt as _, pending, ready};

use super::hooked::Hooked;
use super::*;
use crate::{Budgets, Limiter};

const SECOND: Duration = Duration::from_secs(1);

type Log = Arc<Mutex<Vec<(&'static str, u32, Option<Duration>)>>>;

/// Makes a store that logs each request with the attempt's number and the time that it has, and fails the first
/// `failures`.
fn logging(failures: usize, log: &Log) -> Hooked {
    let log = log.clone();
    Hooked::new().before(move |request, attempt, _| {
        let mut log = log.lock().unwrap();
        log.push((request.name(), attempt.number(), attempt.time_left()));
        ready(if log.len() <= failures { Err(unavailable()) } else { Ok(()) }).boxed()
    })
}

fn options(idle: Duration, total: Duration) -> ObjectOptions {
    ObjectOptions::new("").with_timeouts(Timeouts::default().with_idle(idle).with_total(total))
}

fn due_in(left: Duration) -> StoreContext {
    StoreContext::new(Default::default(), Operation::new().with_deadline(Some(Instant::now() + left)))
}

#[tokio::test(start_paused = true)]
async fn an_attempt_knows_its_number_and_the_nearest_of_its_limits() {
    let (context, large) = (StoreContext::default(), payload(&"a".repeat(3 << 20)));
    let cases = [
        // An upload has a second for each MiB that it begins.
        (options(7 * SECOND, 60 * SECOND), &context, &payload("a"), Some(8 * SECOND)),
        (options(7 * SECOND, 60 * SECOND), &context, &large, Some(11 * SECOND)),
        (options(7 * SECOND, 5 * SECOND), &context, &payload("a"), Some(5 * SECOND)),
        (options(7 * SECOND, 5 * SECOND), &due_in(3 * SECOND), &payload("a"), Some(3 * SECOND)),
        (options(Duration::MAX, Duration::MAX), &context, &payload("a"), None),
    ];
    for (options, context, payload, left) in cases {
        let log = Log::default();
        let driver = logging(0, &log).driver_with(options);
        driver.store(context, vec![payload.clone()]).await.unwrap();
        assert_eq!(*log.lock().unwrap(), [("create", 1, left)]);
    }
}

#[tokio::test(start_paused = true)]
async fn numbers_count_the_attempts_at_one_request_and_the_time_shrinks() {
    let log = Log::default();
    let pauses = RetryPolicy::attempts(3).with_pauses(2 * SECOND, 2 * SECOND);
    let backend = logging(2, &log);
    let other = MemoryDriver::with_backend(Arc::new(backend.store.clone()), ObjectOptions::new("")).unwrap();
    store(&other, &[payload("a")]).await.unwrap();
    let driver = backend.driver_with(options(9 * SECOND, 10 * SECOND).with_retry(pauses));
    let started = Instant::now();
    store(&driver, &[payload("a")]).await.unwrap();
    let log = log.lock().unwrap();
    let names: Vec<_> = log.iter().map(|(name, number, _)| (*name, *number)).collect();
    assert_eq!(names, [("create", 1), ("create", 2), ("create", 3), ("open", 1)]);
    // All of them share the time for one payload.
    let left = 10 * SECOND - started.elapsed();
    assert!(log[2..].iter().all(|(_, _, time_left)| *time_left == Some(left)), "{left:?} {log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_the_deadline_that_its_attempt_was_told() {
    for (idle, total) in [(7, 60), (60, 7)] {
        let told = Arc::new(Mutex::new(None));
        let log = told.clone();
        let hangs = Hooked::new().before(move |_, attempt, _| {
            log.lock().unwrap().get_or_insert(attempt.deadline().unwrap());
            pending().boxed()
        });
        let options = options(idle * SECOND, total * SECOND).with_retry(RetryPolicy::attempts(1));
        let error = store(&hangs.driver_with(options), &[payload("a")]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
        assert_eq!(told.lock().unwrap().unwrap(), Instant::now());
    }
}

/// A driver that logs its requests, the only permit there is, and a message that is due in five seconds.
fn queued(log: &Log) -> (MemoryDriver, Limiter, Operation) {
    let limiter = Limiter::new(Budgets { per_message: 1, ..Budgets::default() });
    let deadline = Some(Instant::now() + 5 * SECOND);
    let operation = Operation::new().with_limiter(limiter.clone()).with_deadline(deadline);
    (logging(0, log).driver(), limiter, operation)
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_comes_at_the_deadline_or_after_it_starts_no_request() {
    for late in [5 * SECOND, 60 * SECOND] {
        let log = Log::default();
        let (driver, limiter, operation) = queued(&log);
        let claims = store(&driver, &[payload("a")]).await.unwrap();
        log.lock().unwrap().clear();
        let (store_context, retrieve_context) =
            (StoreContext::new(Default::default(), operation.clone()), RetrieveContext::new(operation));
        let held = limiter.acquire(0).await;
        let mut stored = driver.store(&store_context, vec![payload("b")]);
        let mut retrieved = driver.retrieve(&retrieve_context, claims);
        assert!(stored.as_mut().now_or_never().is_none() && retrieved.as_mut().now_or_never().is_none());
        // The task is busy elsewhere until after the deadline, and finds its permit then.
        tokio::time::advance(late).await;
        drop(held);
        for error in [stored.await.unwrap_err(), retrieved.await.unwrap_err()] {
            assert_eq!(
                (error.kind(), error.retry(), error.attempts()),
                (ErrorKind::Timeout, Retry::Never, 0)
            );
        }
        assert!(log.lock().unwrap().is_empty(), "{late:?}: {log:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_further_request_is_not_started_after_the_deadline_either() {
    let log = Log::default();
    let (driver, limiter, operation) = queued(&log);
    store(&driver, &[payload("a")]).await.unwrap();
    log.lock().unwrap().clear();
    // Another driver finds the object, and queues for the permit to read it behind another request.
    let blocked = Arc::new(Mutex::new(None));
    let (slot, backend_log) = (blocked.clone(), log.clone());
    let other = Hooked::new().before(move |request, attempt, _| {
        backend_log.lock().unwrap().push((request.name(), attempt.number(), None));
        let mut queue = Box::pin({
            let limiter = limiter.clone();
            async move { limiter.acquire(0).await }
        });
        if request == Request::Create {
            assert!(queue.as_mut().now_or_never().is_none());
            *slot.lock().unwrap() = Some(queue);
        }
        ready(Ok(())).boxed()
    });
    let location = at(&store(&MemoryDriver::default(), &[payload("a")]).await.unwrap()[0]);
    other.store.write(location, payload("a").to_bytes());
    let other = other.driver();
    let context = StoreContext::new(Default::default(), operation);
    let mut stored = other.store(&context, vec![payload("a")]);
    assert!(stored.as_mut().now_or_never().is_none());
    let queue = blocked.lock().unwrap().take().unwrap();
    let held = queue.await;
    tokio::time::advance(60 * SECOND).await;
    drop(held);
    let error = stored.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert_eq!(*log.lock().unwrap(), [("create", 1, None)]);
}
