//! Removes old objects, and the files that crashed writers left, without losing what is acknowledged meanwhile.
//!
//! # The race
//!
//! A store finds its object there, a sweep has judged the same object old and removes it, the store
//! acknowledges: the payload is lost. Two rules exclude it. An object's age counts from the time stamp of
//! its file, and the lock is an advisory lock on the object's directory.
//!
//! 1. Whoever finds an object there and means to rely on it ([`keep`]) sets its time stamp to now and makes
//!    that durable, all under the *shared* lock. Where the object has gone by then, it is created again.
//! 2. The sweep judges an object by its time stamp and removes it under one *exclusive* lock.
//!
//! So either the sweep comes first: then `keep` finds nothing and the object is written again. Or `keep`
//! comes first: then the sweep sees an object of age zero. A renewal holds the shared lock from its look
//! at the old file to the rename, so a sweep cannot remove the new file for the age of the old one. A fresh
//! object needs no lock while its file is young. A writer that was stopped between writing the file and giving it
//! its name (a closed laptop, a paused machine) finds its file old afterwards, and goes the way of those who find an
//! object there. Reading needs no lock: an open file stays readable.
//!
//! The engine may acknowledge a key that it remembers without asking again, for ten minutes at most.
//! [`MIN_SWEEP_AGE`] is several times as long, and covers the time from `keep` to the acknowledgement too.
//!
//! # Temporary files
//!
//! A writer holds an exclusive lock on its temporary file until it has removed it. A temporary file that can
//! be locked belongs to a writer that is dead, however young it is. A writer that is between creating and
//! locking its file finds out when it has the lock, and begins again.

use std::fs::{File, TryLockError};
use std::time::{Duration, SystemTime};

use extstore::object::KNOWN_KEYS_LIFETIME;
use extstore::{ErrorKind, Result};
use rustix::fs::{AtFlags, Mode, OFlags, openat, unlinkat};

use crate::blocking::Abandoned;
use crate::error::{On, map};
use crate::layout::ObjectName;
use crate::lock::Lock;
use crate::read::Object;
use crate::tree::{SUFFIX, Tree, is_hex, names, sync};

/// Sets the smallest age that a sweep accepts: one hour, six times what the engine remembers a stored key.
pub const MIN_SWEEP_AGE: Duration = Duration::from_secs(3600);
const _: () = assert!(MIN_SWEEP_AGE.as_secs() >= 6 * KNOWN_KEYS_LIFETIME.as_secs());

/// Counts what a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// The number of removed objects, which were older than the given age.
    pub objects: u64,
    /// The bytes of the removed objects together.
    pub bytes: u64,
    /// The number of removed temporary files, whose writers are dead.
    pub leftovers: u64,
}

/// Makes sure that the object of this name stays and that its name is durable; says whether it is there.
///
/// It does not look at the content: the engine does, and replaces a wrong object.
pub(crate) fn keep(shard: &File, name: &str, abandoned: &Abandoned) -> Result<bool> {
    let lock = Lock::shared(shard, abandoned)?;
    let object = match Object::open(shard, name) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        object => object?,
    };
    make_young(&object.file)?;
    drop(lock);
    // Whoever created it may not have come to this yet, and may never.
    sync(shard)?;
    Ok(true)
}

/// Sets the time stamp of an object to now and makes that durable. The caller holds the shared lock.
pub(crate) fn make_young(file: &File) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
    let renewed = file.set_modified(SystemTime::now()).and_then(|()| file.sync_all());
    renewed.map_err(|error| map(On::Object, error))
}

/// Removes objects older than `older_than`, and the temporary files of dead writers.
///
/// A directory that cannot be swept is passed over, and its error is reported after the others were swept:
/// one stray link must not keep the disk filling up.
pub(crate) fn run(tree: &Tree, older_than: Duration, abandoned: &Abandoned) -> Result<Swept> {
    if older_than < MIN_SWEEP_AGE {
        let text =
            format!("older_than must be at least {MIN_SWEEP_AGE:?}: stores may rely on younger objects");
        return Err(ErrorKind::Config.error(text));
    }
    let mut swept = Swept::default();
    let mut outcome = sweep_tmp(tree, &mut swept);
    for shard in tree.shard_names()? {
        abandoned.check()?;
        outcome = outcome.and(sweep_shard(tree, &shard, older_than, abandoned, &mut swept));
    }
    outcome.map(|()| swept)
}

fn sweep_tmp(tree: &Tree, swept: &mut Swept) -> Result<()> {
    if let Some(tmp) = tree.find_tmp()? {
        swept.leftovers = leftovers(&tmp)?;
    }
    Ok(())
}

fn sweep_shard(
    tree: &Tree,
    shard: &str,
    older_than: Duration,
    abandoned: &Abandoned,
    swept: &mut Swept,
) -> Result<()> {
    let Some(shard) = &tree.find_shard_to_sweep(shard)? else { return Ok(()) };
    for name in names(shard)?.iter().filter(|name| is_hex(name, ObjectName::FILE_DIGITS)) {
        // A first look without the lock, because most objects are young.
        if len_of_old(shard, name, older_than)?.is_none() {
            continue;
        }
        let _lock = Lock::exclusive(shard, abandoned)?;
        if let Some(len) = len_of_old(shard, name, older_than)? {
            unlinkat(shard, name.as_str(), AtFlags::empty()).map_err(|error| map(On::Object, error))?;
            swept.objects += 1;
            swept.bytes += len;
        }
    }
    Ok(())
}

/// Finds the length of an object that is older than `older_than`. What is no regular file is left to its author.
fn len_of_old(shard: &File, name: &str, older_than: Duration) -> Result<Option<u64>> {
    let stat = match Object::open(shard, name) {
        Ok(object) => object.stat(),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Integrity) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(stat.age.filter(|age| *age > older_than).and(stat.len))
}

/// Removes what earlier processes left, before the first store of this one. A failure is only logged.
pub(crate) fn after_a_crash(tmp: &File) {
    match leftovers(tmp) {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "removed temporary files of writers that had crashed"),
        Err(error) => tracing::warn!(%error, "temporary files of crashed writers could not be removed"),
    }
}

fn leftovers(tmp: &File) -> Result<u64> {
    let mut removed = 0;
    for name in names(tmp)?.iter().filter(|name| name.ends_with(SUFFIX)) {
        removed += u64::from(remove_if_dead(tmp, name)?);
    }
    Ok(removed)
}

/// Holds the lock while it removes the name, so that a writer which is just beginning notices.
fn remove_if_dead(tmp: &File, name: &str) -> Result<bool> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    // Whatever cannot be opened has gone, or is not ours.
    let Ok(file) = openat(tmp, name, flags, Mode::empty()).map(File::from) else { return Ok(false) };
    match file.try_lock() {
        Ok(()) => Ok(unlinkat(tmp, name, AtFlags::empty()).is_ok()),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(map(On::Temporary, error)),
    }
}

#[cfg(test)]
mod tests;
