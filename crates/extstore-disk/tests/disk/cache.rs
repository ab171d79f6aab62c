use extstore::ErrorKind;
use extstore::object::Cache;
use extstore_disk::{DiskDriver, DiskOptions};

use crate::root::{Root, payload, retrieve, store};

#[tokio::test]
async fn a_cache_answers_for_its_root_and_for_no_other() {
    let (root, other, cache) = (Root::new(), Root::new(), Cache::new(1 << 20));
    let driver =
        |root: &Root| DiskDriver::new(DiskOptions::new(root.path()).with_cache(cache.clone())).unwrap();
    let claim = store(&driver(&root), &payload(10)).await.unwrap();
    store(&driver(&other), &payload(20)).await.unwrap();
    assert_eq!(retrieve(&driver(&other), &claim).await.unwrap_err().kind(), ErrorKind::NotFound);
    std::fs::remove_file(root.file(&claim)).unwrap();
    assert_eq!(retrieve(&driver(&root), &claim).await.unwrap(), payload(10));
}
