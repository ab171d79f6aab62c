use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use extstore::object::{Content, Created, ObjectStat, Renewed};
use extstore::{Body, Digest};
use tempfile::TempDir;

use super::*;
use crate::commit::{create, renew};

const DAY: Duration = Duration::from_secs(86_400);

/// The number of times that a store of one small object asks before its file is written and synced.
const WRITTEN: usize = 2;

/// Makes the files that are being written look as if that had been two hours ago.
fn age_temporary_files(root: &Path) {
    for entry in root.join("tmp").read_dir().unwrap() {
        let file = File::options().write(true).open(entry.unwrap().path()).unwrap();
        #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
        file.set_modified(SystemTime::now() - Duration::from_secs(7200)).unwrap();
    }
}

fn sweep(root: &Path) -> Swept {
    run(&Tree::new(root.to_owned()), MIN_SWEEP_AGE, &Abandoned::default()).unwrap()
}

/// Holds a root with one object.
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
        create(&self.tree, &self.name, &content(), abandoned).unwrap()
    }

    /// Stops a writer for two hours once its file is written.
    fn stopped_writer(&self) -> Abandoned {
        let root = self.tree.root().to_owned();
        Abandoned::with_hook(move |checks| {
            if checks == WRITTEN {
                age_temporary_files(&root);
            }
        })
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

fn content() -> Content {
    let body = Body::from(Bytes::from_static(b"content"));
    let digest = Digest::of(&body);
    Content::new(body, digest)
}

#[test]
fn an_object_whose_writer_was_stopped_before_it_was_published_is_young_when_it_is_acknowledged() {
    let stored = Stored::new();
    std::fs::remove_file(stored.path()).unwrap();
    let stopped = stored.stopped_writer();
    assert_eq!(stored.store(&stopped), Created::Created(ObjectStat::unknown()));
    assert_eq!(sweep(stored.tree.root()), Swept::default());
    assert!(stored.path().exists());
}

#[test]
fn an_object_that_is_swept_before_its_writer_goes_on_is_written_again() {
    let stored = Stored::new();
    std::fs::remove_file(stored.path()).unwrap();
    let root = stored.tree.root().to_owned();
    let swept = Arc::<AtomicU64>::default();
    let count = Arc::clone(&swept);
    let swept_meanwhile = Abandoned::with_hook(move |checks| {
        // First the file becomes old, then, once it is published, a sweep removes it.
        if checks == WRITTEN {
            age_temporary_files(&root);
        } else if checks == WRITTEN + 1 {
            count.fetch_add(sweep(&root).objects, Ordering::SeqCst);
        }
    });
    assert_eq!(stored.store(&swept_meanwhile), Created::Created(ObjectStat::unknown()));
    assert_eq!(swept.load(Ordering::SeqCst), 1, "the sweep came in between");
    assert_eq!(sweep(stored.tree.root()), Swept::default());
    assert!(stored.path().exists());
}

#[test]
fn an_object_whose_writer_was_stopped_before_it_replaced_another_is_young_afterwards() {
    let stored = Stored::new();
    let stopped = stored.stopped_writer();
    let renewed = renew(&stored.tree, &stored.name, &content(), None, &stopped).unwrap();
    assert_eq!(renewed, Renewed::Renewed(ObjectStat::unknown()));
    assert_eq!(sweep(stored.tree.root()), Swept::default());
    assert!(stored.path().exists());
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
