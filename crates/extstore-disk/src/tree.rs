//! The directories below the root: opened one level at a time, without following a link, and created
//! so that they survive a loss of power.

use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use extstore::Result;
use rustix::fs::{CWD, Dir, Mode, OFlags, mkdirat, open, openat};
use rustix::io::Errno;

use crate::error::{On, map};
use crate::layout::{OBJECTS, ObjectName, TMP};

/// Owner only. The umask can take bits away and add none.
const DIRECTORY_MODE: Mode = Mode::RWXU;
const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The root and what is known about the directories below it.
///
/// Every operation opens the directories that it needs anew: it costs microseconds beside an fsync, and
/// a root that was replaced is found again. It also gives each operation a lock of its own, because a lock
/// belongs to the open directory.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    /// Directories, by device and inode, whose entry in their parent this process has made durable.
    durable: Mutex<HashSet<(u64, u64)>>,
    stored_before: AtomicBool,
}

/// The open directories of one store.
#[derive(Debug)]
pub(crate) struct Places {
    /// Where files are written.
    pub(crate) tmp: File,
    /// Where the object belongs.
    pub(crate) shard: File,
}

impl Tree {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, durable: Mutex::default(), stored_before: AtomicBool::new(false) }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether nothing was stored through this tree yet; true once.
    pub(crate) fn is_first_store(&self) -> bool {
        !self.stored_before.swap(true, Ordering::Relaxed)
    }

    /// The directories that a store of this object needs; created where they are missing, and durable.
    pub(crate) fn make_places(&self, name: &ObjectName) -> Result<Places> {
        let root = self.make_root()?;
        // Nothing in `tmp` outlives its writer, so the directory need not outlive a loss of power either.
        let tmp = make(&root, TMP)?;
        let objects = self.make_durable(&root, OBJECTS)?;
        let shard = self.make_durable(&objects, &name.shard)?;
        Ok(Places { tmp, shard })
    }

    /// The directory of an object, for reading: nothing is created.
    ///
    /// # Errors
    ///
    /// `NotFound` where it is missing, `Config` where the root is: an unmounted volume is no lost object.
    pub(crate) fn find_shard(&self, name: &ObjectName) -> Result<File> {
        let objects = self.find(&self.find_root()?, OBJECTS)?;
        self.find(&objects, &name.shard)
    }

    /// The directory for files that are being written, if there is one.
    pub(crate) fn find_tmp(&self) -> Result<Option<File>> {
        existing(self.find(&self.find_root()?, TMP))
    }

    /// All directories of objects that there are.
    pub(crate) fn find_shards(&self) -> Result<Vec<File>> {
        let Some(objects) = existing(self.find(&self.find_root()?, OBJECTS))? else { return Ok(Vec::new()) };
        let names = names(&objects)?.into_iter().filter(|name| is_hex(name, ObjectName::SHARD_DIGITS));
        names.map(|name| self.find(&objects, &name)).collect()
    }

    fn find_root(&self) -> Result<File> {
        self.open_root().map_err(|error| map(On::Root, error))
    }

    fn open_root(&self) -> rustix::io::Result<File> {
        open(&self.root, DIRECTORY, Mode::empty()).map(File::from)
    }

    fn make_root(&self) -> Result<File> {
        let failed = |error| map(On::Root, error);
        let (root, made) = match self.open_root() {
            Err(Errno::NOENT) => {
                // Another process may have made it; what else is wrong, opening it says better.
                let made = mkdirat(CWD, &self.root, DIRECTORY_MODE).is_ok();
                (self.open_root().map_err(failed)?, made)
            }
            root => (root.map_err(failed)?, false),
        };
        self.once(&root, || match self.root.parent().map(File::open) {
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
        let directory = make(parent, name)?;
        self.once(&directory, || parent.sync_all())?;
        Ok(directory)
    }

    /// Syncs the parent of a directory that this process sees for the first time, whoever made it: another
    /// process may have made it a moment ago, and may lose power before it syncs.
    fn once(&self, directory: &File, sync_parent: impl FnOnce() -> std::io::Result<()>) -> Result<()> {
        let metadata = directory.metadata().map_err(|error| map(On::Directory, error))?;
        let id = (metadata.dev(), metadata.ino());
        if !self.durable().contains(&id) {
            sync_parent().map_err(|error| map(On::Directory, error))?;
            self.durable().insert(id);
        }
        Ok(())
    }

    fn durable(&self) -> MutexGuard<'_, HashSet<(u64, u64)>> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a directory below another, and creates it where it is missing.
fn make(parent: &File, name: &str) -> Result<File> {
    let opened = match below(parent, name) {
        Err(Errno::NOENT) => match mkdirat(parent, name, DIRECTORY_MODE) {
            Ok(()) | Err(Errno::EXIST) => below(parent, name),
            Err(error) => Err(error),
        },
        opened => opened,
    };
    opened.map_err(|error| map(On::Directory, error))
}

/// Opens a directory below another. A symbolic link is refused by the kernel.
fn below(parent: &File, name: &str) -> rustix::io::Result<File> {
    openat(parent, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty()).map(File::from)
}

fn existing(found: Result<File>) -> Result<Option<File>> {
    match found {
        Err(error) if error.kind() == extstore::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// The names in a directory. Names that are not UTF-8 are none of ours.
pub(crate) fn names(directory: &File) -> Result<Vec<String>> {
    let failed = |error| map(On::Directory, error);
    let mut names = Vec::new();
    for entry in Dir::read_from(directory).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().to_str().map(str::to_owned));
    }
    Ok(names)
}

/// Whether a name is that many hexadecimal digits, as all names of ours are.
pub(crate) fn is_hex(name: &str, digits: usize) -> bool {
    name.len() == digits && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
