//! Remembers the answer for the last message that was asked about.

use extstore_wire::{Frame, FrameId};

/// Holds the answer to a question about a message. To find it takes as long as the message is large. The gateway looks
/// at payloads in the order of the bytes, so all of one message follow one another, and it answers the question once
/// for them.
#[derive(Clone, Debug)]
pub(crate) struct Last<T>(Option<(FrameId, T)>);

impl<T: Clone> Last<T> {
    /// Returns the answer for a message, and finds it where the message is another one than the last.
    pub(crate) fn of(&mut self, frame: Frame<'_>, find: impl FnOnce(Frame<'_>) -> T) -> T {
        if let Some((_, known)) = self.0.as_ref().filter(|(last, _)| *last == frame.id()) {
            return known.clone();
        }
        let found = find(frame);
        self.0 = Some((frame.id(), found.clone()));
        found
    }
}

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self(None)
    }
}
