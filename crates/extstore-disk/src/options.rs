//! Collects the driver's options: the engine's and the disk's own.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use extstore::object::ObjectOptions;
use extstore::{ErrorKind, Result};

use crate::layout::is_path_like;

/// Configures a [`DiskDriver`](crate::DiskDriver). Options are checked when the driver is made.
///
/// * A directory has no containers: claims are allowed with [`Readable::prefix`](extstore::object::Readable::prefix).
/// * [`with_refresh_after`](Self::with_refresh_after) is rarely needed: storing a payload again restarts the age of its
///   object anyway.
/// * A system call that exceeds [`with_timeouts`](Self::with_timeouts) is abandoned and goes on until it ends by itself.
#[derive(Clone, Debug)]
#[must_use]
pub struct DiskOptions {
    pub(crate) root: PathBuf,
    pub(crate) object: ObjectOptions,
}

impl DiskOptions {
    /// Makes options for payloads stored under `root`, an absolute path to a directory that belongs to this driver
    /// alone.
    ///
    /// The first store creates it, with mode 0700, where only its last part is missing. The path itself
    /// may lead over symbolic links; below it none is followed.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), object: ObjectOptions::new("") }
    }

    extstore::object_setters!(object);

    /// Checks what the engine does not, because it knows no directories.
    pub(crate) fn validate(&self) -> Result<()> {
        let config = |message: &str| Err(ErrorKind::Config.error(message));
        if !self.root.is_absolute() {
            return config("root must be an absolute path: a relative one moves with the working directory");
        }
        if self.root.as_os_str().as_bytes().contains(&0) {
            return config("root must not hold a NUL character");
        }
        let key_prefix = self.object.key_prefix();
        if is_path_like(key_prefix) || key_prefix.contains('\0') {
            return config(
                "key_prefix must not begin with `/` or hold a `.` or `..` segment or a NUL character",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused_by_the_name_of_its_option() {
        let cases = [
            (DiskOptions::new("payloads"), "root"),
            (DiskOptions::new(""), "root"),
            (DiskOptions::new("/a\0b"), "root"),
            (DiskOptions::new("/a").with_key_prefix("../b"), "key_prefix"),
            (DiskOptions::new("/a").with_key_prefix("/b"), "key_prefix"),
            (DiskOptions::new("/a").with_key_prefix("a\0b"), "key_prefix"),
        ];
        for (options, name) in cases {
            let error = options.validate().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().starts_with(name), "{error}");
        }
        assert!(DiskOptions::new("/a").with_key_prefix("team/one..two").validate().is_ok());
    }
}
