//! Takes advisory locks between threads and processes, and waits for them only while somebody waits for the work.

use std::fs::{File, TryLockError};
use std::io;
use std::time::Duration;

use extstore::Result;

use crate::blocking::Abandoned;
use crate::error::{On, map};

/// Sets the pause between two attempts at a lock that somebody else has.
const POLL: Duration = Duration::from_millis(2);

/// Holds an advisory lock on an open file or directory until it is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Lock<'a>(&'a File);

impl<'a> Lock<'a> {
    pub(crate) fn shared(file: &'a File, abandoned: &Abandoned) -> Result<Self> {
        Self::take(file, File::try_lock_shared, abandoned)
    }

    pub(crate) fn exclusive(file: &'a File, abandoned: &Abandoned) -> Result<Self> {
        Self::take(file, File::try_lock, abandoned)
    }

    /// Leaves the lock in force until the file itself is closed.
    pub(crate) fn keep(self) {
        std::mem::forget(self);
    }

    /// Tries again and again: a wait inside the kernel would outlive its caller and keep the caller's
    /// permit, so that one process which hangs with a lock would use up all permits of the others.
    fn take(
        file: &'a File,
        try_lock: fn(&File) -> std::result::Result<(), TryLockError>,
        abandoned: &Abandoned,
    ) -> Result<Self> {
        loop {
            match try_lock(file) {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {
                    abandoned.check()?;
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "nothing tells when another process gives the lock up"
                    )]
                    std::thread::sleep(POLL);
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) => return Err(map(On::Directory, error)),
            }
        }
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // Closing the file would release it too.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_is_given_up_stops_waiting_for_a_lock_that_is_held() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (holder, waiter) = (file.reopen().unwrap(), file.reopen().unwrap());
        holder.lock().unwrap();
        let abandoned = Abandoned::default();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| Lock::shared(&waiter, &abandoned).is_err());
            abandoned.wait_for_checks(1);
            abandoned.set();
            assert!(waiting.join().unwrap());
        });
        holder.unlock().unwrap();
        assert!(Lock::exclusive(&waiter, &abandoned).is_ok(), "a lock that is free needs no waiting");
    }
}
