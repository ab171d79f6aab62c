use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use extstore::object::{RetryPolicy, Timeouts};
use extstore::{
    Budgets, ErrorKind, Limiter, Operation, SelectContext, StorageDriver as _, StoreContext, Target,
};
use extstore_disk::{DiskDriver, DiskOptions};
use futures_util::FutureExt as _;
use futures_util::future::{join_all, try_join_all};

use crate::root::{Root, age, make_old, mode, payload, retrieve, store};

#[tokio::test]
async fn payloads_of_every_size_come_back() {
    let root = Root::new();
    let driver = root.driver();
    for len in [0, 1, 4096, (1 << 20) - 1, (16 << 20) + 1, 50 << 20] {
        let payload = if len == 0 { extstore::Payload::default() } else { payload(len - 40.min(len / 2)) };
        let claim = store(&driver, &payload).await.unwrap();
        assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload, "{len}");
    }
    assert!(root.files("tmp").is_empty());
}

#[tokio::test]
async fn construction_touches_nothing_and_the_first_store_creates_the_root() {
    let root = Root::new();
    let driver = root.driver();
    assert!(!root.path().exists());
    let claim = store(&driver, &payload(10)).await.unwrap();
    let file = root.file(&claim);
    assert_eq!(mode(&file), 0o600);
    for directory in [root.path(), root.path().join("tmp"), root.path().join("objects")] {
        assert_eq!(mode(&directory), 0o700, "{directory:?}");
    }
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[tokio::test]
async fn a_root_that_cannot_be_is_a_matter_of_configuration() {
    let root = Root::new();
    let nowhere = DiskDriver::new(DiskOptions::new(root.outside().join("a/b"))).unwrap();
    let written = root.driver();
    let claim = store(&written, &payload(1)).await.unwrap();
    for error in [
        nowhere.check(&StoreContext::default()).await.unwrap_err(),
        store(&nowhere, &payload(1)).await.unwrap_err(),
        retrieve(&nowhere, &claim).await.unwrap_err(),
        nowhere.sweep(Duration::from_secs(86_400)).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.message().contains("root"), "{error}");
    }
    let file = root.outside().join("file");
    std::fs::write(&file, "x").unwrap();
    let error =
        DiskDriver::new(DiskOptions::new(&file)).unwrap().check(&StoreContext::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(std::fs::read(file).unwrap(), b"x");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let root = Root::new();
    let driver = root.driver();
    let claim = store(&driver, &payload(1)).await.unwrap();
    std::fs::remove_file(root.file(&claim)).unwrap();
    let error = retrieve(&driver, &claim).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains(claim.get("key").unwrap()), "{error}");
    std::fs::remove_dir(root.file(&claim).parent().unwrap()).unwrap();
    assert_eq!(retrieve(&driver, &claim).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_drivers_that_store_the_same_payload_make_one_object() {
    let root = Root::new();
    let payload = payload(1 << 20);
    let drivers: Vec<DiskDriver> = (0..16).map(|_| root.driver()).collect();
    let claims = try_join_all(drivers.iter().map(|driver| store(driver, &payload))).await.unwrap();
    assert!(claims.iter().all(|claim| *claim == claims[0]));
    assert_eq!(root.files("objects").len(), 1);
    assert!(root.files("tmp").is_empty());
    assert_eq!(retrieve(&root.driver(), &claims[0]).await.unwrap(), payload);
}

#[tokio::test]
async fn one_payload_under_two_targets_is_two_objects() {
    let root = Root::new();
    let driver = root.driver();
    for id in ["a", "b"] {
        let select = SelectContext::new().with_target(Some(Target::workflow("ns", "T", id)));
        let context = StoreContext::new(select, Operation::new());
        driver.store(&context, vec![payload(1)]).await.unwrap();
    }
    assert_eq!(root.files("objects").len(), 2);
}

#[tokio::test]
async fn storing_again_makes_an_object_young_and_does_not_write_it_again() {
    let root = Root::new();
    let claim = store(&root.driver(), &payload(1000)).await.unwrap();
    let file = root.file(&claim);
    let before = file.metadata().unwrap();
    make_old(&file, Duration::from_secs(40 * 86_400));
    store(&root.driver(), &payload(1000)).await.unwrap();
    assert_eq!(file.metadata().unwrap().ino(), before.ino());
    assert!(age(&file) < Duration::from_secs(60));
}

#[tokio::test]
async fn a_wrong_object_is_replaced_and_never_blessed() {
    let root = Root::new();
    let payload = payload(1000);
    let claim = store(&root.driver(), &payload).await.unwrap();
    let file = root.file(&claim);
    for wrong in [Vec::new(), vec![1; payload.encoded_len()], vec![1; 5000]] {
        std::fs::write(&file, wrong).unwrap();
        assert_eq!(retrieve(&root.driver(), &claim).await.unwrap_err().kind(), ErrorKind::Integrity);
        let drivers = [root.driver(), root.driver(), root.driver()];
        for outcome in join_all(drivers.iter().map(|driver| store(driver, &payload))).await {
            assert_eq!(outcome.unwrap(), claim);
        }
        assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload);
    }
    assert_eq!(mode(&file), 0o600);
    assert!(root.files("tmp").is_empty());
}

/// The process that holds the lock may hang for good; the driver must go on with everything else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_is_never_released_costs_a_timeout_and_no_permit() {
    let root = Root::new();
    let claim = store(&root.driver(), &payload(1)).await.unwrap();
    let shard = std::fs::File::open(root.file(&claim).parent().unwrap()).unwrap();
    shard.lock().unwrap();
    let timeouts =
        Timeouts::default().with_idle(Duration::from_millis(50)).with_total(Duration::from_secs(2));
    let options = root.options().with_timeouts(timeouts).with_retry(RetryPolicy::attempts(1));
    let driver = DiskDriver::new(options).unwrap();
    let limiter = one_at_a_time();
    let operation = Operation::new().with_limiter(limiter.clone());
    let context = StoreContext::new(SelectContext::new(), operation);
    let error = driver.store(&context, vec![payload(1)]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let permit = tokio::time::timeout(Duration::from_secs(20), limiter.acquire(0)).await;
    assert!(permit.is_ok(), "the wait for the lock kept the permit");
    shard.unlock().unwrap();
    // Not through the driver that waits for a moment only: on a busy machine that is too short for any store.
    assert_eq!(store(&root.driver(), &payload(1)).await.unwrap(), claim);
}

fn one_at_a_time() -> Limiter {
    Limiter::new(Budgets::default().with_message_budget(1))
}

/// The permit is held by the work on the blocking thread, so waiting for the permit is waiting for its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_dropped_leaves_nothing_partial() {
    let root = Root::new();
    root.driver().check(&StoreContext::default()).await.unwrap();
    let payload = payload(8 << 20);
    for polls in 0..24 {
        let driver = root.driver();
        let limiter = one_at_a_time();
        let operation = Operation::new().with_limiter(limiter.clone());
        let context = StoreContext::new(SelectContext::new(), operation);
        let mut future = Box::pin(driver.store(&context, vec![payload.clone()]));
        for _ in 0..polls {
            if future.as_mut().now_or_never().is_some() {
                break;
            }
            // Grows with each round, so that the drop meets hashing, writing, syncing and linking.
            #[expect(
                clippy::disallowed_methods,
                reason = "each poll is to meet another step of the work, and none of them tells"
            )]
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(future);
        drop(limiter.acquire(0).await);
        assert!(root.files("tmp").is_empty());
        let lens: Vec<u64> =
            root.files("objects").iter().map(|file| file.metadata().unwrap().len()).collect();
        assert!(lens.iter().all(|len| *len < 100 || *len == payload.encoded_len() as u64), "{lens:?}");
    }
    let claim = store(&root.driver(), &payload).await.unwrap();
    assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload);
}
