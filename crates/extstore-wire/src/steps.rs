//! Counts the work of reading a message, so that a test can bound it without a clock.

#[cfg(feature = "steps")]
use std::cell::Cell;

#[cfg(feature = "steps")]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts one field that is read, or one message of a scan that is looked at.
#[inline(always)]
pub(crate) fn step() {
    #[cfg(feature = "steps")]
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

/// Returns the steps that this thread has made since it began: fields that it read, and messages and captured fields
/// of scans that it looked at. The difference of two calls is the work between them.
///
/// For tests and fuzz targets, which bound the work per byte. Without the feature `steps` nothing is counted.
#[cfg(feature = "steps")]
#[must_use]
pub fn steps() -> u64 {
    STEPS.with(Cell::get)
}
