//! Remembers which unknown commands the gateway has warned about.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Bounds the number of commands that the gateway warns about, so that a defect that makes ever new numbers fills
/// neither the memory nor the log.
const MAX: usize = 64;

/// Holds the field numbers of the commands that the gateway has warned about.
#[derive(Debug, Default)]
pub(crate) struct WarnedCommands(Mutex<BTreeSet<u32>>);

impl WarnedCommands {
    /// Adds a number. Returns whether a warning is due: the number is new, and there are not too many yet.
    pub(crate) fn add(&self, number: u32) -> bool {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.len() < MAX && numbers.insert(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_warned_about_once_and_at_most_64_numbers_are() {
        let warned = WarnedCommands::default();
        assert!(warned.add(250));
        assert!(!warned.add(250));
        assert_eq!((1000..2000).filter(|number| warned.add(*number)).count(), MAX - 1);
    }
}
