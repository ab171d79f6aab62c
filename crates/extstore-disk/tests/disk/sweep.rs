use std::fs::File;
use std::os::unix::fs::symlink;
use std::time::Duration;

use extstore::{ErrorKind, StorageDriver as _, StoreContext};
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
    driver.check(&StoreContext::default()).await.unwrap();
    let error = driver.sweep(MIN_SWEEP_AGE - Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("older_than"), "{error}");
    assert!(driver.sweep(MIN_SWEEP_AGE).await.is_ok());
}

#[tokio::test]
async fn leftovers_of_the_dead_go_and_files_of_the_living_stay() {
    let root = Root::new();
    root.driver().check(&StoreContext::default()).await.unwrap();
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

#[tokio::test]
async fn what_is_in_the_way_of_a_sweep_is_reported_after_the_rest_was_swept() {
    let root = Root::new();
    let driver = root.driver();
    let mut objects = Vec::new();
    for len in 0..32 {
        objects.push(root.file(&store(&driver, &payload(len)).await.unwrap()));
    }
    objects.iter().for_each(|object| make_old(object, 2 * DAY));
    std::fs::write(root.path().join("tmp/1.part"), "torn").unwrap();
    let free = (0..256).map(|number| root.path().join(format!("objects/{number:02x}")));
    let stray: Vec<_> = free.filter(|path| !path.exists()).step_by(4).collect();
    stray.iter().for_each(|link| symlink(root.outside(), link).unwrap());
    let error = driver.sweep(DAY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.message().contains("symbolic link"), "{error}");
    assert!(root.files("tmp").is_empty());
    assert!(objects.iter().all(|object| !object.exists()));
    stray.iter().for_each(|link| std::fs::remove_file(link).unwrap());
    assert_eq!(driver.sweep(DAY).await.unwrap().objects, 0);
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
