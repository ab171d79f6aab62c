//! Opens an object's file without following a link, and reads it in few large pieces.

use std::fs::{File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::time::SystemTime;

use bytes::Bytes;
use extstore::object::{ObjectStat, ObjectVersion};
use extstore::{ErrorKind, Result};
use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use crate::error::{On, map};
use crate::layout::ObjectName;
use crate::tree::Tree;

/// Sets the size up to which a file is read in one piece, which the engine then keeps without copying it.
const WHOLE: u64 = 16 << 20;
/// Sets the size of a piece of a larger file.
const PIECE: u64 = 4 << 20;

/// Does not wait for a writer, should somebody have put a pipe there.
const OBJECT: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// Holds an object that is open for reading.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) file: File,
    pub(crate) metadata: Metadata,
}

impl Object {
    /// Opens the object of a name.
    pub(crate) fn find(tree: &Tree, name: &ObjectName) -> Result<Self> {
        Self::open(&tree.find_shard(name)?, &name.file)
    }

    /// Opens a file of a shard, and only a regular one.
    pub(crate) fn open(shard: &File, name: &str) -> Result<Self> {
        let failed = |error: std::io::Error| map(On::Object, error);
        let file =
            File::from(openat(shard, name, OBJECT, Mode::empty()).map_err(|error| failed(error.into()))?);
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_file() { Ok(Self { file, metadata }) } else { Err(failed(Errno::ISDIR.into())) }
    }

    /// Says what is known of the object. The age is that of the file's last write or renewal by the clock of this machine.
    pub(crate) fn stat(&self) -> ObjectStat {
        #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
        let age = self.metadata.modified().map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
        ObjectStat::new(self.metadata.len()).with_age(age.ok()).with_version(Some(self.version()))
    }

    /// Tells two files of one name apart: a replaced file is another inode. The time of its last change is left out on purpose: a renewal
    /// by time stamp does not make it another object, and must not fail somebody else's repair.
    pub(crate) fn version(&self) -> ObjectVersion {
        ObjectVersion(format!("{}-{}", self.metadata.ino(), self.metadata.len()))
    }
}

/// Returns the number of bytes of `left` that are read next.
fn next_piece(left: u64) -> u64 {
    if left <= WHOLE { left } else { PIECE }
}

/// Reads the next piece; `left` is what the file's length promised.
///
/// # Errors
///
/// `Unavailable` where the file ends before.
pub(crate) fn piece(mut file: &File, left: u64) -> Result<Bytes> {
    let wanted = next_piece(left);
    let mut buffer = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
    let read = file.by_ref().take(wanted).read_to_end(&mut buffer).map_err(|error| map(On::Object, error))?;
    if read as u64 != wanted {
        return Err(ErrorKind::Unavailable.error("the file became shorter while it was read"));
    }
    Ok(buffer.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_payload_is_one_piece_and_a_large_one_is_several() {
        assert_eq!(next_piece(0), 0);
        assert_eq!(next_piece(WHOLE), WHOLE);
        assert_eq!(next_piece(WHOLE + 1), PIECE);
    }

    #[test]
    fn a_file_that_ends_early_is_an_error_and_not_an_end() {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, b"abc").unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        assert_eq!(piece(&file, 3).unwrap(), "abc");
        assert_eq!(piece(&file, 1).unwrap_err().kind(), ErrorKind::Unavailable);
    }
}
