use bytes::Bytes;
use extstore::object::{Content, Created};
use extstore::{Body, Digest};
use tempfile::TempDir;

use super::*;
use crate::commit::create;

const DAY: Duration = Duration::from_secs(86_400);

/// A root with one object.
struct Stored {
    around: TempDir,
    tree: Tree,
    name: ObjectName,
}

impl Stored {
    fn new() -> Self {
        let around = tempfile::tempdir().unwrap();
        let tree = Tree::new(around.path().join("root"));
        let stored = Self { around, tree, name: ObjectName::of("key") };
        assert!(matches!(stored.store(&Abandoned::default()), Created::Created(_)));
        stored
    }

    fn store(&self, abandoned: &Abandoned) -> Created {
        let body = Body::from(Bytes::from_static(b"content"));
        let digest = Digest::of(&body);
        let content = Content::new(body, digest);
        create(&self.tree, &self.name, &content, abandoned).unwrap()
    }

    fn path(&self) -> std::path::PathBuf {
        self.around.path().join("root").join(crate::object_path("key"))
    }

    fn shard(&self) -> File {
        File::open(self.path().parent().unwrap()).unwrap()
    }

    fn make_old(&self, age: Duration) {
        let file = File::options().write(true).open(self.path()).unwrap();
        #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
        file.set_modified(SystemTime::now() - age).unwrap();
    }
}

#[test]
fn a_sweep_that_judged_too_early_judges_again() {
    let stored = Stored::new();
    stored.make_old(2 * DAY);
    // We are a store that has found the object: it holds the shared lock until the object is young.
    let shard = stored.shard();
    shard.lock_shared().unwrap();
    let abandoned = Abandoned::default();
    let swept = std::thread::scope(|scope| {
        let sweep = scope.spawn(|| run(&stored.tree, DAY, &abandoned).unwrap());
        // Once before the only directory, then while it waits for the lock.
        abandoned.wait_for_checks(2);
        stored.make_old(Duration::ZERO);
        shard.unlock().unwrap();
        sweep.join().unwrap()
    });
    assert_eq!(swept.objects, 0);
    assert!(stored.path().exists());
}

#[test]
fn a_store_whose_object_is_swept_under_its_hands_writes_it_again() {
    let stored = Stored::new();
    // We are a sweep that has judged and is about to remove.
    let shard = stored.shard();
    shard.lock().unwrap();
    let abandoned = Abandoned::default();
    let again = std::thread::scope(|scope| {
        let again = scope.spawn(|| stored.store(&abandoned));
        // The first thing that a store asks is whether to go on waiting for the lock.
        abandoned.wait_for_checks(1);
        std::fs::remove_file(stored.path()).unwrap();
        shard.unlock().unwrap();
        again.join().unwrap()
    });
    assert!(matches!(again, Created::Created(_)));
    assert!(stored.path().exists());
}
