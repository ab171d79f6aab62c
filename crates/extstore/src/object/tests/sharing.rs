//! Tests callers of different messages that want the same payload.
#![expect(clippy::disallowed_methods, reason = "the clock is paused")]

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{FutureExt as _, join, pending, ready};
use tokio::time::sleep;

use super::hooked::Hooked;
use super::*;
use crate::{Budgets, Limiter};

const SECOND: Duration = Duration::from_secs(1);

/// Makes a message that makes one request at a time.
fn narrow() -> StoreContext {
    let limiter = Limiter::new(Budgets { per_message: 1, ..Budgets::default() });
    StoreContext::new(Default::default(), Operation::new().with_limiter(limiter))
}

/// A message with free permits whose deadline is `left` from now.
fn due_in(left: Duration) -> StoreContext {
    StoreContext::new(Default::default(), Operation::new().with_deadline(Some(Instant::now() + left)))
}

/// Returns the location of the payload's object.
async fn place(payload: &Payload) -> Location {
    at(&store(&MemoryDriver::default(), std::slice::from_ref(payload)).await.unwrap()[0])
}

/// Makes a store that takes 15 seconds to create the object of `slow`, and a tenth of a second for all other
/// requests.
async fn slow_to_create(slow: &Payload) -> Hooked {
    let slow = place(slow).await;
    Hooked::new().before(move |request, _, location| {
        let is_slow = request == Request::Create && *location == slow;
        sleep(if is_slow { 15 * SECOND } else { SECOND / 10 }).map(Ok).boxed()
    })
}

/// Stores `first` in a message that makes one request at a time, and a second later `payload` in another message.
async fn beside(driver: &MemoryDriver, first: &[Payload], payload: &Payload) {
    let slow = async { driver.store(&narrow(), first.to_vec()).await.unwrap() };
    let healthy = async {
        sleep(SECOND).await;
        let started = Instant::now();
        driver.store(&due_in(8 * SECOND), vec![payload.clone()]).await.unwrap();
        assert!(started.elapsed() < SECOND, "{:?}", started.elapsed());
    };
    join(slow, healthy).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_with_free_permits_does_not_wait_for_one_that_queues_for_its_first() {
    let (upload, shared) = (payload("slow"), payload("shared"));
    let driver = slow_to_create(&upload).await.driver();
    beside(&driver, &[upload, shared.clone()], &shared).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_with_free_permits_does_not_wait_for_one_that_queues_for_a_further_one() {
    let (upload, shared) = (payload("slow"), payload("shared"));
    let backend = slow_to_create(&upload).await;
    // The first message finds the object, and queues for the permit to look at it behind the slow upload.
    let other = MemoryDriver::with_backend(Arc::new(backend.store.clone()), ObjectOptions::new("")).unwrap();
    store(&other, std::slice::from_ref(&shared)).await.unwrap();
    beside(&backend.driver(), &[shared.clone(), upload], &shared).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_with_free_permits_does_not_wait_for_one_that_queues_to_read_elsewhere() {
    let (upload, shared) = (payload("slow"), payload("shared"));
    let (place, writer) = fresh();
    let claims = store(&writer, std::slice::from_ref(&shared)).await.unwrap();
    let options = ObjectOptions::new("").with_read_fallback(ReadFallback::backend(place));
    let driver = slow_to_create(&upload).await.driver_with(options);
    let message = narrow();
    let reads = RetrieveContext::new(message.operation().clone());
    let queues = async { driver.retrieve(&reads, claims.clone()).await.unwrap() };
    // It waits for the one permit while the own store is asked, and holds it when the further place is to be asked.
    let uploads = async {
        sleep(SECOND / 20).await;
        driver.store(&message, vec![upload.clone()]).await.unwrap();
    };
    let healthy = async {
        sleep(SECOND).await;
        let started = Instant::now();
        let context = RetrieveContext::new(due_in(8 * SECOND).operation().clone());
        assert_eq!(driver.retrieve(&context, claims.clone()).await.unwrap(), std::slice::from_ref(&shared));
        assert!(started.elapsed() < SECOND, "{:?}", started.elapsed());
    };
    tokio::join!(queues, uploads, healthy);
}

/// Makes a store whose first request never ends.
fn hangs_once() -> Hooked {
    let calls = AtomicUsize::new(0);
    Hooked::new().before(move |_, _, _| {
        let hangs = calls.fetch_add(1, Ordering::Relaxed) == 0;
        if hangs { pending().boxed() } else { ready(Ok(())).boxed() }
    })
}

#[tokio::test(start_paused = true)]
async fn half_of_the_time_is_left_where_the_other_caller_hangs() {
    // Without a deadline: as long as one attempt may take, 20 seconds and one for the first MiB.
    for (context, patience) in [(due_in(8 * SECOND), 4 * SECOND), (StoreContext::default(), 21 * SECOND)] {
        let driver = hangs_once().driver();
        let first = StoreContext::default();
        let mut hung = driver.store(&first, vec![payload("a")]);
        assert!(hung.as_mut().now_or_never().is_none());
        let started = Instant::now();
        driver.store(&context, vec![payload("a")]).await.unwrap();
        assert_eq!(started.elapsed(), patience);
    }
}

#[tokio::test(start_paused = true)]
async fn copies_share_one_request_where_one_permit_is_all_there_is() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let hook = move |_: Request, _: &Attempt, _: &Location| {
        counter.fetch_add(1, Ordering::Relaxed);
        sleep(SECOND).map(Ok).boxed()
    };
    let driver = Hooked::new().before(hook).driver();
    let claims = driver.store(&narrow(), vec![payload("a"); 100]).await.unwrap();
    assert_eq!((claims.len(), calls.load(Ordering::Relaxed)), (100, 1));
}
