//! Counts the bytes that one message restores against its cap.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{ErrorKind, Result};

/// Holds the bytes that one message may restore, and counts those that it restores. Clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    message: Arc<Count>,
    /// The bytes of the message that one call of a driver was admitted.
    call: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Count {
    cap: u64,
    used: AtomicU64,
}

/// Holds what one call of a driver restores. Dropping it gives back to the message whatever the call was admitted: the
/// call failed or was cancelled, or its message failed. [`keep`](Self::keep) counts it for the rest of the message.
#[derive(Debug)]
#[must_use = "dropping it gives the bytes back to the message"]
pub(crate) struct CallAllowance(Option<Allowance>);

/// Counts bytes against a message's restore cap while an object is read.
///
/// Dropping it gives the bytes back: the object could not be read, or its batch failed.
/// [`keep`](Self::keep) counts them for the rest of the message.
#[derive(Debug)]
#[must_use = "dropping it gives the bytes back to the message"]
pub struct Admission {
    allowance: Option<Allowance>,
    bytes: u64,
}

impl Allowance {
    pub(crate) fn new(cap: u64) -> Self {
        Self { message: Arc::new(Count { cap, used: AtomicU64::new(0) }), call: Arc::default() }
    }

    /// Counts one call of a driver for itself, and against the same cap.
    pub(crate) fn for_call(&self) -> Self {
        Self { message: Arc::clone(&self.message), call: Arc::default() }
    }

    /// Counts `bytes`, or leaves the count as it is and fails.
    fn add(&self, bytes: u64) -> Result<()> {
        let Count { cap, used } = &*self.message;
        let fits = |used: u64| used.checked_add(bytes).filter(|sum| sum <= cap);
        let Err(before) = used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) else {
            self.call.fetch_add(bytes, Ordering::Relaxed);
            return Ok(());
        };
        let sum = before.saturating_add(bytes);
        let error = ErrorKind::TooLarge.error(format!(
            "the message restores {sum} bytes or more, above its cap of {cap} bytes; raise it with `with_restore_cap`"
        ));
        Err(error.with_over_restore_cap(sum))
    }

    pub(crate) fn release(&self, bytes: u64) {
        // No call gives back what another one was admitted.
        let released = subtract(&self.call, bytes).min(bytes);
        subtract(&self.message.used, released);
    }
}

/// Subtracts as much as is there, and returns what was there.
fn subtract(count: &AtomicU64, bytes: u64) -> u64 {
    let less = |used: u64| Some(used.saturating_sub(bytes));
    // The update cannot fail: `less` is always `Some`.
    count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).unwrap_or_else(|used| used)
}

impl CallAllowance {
    pub(crate) fn new(allowance: Option<&Allowance>) -> Self {
        Self(allowance.cloned())
    }

    /// Counts the `bytes` that the driver returned, as far as it has not counted them itself: few drivers count, and
    /// none counts the copies of a payload that it reads once.
    ///
    /// # Errors
    ///
    /// `TooLarge` where the message would restore more than its cap.
    pub(crate) fn admit_returned(&self, bytes: u64) -> Result<()> {
        let Some(allowance) = &self.0 else { return Ok(()) };
        allowance.add(bytes.saturating_sub(allowance.call.load(Ordering::Relaxed)))
    }

    pub(crate) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for CallAllowance {
    fn drop(&mut self) {
        if let Some(allowance) = &self.0 {
            allowance.release(allowance.call.load(Ordering::Relaxed));
        }
    }
}

impl Admission {
    /// Counts `bytes` against `allowance`; without one everything is admitted.
    pub(crate) fn new(allowance: Option<&Allowance>, bytes: u64) -> Result<Self> {
        let mut admission = Self { allowance: allowance.cloned(), bytes: 0 };
        admission.extend(bytes)?;
        Ok(admission)
    }

    /// Counts further bytes: of an object whose length the store does not say before it ends.
    ///
    /// # Errors
    ///
    /// `TooLarge` where the message would restore more than its cap; what was admitted before stays.
    pub fn extend(&mut self, bytes: u64) -> Result<()> {
        self.allowance.as_ref().map_or(Ok(()), |allowance| allowance.add(bytes))?;
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }

    /// Counts the bytes for the rest of the message: the payload is handed to the caller.
    pub fn keep(mut self) {
        self.allowance = None;
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if let Some(allowance) = &self.allowance {
            allowance.release(self.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;

    #[test]
    fn what_is_not_kept_is_given_back() {
        let operation = Operation::new().with_restore_cap(10);
        let first = operation.admit_restore(6).unwrap();
        let error = operation.admit_restore(5).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(error.message().contains("restores 11 bytes or more, above its cap of 10 bytes"), "{error}");
        let mut second = operation.admit_restore(3).unwrap();
        second.extend(1).unwrap();
        assert!(second.extend(1).is_err());
        second.keep();
        drop(first);
        operation.clone().admit_restore(6).unwrap().keep();
        assert!(operation.admit_restore(1).is_err());
        operation.release_restore(6);
        assert!(operation.admit_restore(7).is_err() && operation.admit_restore(6).is_ok());
    }

    #[test]
    fn sums_without_measure_do_not_wrap() {
        let operation = Operation::new().with_restore_cap(u64::MAX - 1);
        operation.admit_restore(u64::MAX - 1).unwrap().keep();
        assert!(operation.admit_restore(u64::MAX).is_err());
        operation.release_restore(u64::MAX);
        assert!(operation.admit_restore(u64::MAX - 1).is_ok());
    }

    #[test]
    fn without_a_cap_everything_is_admitted() {
        let operation = Operation::new();
        operation.admit_restore(u64::MAX).unwrap().keep();
        assert!(operation.admit_restore(u64::MAX).is_ok());
    }
}
