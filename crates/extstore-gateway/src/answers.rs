//! Remembers what was found about the messages of one scan.

use std::collections::HashMap;

use extstore_wire::{Frame, FrameId};

/// Holds the answers to one question about the messages of one scan. To find one takes as long as the message is large, so
/// the gateway finds it once for each message: the payloads of one message need not follow one another, because a payload
/// can hold a message of the same type.
#[derive(Clone, Debug)]
pub(crate) struct Answers<T>(HashMap<FrameId, T>);

impl<T: Copy> Answers<T> {
    /// Returns the answer for a message, and finds it where nobody has asked about that message.
    pub(crate) fn of(&mut self, frame: Frame<'_>, find: impl FnOnce(Frame<'_>) -> T) -> T {
        *self.0.entry(frame.id()).or_insert_with(|| find(frame))
    }
}

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}
