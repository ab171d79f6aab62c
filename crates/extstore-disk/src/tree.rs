//! Opens the directories under the root one level at a time, without following a link, and creates them so that they
//! survive a loss of power.

use std::collections::HashSet;
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use extstore::Result;
use extstore::object::StoreIdentity;
use rustix::fs::{CWD, Dir, Mode, OFlags, mkdirat, open, openat};
use rustix::io::Errno;

use crate::error::{On, map};
use crate::file_system::FileSystem;
use crate::layout::{DISK_DRIVER_TYPE, OBJECTS, ObjectName, TMP};

/// Ends the name of every temporary file.
pub(crate) const SUFFIX: &str = ".part";
/// Allows the owner only. The umask can take bits away and add none.
const DIRECTORY_MODE: Mode = Mode::RWXU;
const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Holds the path of the root, and which directories under it are durable.
///
/// Every operation opens the directories that it needs anew: it costs microseconds beside an fsync, and
/// a root that was replaced is found again, though never created again. It also gives each operation a lock of its own, because a lock
/// belongs to the open directory.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    /// Directories whose entry in their parent this process has made durable.
    durable: Mutex<HashSet<Identity>>,
    /// The root was open before. Where it is missing now, its volume is missing, and what is stored under a new root
    /// would disappear when the volume comes back.
    had_root: AtomicBool,
    stored_before: AtomicBool,
    file_system: fn(&File) -> FileSystem,
}

/// Identifies a directory by its device, inode and birth. A file system gives the inode of a directory that was removed
/// to the next one.
type Identity = (u64, u64, SystemTime);

/// Holds the open directories of one store.
#[derive(Debug)]
pub(crate) struct Places {
    /// The directory in which files are written.
    pub(crate) tmp: File,
    /// The directory that the object belongs in.
    pub(crate) shard: File,
}

impl Tree {
    /// Says that drivers over one root reach the same objects. Links in the path are not followed, because a driver is
    /// made without touching the disk: two paths to one directory count as two stores, which costs a cache hit.
    pub(crate) fn identity(&self) -> StoreIdentity {
        // The parts of the path, without the slashes that do not matter, and with every byte that is no text kept.
        let root: PathBuf = self.root.components().collect();
        StoreIdentity::new([DISK_DRIVER_TYPE, &root.as_os_str().as_bytes().escape_ascii().to_string()])
    }

    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            durable: Mutex::default(),
            had_root: AtomicBool::new(false),
            stored_before: AtomicBool::new(false),
            file_system: FileSystem::of,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Says once that nothing was stored through this tree yet.
    pub(crate) fn is_first_store(&self) -> bool {
        !self.stored_before.swap(true, Ordering::Relaxed)
    }

    /// Refuses a root, or the parent of one that is still missing, on a network file system. What cannot be opened is
    /// left to those who need it.
    pub(crate) fn check_file_system(&self) -> Result<()> {
        let parent = || self.root.parent().and_then(|parent| File::open(parent).ok());
        let directory = self.open_root().ok().or_else(parent);
        directory.map_or(Ok(()), |directory| (self.file_system)(&directory).check())
    }

    /// Pretends that the root is on another file system.
    #[cfg(test)]
    pub(crate) fn on(self, file_system: fn(&File) -> FileSystem) -> Self {
        Self { file_system, ..self }
    }

    /// Opens the directories that a store of this object needs, creates those that are missing, and makes them
    /// durable.
    pub(crate) fn make_places(&self, name: &ObjectName) -> Result<Places> {
        let root = self.make_root()?;
        // Nothing in `tmp` outlives its writer, so the directory need not outlive a loss of power either.
        let (tmp, _) = make(&root, TMP)?;
        let objects = self.make_durable(&root, OBJECTS)?;
        let shard = self.make_durable(&objects, &name.shard)?;
        Ok(Places { tmp, shard })
    }

    /// Opens the directory of an object for reading, and creates nothing.
    ///
    /// # Errors
    ///
    /// `NotFound` where it is missing, `Config` where the root is: an unmounted volume is no lost object.
    pub(crate) fn find_shard(&self, name: &ObjectName) -> Result<File> {
        let objects = self.find(&self.find_root()?, OBJECTS)?;
        self.find(&objects, &name.shard)
    }

    /// Opens the directory for files that are being written, if there is one.
    pub(crate) fn find_tmp(&self) -> Result<Option<File>> {
        existing(self.find(&self.find_root()?, TMP))
    }

    /// Lists the names of all directories of objects, and of whatever else is called like one.
    pub(crate) fn shard_names(&self) -> Result<Vec<String>> {
        let Some(objects) = existing(self.find(&self.find_root()?, OBJECTS))? else { return Ok(Vec::new()) };
        let mut names = names(&objects)?;
        names.retain(|name| is_hex(name, ObjectName::SHARD_DIGITS));
        Ok(names)
    }

    /// A directory of objects by its name, unless it was removed meanwhile.
    pub(crate) fn find_shard_to_sweep(&self, name: &str) -> Result<Option<File>> {
        let objects = self.find(&self.find_root()?, OBJECTS);
        existing(objects.and_then(|objects| self.find(&objects, name)))
    }

    fn find_root(&self) -> Result<File> {
        let had_root = self.had_root();
        self.open_root().map_err(|error| map(if had_root { On::LostRoot } else { On::Root }, error))
    }

    fn open_root(&self) -> rustix::io::Result<File> {
        let root = open(&self.root, DIRECTORY, Mode::empty()).map(File::from)?;
        self.had_root.store(true, Ordering::SeqCst);
        Ok(root)
    }

    fn had_root(&self) -> bool {
        self.had_root.load(Ordering::SeqCst)
    }

    fn make_root(&self) -> Result<File> {
        // Asked before the root is looked for: another thread may make it after we did not find it.
        let had_root = self.had_root();
        let failed = |error| map(if had_root { On::LostRoot } else { On::Root }, error);
        let (root, made) = match self.open_root() {
            Err(Errno::NOENT) if !had_root => {
                // Another process may have made it; what else is wrong, opening it says better.
                let made = mkdirat(CWD, &self.root, DIRECTORY_MODE).is_ok();
                (self.open_root().map_err(failed)?, made)
            }
            root => (root.map_err(failed)?, false),
        };
        self.once(&root, made, || match self.root.parent().map(File::open) {
            Some(Ok(parent)) => parent.sync_all(),
            // An administrator made the root below a directory that we may not read.
            Some(Err(error)) if made => Err(error),
            Some(Err(_)) | None => Ok(()),
        })?;
        Ok(root)
    }

    fn find(&self, parent: &File, name: &str) -> Result<File> {
        below(parent, name).map_err(|error| {
            // Without its directory there is no object.
            map(if error == Errno::NOENT { On::Object } else { On::Directory }, error)
        })
    }

    fn make_durable(&self, parent: &File, name: &str) -> Result<File> {
        let (directory, made) = make(parent, name)?;
        self.once(&directory, made, || parent.sync_all())?;
        Ok(directory)
    }

    /// Syncs the parent of a directory that this process made, or sees for the first time, whichever process made it:
    /// another process may have made it a moment ago, and may lose power before it syncs.
    fn once(
        &self,
        directory: &File,
        made: bool,
        sync_parent: impl FnOnce() -> std::io::Result<()>,
    ) -> Result<()> {
        let metadata = directory.metadata().map_err(|error| map(On::Directory, error))?;
        // Where the file system knows no birth, the directory cannot be told from an earlier one.
        let id = metadata.created().ok().map(|born| (metadata.dev(), metadata.ino(), born));
        let known = id.is_some_and(|id| self.durable().contains(&id));
        if made || !known {
            sync_parent().map_err(|error| map(On::Directory, error))?;
            self.durable().extend(id);
        }
        Ok(())
    }

    fn durable(&self) -> MutexGuard<'_, HashSet<Identity>> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a directory in another, and creates it where it is missing; says whether it did.
fn make(parent: &File, name: &str) -> Result<(File, bool)> {
    let opened = match below(parent, name) {
        Err(Errno::NOENT) => match mkdirat(parent, name, DIRECTORY_MODE) {
            Ok(()) => below(parent, name).map(|directory| (directory, true)),
            Err(Errno::EXIST) => below(parent, name).map(|directory| (directory, false)),
            Err(error) => Err(error),
        },
        opened => opened.map(|directory| (directory, false)),
    };
    opened.map_err(|error| map(On::Directory, error))
}

/// Opens a directory in another. A symbolic link is refused by the kernel.
fn below(parent: &File, name: &str) -> rustix::io::Result<File> {
    openat(parent, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty()).map(File::from)
}

fn existing(found: Result<File>) -> Result<Option<File>> {
    match found {
        Err(error) if error.kind() == extstore::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Makes the names in a directory durable.
pub(crate) fn sync(directory: &File) -> Result<()> {
    directory.sync_all().map_err(|error| map(On::Directory, error))
}

/// Lists the names in a directory, without those that are not UTF-8, which the driver never writes.
pub(crate) fn names(directory: &File) -> Result<Vec<String>> {
    let failed = |error| map(On::Directory, error);
    let mut names = Vec::new();
    for entry in Dir::read_from(directory).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().to_str().map(str::to_owned));
    }
    Ok(names)
}

/// Says whether a name is that many hexadecimal digits, as all names of the driver are.
pub(crate) fn is_hex(name: &str, digits: usize) -> bool {
    name.len() == digits && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use extstore::ErrorKind;

    use super::*;

    #[test]
    fn two_roots_are_two_stores_and_two_spellings_of_one_root_are_one() {
        let identity = |root: &[u8]| Tree::new(PathBuf::from(OsStr::from_bytes(root))).identity();
        assert_eq!(identity(b"/srv/payloads"), identity(b"/srv//payloads/"));
        for other in
            [&b"/srv/payloads2"[..], b"/srv/pay\xffloads", b"/srv/pay\xfeloads", b"/srv/pay\\xffloads"]
        {
            assert_ne!(identity(b"/srv/payloads"), identity(other));
            assert_eq!(identity(other), identity(other));
        }
        assert_ne!(identity(b"/srv/\xff"), identity(b"/srv/\xfe"));
        assert_ne!(identity(b"/srv/\xff"), identity(b"/srv/\\xff"));
    }

    /// Says whether the parent of a directory is synced that somebody else made.
    fn is_synced(tree: &Tree, directory: &Path) -> bool {
        let mut synced = false;
        let sync_parent = || {
            synced = true;
            Ok(())
        };
        tree.once(&File::open(directory).unwrap(), false, sync_parent).unwrap();
        synced
    }

    #[test]
    fn a_directory_with_the_inode_of_one_that_was_removed_is_another_directory() {
        let around = tempfile::tempdir().unwrap();
        let directory = around.path().join("objects");
        let tree = Tree::new(around.path().to_owned());
        let birth = || directory.metadata().unwrap().created();
        std::fs::create_dir(&directory).unwrap();
        assert!(is_synced(&tree, &directory));
        let Ok(born) = birth() else {
            assert!(is_synced(&tree, &directory), "without a birth, every time is the first");
            return;
        };
        assert!(!is_synced(&tree, &directory));
        // The clock of a file system advances in ticks of some milliseconds.
        while birth().unwrap() == born {
            std::fs::remove_dir(&directory).unwrap();
            std::fs::create_dir(&directory).unwrap();
        }
        assert!(is_synced(&tree, &directory));
    }

    #[test]
    fn a_root_that_was_there_is_not_created_again() {
        let around = tempfile::tempdir().unwrap();
        let root = around.path().join("root");
        let (tree, name) = (Tree::new(root.clone()), ObjectName::of("key"));
        tree.make_places(&name).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        for error in [tree.make_places(&name).unwrap_err(), tree.find_shard(&name).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains("mounted"), "{error}");
        }
        assert!(!root.exists());
        std::fs::create_dir(&root).unwrap();
        assert!(tree.make_places(&name).is_ok(), "the volume is back");
    }

    #[test]
    fn a_root_that_was_only_read_is_not_created_again_either() {
        let around = tempfile::tempdir().unwrap();
        let root = around.path().join("root");
        let (tree, name) = (Tree::new(root.clone()), ObjectName::of("key"));
        std::fs::create_dir(&root).unwrap();
        assert_eq!(tree.find_shard(&name).unwrap_err().kind(), ErrorKind::NotFound);
        std::fs::remove_dir(&root).unwrap();
        assert_eq!(tree.make_places(&name).unwrap_err().kind(), ErrorKind::Config);
        assert!(!root.exists());
    }
}
