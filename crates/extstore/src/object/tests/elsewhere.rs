//! Tests that the engine asks again for an object that is not visible yet, and reads other places where one does not
//! have it.

use super::*;

fn new() -> ObjectOptions {
    ObjectOptions::new("")
}

fn not_found() -> Error {
    ErrorKind::NotFound.error("not yet")
}

#[tokio::test(start_paused = true)]
async fn an_object_that_appears_within_the_budget_is_found() {
    let (backend, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    let patient = driver(&backend, new().with_not_found_budget(Duration::from_secs(10)));
    (0..3).for_each(|_| backend.fail("open", not_found()));
    let started = Instant::now();
    assert_eq!(retrieve(&patient, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(backend.log(), ["create", "open", "open", "open", "open"]);
    assert!(started.elapsed() >= Duration::from_millis(350), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_budget_ends_and_without_one_nothing_is_asked_again() {
    for (budget, least) in [(0, 1), (10, 5)] {
        let budget = Duration::from_secs(budget);
        let (backend, writer) = fresh();
        let claims = store(&writer, &[payload("a")]).await.unwrap();
        backend.store.delete(&at(&claims[0]));
        backend.log();
        let started = Instant::now();
        let reader = driver(&backend, new().with_not_found_budget(budget));
        assert_eq!(retrieve(&reader, &claims).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert!(backend.log().len() >= least);
        assert!(started.elapsed() >= budget && started.elapsed() <= budget + Duration::from_secs(5));
        assert_eq!(budget.is_zero(), started.elapsed().is_zero());
    }
}

#[tokio::test]
async fn another_store_is_read_where_the_own_one_does_not_have_the_object_or_has_it_damaged() {
    let (old, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    let own = Arc::new(Scripted::default());
    let reader = driver(&own, new().with_read_fallback(ReadFallback::backend(old.clone())));
    assert_eq!(retrieve(&reader, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(own.log(), ["open"]);
    own.store.write(at(&claims[0]), "damaged");
    assert_eq!(retrieve(&reader, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(own.log(), ["open", "open"]);
    let alone = driver(&own, new());
    assert_eq!(retrieve(&alone, &claims).await.unwrap_err().kind(), ErrorKind::Integrity);
}

#[tokio::test(start_paused = true)]
async fn places_are_read_in_their_order_and_one_that_cannot_answer_is_no_proof_of_absence() {
    let (last, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    last.log();
    let (own, down) = (Arc::new(Scripted::default()), Arc::new(Scripted::default()));
    (0..8).for_each(|_| down.fail("open", unavailable()));
    let options = new().with_read_fallback(ReadFallback::backend(down.clone()));
    let error = retrieve(&driver(&own, options.clone()), &claims).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let both = driver(&own, options.with_read_fallback(ReadFallback::backend(last.clone())));
    assert_eq!(retrieve(&both, &claims).await.unwrap(), [payload("a")]);
    assert_eq!((own.log().len(), down.log().len(), last.log().len()), (2, 8, 1));
}

#[tokio::test]
async fn one_bad_read_is_not_called_damage() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    backend.log();
    *backend.damaged_bodies.lock().unwrap() = 1;
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(backend.log(), ["open", "open"]);
    *backend.damaged_bodies.lock().unwrap() = 2;
    assert_eq!(retrieve(&driver, &claims).await.unwrap_err().kind(), ErrorKind::Integrity);
}

/// Makes a store that is empty, a further place, and the claims of a payload that the place has.
async fn with_place() -> (Arc<Scripted>, Arc<Scripted>, ObjectOptions, Vec<Claim>) {
    let (place, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    place.log();
    let options = new().with_read_fallback(ReadFallback::backend(place.clone()));
    (Arc::new(Scripted::default()), place, options, claims)
}

#[tokio::test]
async fn what_another_place_has_is_written_again_where_the_own_store_lost_or_damaged_it() {
    for damaged in [false, true] {
        let (own, _, options, claims) = with_place().await;
        let driver = driver(&own, options);
        store(&driver, &[payload("a")]).await.unwrap();
        if damaged {
            own.store.write(at(&claims[0]), "damaged");
        } else {
            own.store.delete(&at(&claims[0]));
        }
        assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a")]);
        own.log();
        store(&driver, &[payload("a")]).await.unwrap();
        assert_eq!(own.log().first(), Some(&"create"), "damaged: {damaged}");
        let alone = MemoryDriver::with_backend(own, new()).unwrap();
        assert_eq!(retrieve(&alone, &claims).await.unwrap(), [payload("a")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_that_cannot_answer_does_not_end_the_wait_for_the_own_store() {
    let (own, place, options, claims) = with_place().await;
    store(&driver(&own, new()), &[payload("a")]).await.unwrap();
    (0..3).for_each(|_| own.fail("open", not_found()));
    (0..40).for_each(|_| place.fail("open", unavailable()));
    let reader = driver(&own, options.with_not_found_budget(Duration::from_secs(60)));
    assert_eq!(retrieve(&reader, &claims).await.unwrap(), [payload("a")]);
}

#[tokio::test(start_paused = true)]
async fn damage_is_not_final_where_a_place_could_not_answer() {
    let (own, place, options, claims) = with_place().await;
    own.store.write(at(&claims[0]), "damaged");
    (0..4).for_each(|_| place.fail("open", unavailable()));
    let reader = driver(&own, options);
    let error = retrieve(&reader, &claims).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unavailable, Retry::Later), "{error}");
    assert_eq!(retrieve(&reader, &claims).await.unwrap(), [payload("a")]);
}

#[tokio::test(start_paused = true)]
async fn what_a_throttled_store_cannot_deliver_is_read_elsewhere() {
    let (own, _, options, claims) = with_place().await;
    (0..4).for_each(|_| own.fail("open", ErrorKind::Throttled.error("slow down")));
    assert_eq!(retrieve(&driver(&own, options), &claims).await.unwrap(), [payload("a")]);
}

#[tokio::test(start_paused = true)]
async fn attempts_are_those_of_the_backend_that_is_asked() {
    for (own_retries, requests) in [(false, (4, 1)), (true, (1, 4))] {
        let (own, place, options, claims) = with_place().await;
        let retries = if own_retries { &own } else { &place };
        retries.retries_itself.store(true, std::sync::atomic::Ordering::Relaxed);
        (0..4).for_each(|_| own.fail("open", unavailable()));
        (0..4).for_each(|_| place.fail("open", unavailable()));
        assert!(retrieve(&driver(&own, options), &claims).await.is_err());
        assert_eq!((own.log().len(), place.log().len()), requests, "own: {own_retries}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_whose_time_ends_does_not_end_the_wait_of_others() {
    let (backend, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    backend.log();
    (0..6).for_each(|_| backend.fail("open", not_found()));
    let reader = driver(&backend, new().with_not_found_budget(Duration::from_secs(60)));
    let deadline = Some(Instant::now() + Duration::from_millis(500));
    let short = RetrieveContext::new(Operation::new().with_deadline(deadline));
    let (first, second) = tokio::join!(reader.retrieve(&short, claims.clone()), retrieve(&reader, &claims));
    let error = first.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::NotFound, Retry::Later), "{error}");
    assert_eq!(second.unwrap(), [payload("a")]);
}

#[test]
fn a_fallback_to_a_container_needs_a_store_with_containers() {
    let error = MemoryDriver::new(new().with_read_fallback(ReadFallback::container("replica"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("read_fallback"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_cache_forgets_an_object_when_its_store_does() {
    let (backend, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    *backend.read_expires_in.lock().unwrap() = Some(Duration::from_secs(60));
    let reader = driver(&backend, new().with_cache(Cache::new(1 << 20)));
    retrieve(&reader, &claims).await.unwrap();
    backend.log();
    tokio::time::advance(Duration::from_secs(59)).await;
    retrieve(&reader, &claims).await.unwrap();
    assert!(backend.log().is_empty());
    tokio::time::advance(Duration::from_secs(1)).await;
    retrieve(&reader, &claims).await.unwrap();
    assert_eq!(backend.log(), ["open"]);
}
