//! Tests that an object that exists already is acknowledged only if it is right, readable, and stays long enough.

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

/// Makes a driver that has stored nothing yet, over a store that holds the payload already.
async fn second_writer(options: ObjectOptions) -> (Arc<Scripted>, MemoryDriver) {
    let (backend, first) = fresh();
    store(&first, &[payload("a")]).await.unwrap();
    backend.log();
    let second = driver(&backend, options);
    (backend, second)
}

fn new() -> ObjectOptions {
    ObjectOptions::new("")
}

impl Scripted {
    fn answer_stats(&self, change: ChangeStat) {
        *self.stat.lock().unwrap() = Some(change);
    }

    fn say_of_written(&self, stat: ObjectStat) {
        *self.written.lock().unwrap() = Some(stat);
    }
}

#[tokio::test]
async fn an_object_that_the_store_will_soon_delete_is_renewed_for_its_lifetime() {
    let (backend, driver) = second_writer(new()).await;
    backend.answer_stats(|stat| stat.with_age(Some(90 * HOUR)).with_expires_in(Some(60 * HOUR)));
    backend.say_of_written(ObjectStat::unknown().with_expires_in(Some(150 * HOUR)));
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew"]);
    assert_eq!(*backend.renewals.lock().unwrap(), [RenewReason::Lifetime]);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_known_no_longer_than_half_of_the_life_that_the_store_names() {
    let life = 4 * HOUR;
    let (backend, driver) = second_writer(new()).await;
    backend.answer_stats(|stat| {
        let age = stat.age.unwrap();
        stat.with_expires_in(Some((4 * HOUR).saturating_sub(age)))
    });
    backend.say_of_written(ObjectStat::unknown().with_expires_in(Some(life)));
    tokio::time::advance(life / 2 - Duration::from_secs(50)).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open"]);
    tokio::time::advance(Duration::from_secs(49)).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert!(backend.log().is_empty());
    tokio::time::advance(Duration::from_secs(1)).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew"]);
}

#[tokio::test]
async fn the_least_lifetime_that_the_options_demand_is_kept() {
    for (left, renewed) in [(2 * HOUR, false), (HOUR / 2, true)] {
        let (backend, driver) = second_writer(new().with_min_lifetime(HOUR)).await;
        backend.answer_stats(if renewed {
            |stat| stat.with_age(Some(Duration::ZERO)).with_expires_in(Some(HOUR / 2))
        } else {
            |stat| stat.with_age(Some(100 * HOUR)).with_expires_in(Some(2 * HOUR))
        });
        backend.say_of_written(ObjectStat::unknown().with_expires_in(Some(2 * HOUR)));
        store(&driver, &[payload("a")]).await.unwrap();
        assert_eq!(backend.log().contains(&"renew"), renewed, "{left:?}");
    }
}

#[tokio::test]
async fn a_store_that_deletes_even_a_fresh_object_too_soon_is_a_wrong_configuration() {
    let backend = Arc::new(Scripted::default());
    backend.say_of_written(ObjectStat::unknown().with_expires_in(Some(HOUR)));
    let short = driver(&backend, new().with_min_lifetime(2 * HOUR));
    for error in [
        store(&short, &[payload("a")]).await.unwrap_err(),
        short.check(&StoreContext::default()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("with_min_lifetime"), "{error}");
    }
    store(&driver(&backend, new().with_min_lifetime(HOUR / 2)), &[payload("b")]).await.unwrap();
}

#[tokio::test]
async fn an_archived_object_is_written_again_without_being_read() {
    let (backend, driver) = second_writer(new()).await;
    backend.answer_stats(|stat| stat.with_readable(false));
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "renew"]);
    assert_eq!(*backend.renewals.lock().unwrap(), [RenewReason::Content]);
}

#[tokio::test]
async fn an_object_of_unknown_length_is_read_and_not_called_wrong() {
    let (backend, driver) = second_writer(new()).await;
    backend.answer_stats(|_| ObjectStat::unknown());
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open"]);
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_lags_is_waited_for_and_then_written_over() {
    let (backend, driver) = second_writer(new()).await;
    (0..9).for_each(|_| backend.fail("stat", ErrorKind::NotFound.error("not yet")));
    let started = Instant::now();
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "create", "stat", "create", "stat", "renew"]);
    assert!(started.elapsed() >= Duration::from_millis(150), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_version_that_never_matches_cannot_keep_an_old_object_from_its_renewal() {
    let (backend, driver) = second_writer(new().with_refresh_after(HOUR)).await;
    backend.answer_stats(|stat| {
        stat.with_age(Some(2 * HOUR)).with_version(Some(ObjectVersion("W/\"weak\"".into())))
    });
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log().iter().filter(|request| **request == "renew").count(), 4);
}

#[tokio::test]
async fn the_check_renews_where_renewal_is_configured_and_names_the_missing_permission() {
    let backend = Arc::new(Scripted::default());
    let renewing = driver(&backend, new().with_refresh_after(HOUR));
    renewing.check(&StoreContext::default()).await.unwrap();
    assert_eq!(backend.log(), ["create", "create", "stat", "renew", "open"]);
    backend.fail("renew", ErrorKind::PermissionDenied.error("403"));
    let error = renewing.check(&StoreContext::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::PermissionDenied, Some("check")));
    assert!(error.to_string().contains("test:Write"), "{error}");
}

#[tokio::test]
async fn the_check_reports_an_expiry_rule_about_which_the_options_say_nothing() {
    let backend = Arc::new(Scripted::default());
    backend.answer_stats(|stat| stat.with_age(Some(HOUR)).with_expires_in(Some(23 * HOUR)));
    let error = driver(&backend, new()).check(&StoreContext::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.to_string().contains("24 hours") && error.to_string().contains("with_min_lifetime"),
        "{error}"
    );
    driver(&backend, new().with_min_lifetime(HOUR)).check(&StoreContext::default()).await.unwrap();
}

#[tokio::test]
async fn what_the_store_said_with_its_refusal_is_not_asked_for_again() {
    let memory = MemoryBackend::default();
    let driver = || MemoryDriver::with_backend(Arc::new(memory.clone()), new()).unwrap();
    store(&driver(), &[payload("a")]).await.unwrap();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let observer = move |event: &crate::Event<'_>| {
        if let crate::Event::Request { request, .. } = event {
            seen.lock().unwrap().push(*request);
        }
    };
    let operation = Operation::new().with_observer(Some(Arc::new(observer)));
    let context = StoreContext::new(Default::default(), operation);
    driver().store(&context, vec![payload("a")]).await.unwrap();
    assert_eq!(*requests.lock().unwrap(), ["create", "open"]);
}
