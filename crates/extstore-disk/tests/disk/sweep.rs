use std::fs::File;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;
use std::time::Duration;

use extstore::ErrorKind;
use extstore_disk::MIN_SWEEP_AGE;

use crate::root::{Root, age, make_old, payload, retrieve, store};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn what_is_old_goes_and_what_is_young_or_strange_stays() {
    let root = Root::new();
    let driver = root.driver();
    let old = store(&driver, &payload(100)).await.unwrap();
    let young = store(&driver, &payload(200)).await.unwrap();
    make_old(&root.file(&old), 2 * DAY);
    let shard = root.file(&old).parent().unwrap().to_owned();
    let note = shard.join("note");
    std::fs::write(&note, "mine").unwrap();
    make_old(&note, 2 * DAY);
    symlink(&note, shard.join("0".repeat(62))).unwrap();
    let swept = driver.sweep(DAY).await.unwrap();
    assert_eq!((swept.objects, swept.bytes), (1, payload(100).encoded_len() as u64));
    assert_eq!(retrieve(&driver, &old).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(retrieve(&driver, &young).await.unwrap(), payload(200));
    assert!(note.exists());
    assert_eq!(driver.sweep(DAY).await.unwrap().objects, 0);
}

#[tokio::test]
async fn an_age_that_stores_rely_on_is_refused() {
    let root = Root::new();
    let driver = root.driver();
    driver.check().await.unwrap();
    let error = driver.sweep(MIN_SWEEP_AGE - Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("older_than"), "{error}");
    assert!(driver.sweep(MIN_SWEEP_AGE).await.is_ok());
}

#[tokio::test]
async fn leftovers_of_the_dead_go_and_files_of_the_living_stay() {
    let root = Root::new();
    root.driver().check().await.unwrap();
    let (dead, living) = (root.path().join("tmp/1.part"), root.path().join("tmp/2.part"));
    std::fs::write(&dead, "torn").unwrap();
    let writer = File::create(&living).unwrap();
    writer.lock().unwrap();
    assert_eq!(root.driver().sweep(DAY).await.unwrap().leftovers, 1);
    assert!(!dead.exists() && living.exists());
    drop(writer);
    // The first store of a process sweeps as well.
    store(&root.driver(), &payload(1)).await.unwrap();
    assert!(!living.exists());
}

/// Waits until somebody waits for the lock on this directory.
fn wait_for_waiter(directory: &Path) {
    let inode = format!(":{} ", directory.metadata().unwrap().ino());
    let is_waiter = |line: &str| line.contains("->") && line.contains(&inode);
    let begun = std::time::Instant::now();
    while !std::fs::read_to_string("/proc/locks").unwrap().lines().any(is_waiter) {
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits for the lock");
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_that_judged_too_early_judges_again() {
    let root = Root::new();
    let claim = store(&root.driver(), &payload(1)).await.unwrap();
    let file = root.file(&claim);
    make_old(&file, 2 * DAY);
    let shard = File::open(file.parent().unwrap()).unwrap();
    // We are a store that has found the object: it holds the shared lock until the object is young.
    shard.lock_shared().unwrap();
    let driver = root.driver();
    let sweep = tokio::spawn(async move { driver.sweep(DAY).await });
    wait_for_waiter(file.parent().unwrap());
    make_old(&file, Duration::ZERO);
    shard.unlock().unwrap();
    assert_eq!(sweep.await.unwrap().unwrap().objects, 0);
    assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_whose_object_is_swept_under_its_hands_writes_it_again() {
    let root = Root::new();
    let claim = store(&root.driver(), &payload(1)).await.unwrap();
    let file = root.file(&claim);
    let shard = File::open(file.parent().unwrap()).unwrap();
    // We are a sweep that has judged and is about to remove.
    shard.lock().unwrap();
    let driver = root.driver();
    let again = tokio::spawn(async move { store(&driver, &payload(1)).await });
    wait_for_waiter(file.parent().unwrap());
    std::fs::remove_file(&file).unwrap();
    shard.unlock().unwrap();
    assert_eq!(again.await.unwrap().unwrap(), claim);
    assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_swept_however_the_two_meet() {
    let root = Root::new();
    let claim = store(&root.driver(), &payload(1)).await.unwrap();
    for _ in 0..200 {
        make_old(&root.file(&claim), 2 * DAY);
        let (sweeper, writer) = (root.driver(), root.driver());
        let sweep = tokio::spawn(async move { sweeper.sweep(DAY).await });
        let stored = tokio::spawn(async move { store(&writer, &payload(1)).await });
        stored.await.unwrap().unwrap();
        sweep.await.unwrap().unwrap();
        assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload(1));
        assert!(age(&root.file(&claim)) < DAY);
    }
}
