//! Maps the operating system's errors, once, to kinds that tell an operator what to do.

use std::io;

use extstore::ErrorKind::{
    Config, Integrity, NotFound, PermissionDenied, TooLarge, Unavailable, Unsupported,
};
use extstore::{Error, Vendor};
use rustix::io::Errno;

/// Names the thing that a system call worked on when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    /// The configured root.
    Root,
    /// The configured root, which was there before.
    LostRoot,
    /// A directory under the root.
    Directory,
    /// The file of an object.
    Object,
    /// A file in `tmp/`.
    Temporary,
    /// The step that gives a written file its final name.
    Publish,
}

/// Maps an error of the operating system; its text stays in `source()`.
pub(crate) fn map(on: On, error: impl Into<io::Error>) -> Error {
    let error = error.into();
    let number = Errno::from_io_error(&error);
    let (kind, code, text) = match (number.unwrap_or(Errno::IO), on) {
        (Errno::NOENT, On::Root) => (
            Config,
            "ENOENT",
            "the root directory does not exist; create it, or mount the volume that holds it",
        ),
        (Errno::NOENT, On::LostRoot) => (Config, "ENOENT", "the root has gone; is its volume mounted?"),
        (Errno::NOENT, On::Object) => (NotFound, "ENOENT", "there is no object at this location"),
        (Errno::NOENT, _) => (Unavailable, "ENOENT", "the directories were changed while they were in use"),
        (Errno::LOOP | Errno::NOTDIR, On::Root | On::LostRoot) => {
            (Config, "ENOTDIR", "the root is not a directory")
        }
        (Errno::LOOP | Errno::NOTDIR, On::Directory) => {
            let text = "something that is not a directory, such as a symbolic link, stands in the way below the root; \
                        nothing was read or written through it: remove it";
            (Config, "ENOTDIR", text)
        }
        (Errno::LOOP | Errno::NOTDIR | Errno::ISDIR | Errno::NXIO, On::Object) => {
            let text = "something that is not a regular file, such as a symbolic link, stands in the place of the \
                        object; nothing was read or written through it: remove it";
            (Integrity, "ELOOP", text)
        }
        (Errno::ACCESS, _) => (PermissionDenied, "EACCES", "access denied"),
        (Errno::PERM, _) => (PermissionDenied, "EPERM", "access denied"),
        (Errno::ROFS, _) => (Config, "EROFS", "the file system is mounted read-only"),
        (Errno::NOSPC, _) => (Unavailable, "ENOSPC", "the disk is full; nothing was stored"),
        (Errno::DQUOT, _) => (Unavailable, "EDQUOT", "the disk quota is used up; nothing was stored"),
        (Errno::FBIG, _) => {
            (TooLarge, "EFBIG", "the file would exceed the limit of the file system or of `ulimit -f`")
        }
        (Errno::MFILE | Errno::NFILE, _) => (Unavailable, "EMFILE", "too many open files; raise their limit"),
        (Errno::XDEV, On::Publish) => {
            (Config, "EXDEV", "`tmp` and `objects` of one root must lie on one file system")
        }
        (Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP, On::Publish) => {
            let text = "the file system of the root can neither link files nor rename them without replacing; \
                        choose a root on a local file system";
            (Unsupported, "EOPNOTSUPP", text)
        }
        (Errno::NAMETOOLONG | Errno::INVAL, On::Root | On::LostRoot) => {
            (Config, "ENAMETOOLONG", "the root is not a usable path")
        }
        (Errno::IO, _) => (Unavailable, "EIO", "the disk failed"),
        (_, _) => (Unavailable, "other", "the file system refused the request"),
    };
    kind.error(text).with_vendor(Vendor::default().with_code(Some(code))).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use extstore::ErrorKind;

    #[test]
    fn absent_is_not_forbidden_and_a_lost_volume_is_not_a_lost_object() {
        assert_eq!(map(On::Object, Errno::NOENT).kind(), ErrorKind::NotFound);
        assert_eq!(map(On::Root, Errno::NOENT).kind(), ErrorKind::Config);
        assert_eq!(map(On::LostRoot, Errno::NOENT).kind(), ErrorKind::Config);
        assert_eq!(map(On::Object, Errno::ACCESS).kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_full_disk_may_be_tried_again_later() {
        for errno in [Errno::NOSPC, Errno::DQUOT] {
            let error = map(On::Temporary, errno);
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert_eq!(error.retry(), extstore::Retry::Later);
            assert!(error.message().contains("nothing was stored"), "{error}");
        }
    }

    #[test]
    fn links_in_the_way_are_named_as_such() {
        assert_eq!(map(On::Directory, Errno::LOOP).kind(), ErrorKind::Config);
        assert_eq!(map(On::Object, Errno::LOOP).kind(), ErrorKind::Integrity);
        assert!(map(On::Object, Errno::LOOP).message().contains("symbolic link"));
    }

    #[test]
    fn the_operating_systems_text_stays_in_the_source() {
        let error = map(On::Object, Errno::IO);
        assert_eq!(error.vendor().code.as_deref(), Some("EIO"));
        assert!(std::error::Error::source(&error).is_some());
    }
}
