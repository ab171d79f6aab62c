//! Describes a message around payloads, and what it is about.

use std::ops::Range;

use bytes::Bytes;

use super::{Captured, NONE, Record, Scan};
use crate::steps::step;
use crate::{Capture, Command, MessageType};

/// Identifies one message of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub(crate) u32);

impl FrameId {
    /// Returns the message's position in [`Scan::frames`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Views one message of a scan.
///
/// A message that comes in several pieces has a frame for each; what one piece captured, another does not know.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    scan: &'a Scan,
    index: usize,
}

impl<'a> Frame<'a> {
    pub(super) fn new(scan: &'a Scan, index: usize) -> Self {
        Self { scan, index }
    }

    /// Returns the id of the message in the scan.
    #[must_use]
    pub fn id(self) -> FrameId {
        FrameId(self.index as u32)
    }

    /// Returns the message's type.
    #[must_use]
    pub fn message(self) -> MessageType {
        self.record().message
    }

    /// Returns the number of the field of the enclosing message that it is in; 0 for the outermost.
    #[must_use]
    pub fn field(self) -> u32 {
        self.record().number
    }

    /// Returns the enclosing message.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        step();
        let parent = self.record().parent;
        (parent != NONE).then(|| Self::new(self.scan, parent as usize))
    }

    /// Returns this message, the one around it, and so on to the outermost.
    pub fn ancestors(self) -> impl Iterator<Item = Frame<'a>> {
        std::iter::successors(Some(self), |frame| frame.parent())
    }

    /// Returns the nearest enclosing message of a type, this one included.
    #[must_use]
    pub fn nearest(self, message: MessageType) -> Option<Self> {
        self.ancestors().find(|frame| frame.message() == message)
    }

    /// Returns the messages directly inside that are held.
    pub fn children(self) -> impl Iterator<Item = Frame<'a>> {
        let scan = self.scan;
        let from = self.index + 1;
        (from..scan.frames.len())
            .take_while(move |index| scan.frames[*index].start <= self.record().end)
            .inspect(|_| step())
            .map(move |index| Self::new(scan, index))
            .filter(move |frame| frame.record().parent as usize == self.index)
    }

    /// Returns what a [`MessageType::Command`] asks for: the last arm, as protobuf demands. `None` for a command that
    /// this plan does not know, and for every other message.
    #[must_use]
    pub fn command(self) -> Option<Command> {
        self.children().filter_map(|child| child.message().command()).last()
    }

    /// Returns a captured string; `None` where it is absent or no UTF-8.
    #[must_use]
    pub fn text(self, capture: Capture) -> Option<&'a str> {
        std::str::from_utf8(&self.scan.bytes[self.range_of(capture)?]).ok()
    }

    /// Returns captured bytes, or a string's bytes, which share the message's buffer.
    #[must_use]
    pub fn bytes(self, capture: Capture) -> Option<Bytes> {
        self.range_of(capture).map(|range| self.scan.bytes.slice(range))
    }

    /// Returns a captured number. A negative one is its two's complement.
    #[must_use]
    pub fn number(self, capture: Capture) -> Option<u64> {
        let captured = self.captured(capture).filter(|_| capture.is_number())?;
        Some(u64::from(captured.value.0) | u64::from(captured.value.1) << 32)
    }

    /// Returns the range of the message's content in the scanned bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.record().start as usize..self.record().end as usize
    }

    /// Returns the message's encoded content, which shares the scanned bytes.
    #[must_use]
    pub fn content(self) -> Bytes {
        self.scan.bytes.slice(self.range())
    }

    pub(super) fn field_name(self, number: u32) -> &'static str {
        let in_bytes = match self.message() {
            MessageType::Any => "value",
            _ => "data",
        };
        self.message().plan().field(number).map_or(in_bytes, |field| field.name)
    }

    fn record(self) -> &'a Record {
        &self.scan.frames[self.index]
    }

    fn range_of(self, capture: Capture) -> Option<Range<usize>> {
        let captured = self.captured(capture).filter(|_| !capture.is_number())?;
        Some(captured.value.0 as usize..captured.value.1 as usize)
    }

    /// Returns the last occurrence.
    fn captured(self, capture: Capture) -> Option<&'a Captured> {
        let captures = &self.scan.captures;
        let first = captures.get(self.record().last_capture as usize);
        std::iter::successors(first, |captured| captures.get(captured.before as usize))
            .inspect(|_| step())
            .find(|captured| captured.capture == capture)
    }
}
