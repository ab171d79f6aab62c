//! Writes objects: a temporary file is written and synced, then takes the object's name, then the name is synced.
//!
//! Nothing partial ever has an object's name, whenever the process, the machine or the caller goes away.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, SystemTime};

use extstore::object::{Content, Created, ObjectStat, ObjectVersion, Renewed};
use extstore::{ErrorKind, Result};
use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, XattrFlags, fsetxattr, linkat, openat, renameat, renameat_with,
    unlinkat,
};
use rustix::io::Errno;

use crate::blocking::Abandoned;
use crate::error::{On, map};
use crate::layout::ObjectName;
use crate::lock::Lock;
use crate::read::Object;
use crate::sweep;
use crate::tree::{Places, SUFFIX, Tree, sync};

/// Names the extended attribute that holds an object's key.
pub(crate) const KEY_ATTRIBUTE: &str = "user.extstore.key";
/// Lets the owner read and write, and nobody else.
const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);
const NEW_FILE: OFlags =
    OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Sets the number of bytes that are written between two checks that somebody still waits.
const PIECE: usize = 1 << 20;
/// Bounds the number of times that a sweep may take the object, or the temporary file, before the store fails.
const ROUNDS: usize = 8;
/// Sets the age up to which a file is acknowledged without a new time stamp. It is older only where its writer was
/// stopped meanwhile (a closed laptop, a paused machine), and then a sweep may judge it too old.
const YOUNG: Duration = Duration::from_secs(60);

/// Creates an object unless one is there. In both cases its content and its name are durable, and it is
/// young, so that no sweep removes what is acknowledged now: see [`sweep`](crate::sweep).
pub(crate) fn create(
    tree: &Tree,
    name: &ObjectName,
    content: &Content,
    abandoned: &Abandoned,
) -> Result<Created> {
    let Places { tmp, shard } = tree.make_places(name)?;
    if tree.is_first_store() {
        sweep::after_a_crash(&tmp);
    }
    // Most of what is there was stored long ago: it is not written for nothing.
    if sweep::keep(&shard, &name.file, abandoned)? {
        return Ok(Created::Exists(None));
    }
    let mut temporary = Temporary::write(&tmp, &name.key, content, abandoned)?;
    for _ in 0..ROUNDS {
        abandoned.check()?;
        let published = temporary.publish(&shard, &name.file)?;
        if published {
            sync(&shard)?;
            if temporary.is_young() {
                return Ok(Created::Created(ObjectStat::unknown()));
            }
        }
        abandoned.check()?;
        if sweep::keep(&shard, &name.file, abandoned)? {
            return Ok(if published {
                Created::Created(ObjectStat::unknown())
            } else {
                Created::Exists(None)
            });
        }
        if published {
            // A sweep removed it for its age, so it takes a new file to publish it again.
            temporary = Temporary::write(&tmp, &name.key, content, abandoned)?;
        }
    }
    Err(ErrorKind::Conflict.error("the object appeared and disappeared again and again"))
}

/// Replaces an object, atomically, while it has the version that was seen.
///
/// It always rewrites. A time stamp would do where the content is right, but [`create`] has set it then.
/// Two renewals at once both write the content that the key's digest demands, so either may win.
pub(crate) fn renew(
    tree: &Tree,
    name: &ObjectName,
    content: &Content,
    version: Option<&ObjectVersion>,
    abandoned: &Abandoned,
) -> Result<Renewed> {
    let Places { tmp, shard } = tree.make_places(name)?;
    let temporary = Temporary::write(&tmp, &name.key, content, abandoned)?;
    // A sweep that judged the old file must not remove the new one.
    let _lock = Lock::shared(&shard, abandoned)?;
    if let Some(seen) = version {
        match Object::open(&shard, &name.file) {
            Ok(object) if object.version() == *seen => {}
            Ok(_) => return Ok(Renewed::Changed),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Renewed::Gone),
            Err(error) => return Err(error),
        }
    }
    abandoned.check()?;
    temporary.replace(&shard, &name.file)?;
    sync(&shard)?;
    if !temporary.is_young() {
        sweep::make_young(&temporary.file)?;
    }
    Ok(Renewed::Renewed(ObjectStat::unknown()))
}

/// Holds a whole and synced file under a name that no reader looks at. It is locked until its writer ends, and
/// removed when it is dropped.
#[derive(Debug)]
struct Temporary<'a> {
    directory: &'a File,
    name: String,
    file: File,
}

impl<'a> Temporary<'a> {
    fn write(directory: &'a File, key: &str, content: &Content, abandoned: &Abandoned) -> Result<Self> {
        let temporary = Self::new(directory, abandoned)?;
        temporary.label(key);
        let failed = |error| map(On::Temporary, error);
        for piece in content.body().segments().iter().flat_map(|segment| segment.chunks(PIECE)) {
            abandoned.check()?;
            (&temporary.file).write_all(piece).map_err(failed)?;
        }
        abandoned.check()?;
        temporary.file.sync_all().map_err(failed)?;
        Ok(temporary)
    }

    fn new(directory: &'a File, abandoned: &Abandoned) -> Result<Self> {
        for _ in 0..ROUNDS {
            let name = format!("{:016x}{SUFFIX}", fastrand::u64(..));
            let file = match openat(directory, name.as_str(), NEW_FILE, FILE_MODE) {
                Ok(file) => File::from(file),
                Err(Errno::EXIST) => continue,
                Err(error) => return Err(map(On::Temporary, error)),
            };
            let temporary = Self { directory, name, file };
            // A sweep that looked between these two steps took the file for a dead writer's.
            Lock::exclusive(&temporary.file, abandoned)?.keep();
            let metadata = temporary.file.metadata().map_err(|error| map(On::Temporary, error))?;
            if metadata.nlink() > 0 {
                return Ok(temporary);
            }
        }
        Err(ErrorKind::Conflict.error("temporary files disappear while they are written"))
    }

    /// Writes the key into the file's attributes, from which a namespace can be listed: the file's name is a hash.
    /// Nothing that the driver promises depends on it, and not every file system takes it.
    fn label(&self, key: &str) {
        if let Err(error) = fsetxattr(&self.file, KEY_ATTRIBUTE, key.as_bytes(), XattrFlags::empty()) {
            tracing::debug!(%error, "the file system does not take the extended attribute that holds an object's key");
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
    fn is_young(&self) -> bool {
        let modified = self.file.metadata().and_then(|metadata| metadata.modified());
        // A time stamp in the future is one that a clock which was set back has left.
        modified.is_ok_and(|at| SystemTime::now().duration_since(at).unwrap_or_default() < YOUNG)
    }

    /// Gives the file an object's name unless that is taken; says whether it did.
    fn publish(&self, shard: &File, name: &str) -> Result<bool> {
        let linked = match linkat(self.directory, self.name.as_str(), shard, name, AtFlags::empty()) {
            // File systems without hard links answer with one of these.
            Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK) => {
                renameat_with(self.directory, self.name.as_str(), shard, name, RenameFlags::NOREPLACE)
            }
            linked => linked,
        };
        match linked {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(map(On::Publish, error)),
        }
    }

    /// Gives the file an object's name, whatever has it now. A link of that name is replaced, not followed.
    fn replace(&self, shard: &File, name: &str) -> Result<()> {
        renameat(self.directory, self.name.as_str(), shard, name).map_err(|error| map(On::Publish, error))
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        // Absent after a rename; anything else is swept later.
        let _ = unlinkat(self.directory, self.name.as_str(), AtFlags::empty());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use bytes::Bytes;
    use extstore::{Body, Digest};
    use rustix::fs::{getxattr, setxattr};

    use super::*;

    fn content(len: usize) -> Content {
        let body = Body::from(Bytes::from(vec![1; len]));
        let digest = Digest::of(&body);
        Content::new(body, digest)
    }

    fn is_empty(directory: &std::path::Path) -> bool {
        directory.read_dir().unwrap().next().is_none()
    }

    #[test]
    fn one_of_sixteen_creators_creates() {
        let directory = tempfile::tempdir().unwrap();
        let (name, content, barrier) = (ObjectName::of("key"), content(100_000), Barrier::new(16));
        let create = || {
            let tree = Tree::new(directory.path().join("root"));
            barrier.wait();
            create(&tree, &name, &content, &Abandoned::default()).unwrap()
        };
        let created = std::thread::scope(|scope| {
            let creators: Vec<_> = (0..16).map(|_| scope.spawn(create)).collect();
            creators.into_iter().filter_map(|creator| creator.join().ok()).collect::<Vec<_>>()
        });
        assert_eq!(created.len(), 16);
        assert_eq!(created.iter().filter(|created| matches!(created, Created::Created(_))).count(), 1);
        assert!(is_empty(&directory.path().join("root/tmp")));
    }

    #[test]
    fn work_that_is_given_up_removes_its_file_and_publishes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (tree, name) = (Tree::new(directory.path().join("root")), ObjectName::of("key"));
        let abandoned = Abandoned::default();
        abandoned.set();
        assert!(create(&tree, &name, &content(10), &abandoned).is_err());
        assert!(renew(&tree, &name, &content(10), None, &abandoned).is_err());
        assert!(is_empty(&directory.path().join("root/tmp")));
        assert!(is_empty(&directory.path().join("root/objects").join(&name.shard)));
    }

    fn key_of(path: &std::path::Path) -> Option<Vec<u8>> {
        let mut buffer = [0; 64];
        let len = getxattr(path, KEY_ATTRIBUTE, &mut buffer).ok()?;
        Some(buffer[..len].to_vec())
    }

    #[test]
    fn an_object_carries_its_key_where_the_file_system_takes_attributes() {
        let directory = tempfile::tempdir().unwrap();
        let takes_them = setxattr(directory.path(), "user.probe", b"", XattrFlags::empty()).is_ok();
        let expected = takes_them.then(|| b"v0/key".to_vec());
        let (tree, name) = (Tree::new(directory.path().join("root")), ObjectName::of("v0/key"));
        let path = directory.path().join("root").join(crate::object_path("v0/key"));
        create(&tree, &name, &content(10), &Abandoned::default()).unwrap();
        assert_eq!(key_of(&path), expected);
        renew(&tree, &name, &content(20), None, &Abandoned::default()).unwrap();
        assert_eq!(key_of(&path), expected, "a renewed object is another file");
    }

    #[test]
    fn a_renewal_under_a_version_replaces_only_what_was_seen() {
        let directory = tempfile::tempdir().unwrap();
        let (tree, name) = (Tree::new(directory.path().join("root")), ObjectName::of("key"));
        let go_on = Abandoned::default();
        create(&tree, &name, &content(10), &go_on).unwrap();
        let seen = Object::find(&tree, &name).unwrap().version();
        let renew = |version| renew(&tree, &name, &content(20), version, &go_on).unwrap();
        assert!(matches!(renew(Some(&seen)), Renewed::Renewed(_)));
        assert_eq!(Object::find(&tree, &name).unwrap().metadata.len(), 20);
        assert_eq!(renew(Some(&seen)), Renewed::Changed);
        std::fs::remove_file(directory.path().join("root").join(crate::object_path("key"))).unwrap();
        assert_eq!(renew(Some(&seen)), Renewed::Gone);
        assert!(matches!(renew(None), Renewed::Renewed(_)));
    }
}
