use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::time::Duration;

use extstore::object::{Cache, ObjectOptions, Readable, RetryPolicy, Timeouts};
use extstore::{ErrorKind, Result};

use crate::layout::is_path_like;

/// What the disk driver can be told, with its defaults.
#[derive(Clone, Debug)]
#[must_use]
pub struct DiskOptions {
    pub(crate) root: PathBuf,
    pub(crate) object: ObjectOptions,
    key_prefix: String,
}

impl DiskOptions {
    /// Options for payloads stored below `root`, an absolute path to a directory that belongs to this
    /// driver alone.
    ///
    /// The first store creates it, with mode 0700, where only its last part is missing. The path itself
    /// may lead over symbolic links; below it none is followed.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), object: ObjectOptions::new(""), key_prefix: String::new() }
    }

    /// Names the driver instance; `local-disk` otherwise. The name is permanent: references carry it.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        self.map(|object| object.with_name(name))
    }

    /// Puts all keys under a prefix, and refuses claims outside it. Empty by default.
    pub fn with_key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = prefix.into();
        let prefix = self.key_prefix.clone();
        self.map(|object| object.with_key_prefix(prefix))
    }

    /// Allows claims under one more prefix of the same root: [`Readable::prefix`].
    pub fn with_readable(self, location: Readable) -> Self {
        self.map(|object| object.with_readable(location))
    }

    /// Refuses to store payloads of more encoded bytes than this; 50 MiB by default.
    pub fn with_max_payload_size(self, bytes: u64) -> Self {
        self.map(|object| object.with_max_payload_size(bytes))
    }

    /// Refuses to read objects of more bytes than this; 128 MiB by default.
    pub fn with_read_cap(self, bytes: u64) -> Self {
        self.map(|object| object.with_read_cap(bytes))
    }

    /// Rewrites an object that exists already once it is this old. It is rarely needed: storing a
    /// payload again restarts the age of its object anyway.
    pub fn with_refresh_after(self, age: Duration) -> Self {
        self.map(|object| object.with_refresh_after(age))
    }

    /// Sets how often one request is tried.
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        self.map(|object| object.with_retry(retry))
    }

    /// Sets how long the driver waits for the disk. A system call that hangs is given up, not ended.
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        self.map(|object| object.with_timeouts(timeouts))
    }

    /// Sets how many stored keys are remembered, so that storing them again touches no file; 16,384 by default.
    pub fn with_known_keys(self, keys: usize) -> Self {
        self.map(|object| object.with_known_keys(keys))
    }

    /// Keeps payloads in memory, so that reading them again touches no file; without it nothing is kept.
    pub fn with_cache(self, cache: Cache) -> Self {
        self.map(|object| object.with_cache(cache))
    }

    fn map(mut self, change: impl FnOnce(ObjectOptions) -> ObjectOptions) -> Self {
        self.object = change(self.object);
        self
    }

    /// What the engine does not check: it knows no directories.
    pub(crate) fn validate(&self) -> Result<()> {
        let config = |message: &str| Err(ErrorKind::Config.error(message));
        if !self.root.is_absolute() {
            return config("root must be an absolute path: a relative one moves with the working directory");
        }
        if self.root.as_os_str().as_bytes().contains(&0) {
            return config("root must not hold a NUL character");
        }
        if is_path_like(&self.key_prefix) || self.key_prefix.contains('\0') {
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
