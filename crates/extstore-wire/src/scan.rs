//! Holds what a walk found, in three short lists over the message's own bytes.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

use crate::walk::{self, walk};
use crate::{Capture, Fault, Found, MessageType, Policy, Skipped};

mod collect;
mod frame;

pub use frame::{Frame, FrameId};

/// Stands for no index.
pub(crate) const NONE: u32 = u32::MAX;

/// Holds the payloads of one encoded message, the messages around them, and what these are about.
///
/// It shares the message's bytes. Memory grows with what is selected, not with the message: selecting by size costs
/// nothing for a message of small payloads. `Debug` prints counts, never contents.
#[derive(Clone)]
pub struct Scan {
    pub(crate) bytes: Bytes,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) frames: Vec<Record>,
    pub(crate) captures: Vec<Captured>,
    skips: Vec<Skip>,
    skipped: usize,
}

/// Holds one payload.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    pub(crate) frame: u32,
    pub(crate) number: u32,
    /// Where its field begins in the message around it.
    pub(crate) tag_at: u32,
    pub(crate) length_at: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    policy: Policy,
}

/// Holds one message around payloads.
#[derive(Clone, Copy)]
pub(crate) struct Record {
    pub(crate) message: MessageType,
    pub(crate) kept: bool,
    pub(crate) parent: u32,
    pub(crate) number: u32,
    /// The offset of its field in the enclosing message.
    pub(crate) tag_at: u32,
    pub(crate) length_at: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The latest of its captures, each of which names the one before.
    pub(crate) last_capture: u32,
    /// The number of captures before it began.
    pub(crate) captures_before: u32,
}

/// Holds one captured field.
#[derive(Clone, Copy)]
pub(crate) struct Captured {
    pub(crate) capture: Capture,
    pub(crate) before: u32,
    /// First and one past the last byte, or the halves of a number.
    pub(crate) value: (u32, u32),
}

/// Describes a part of the message that the scan left unchanged.
#[derive(Clone, Copy, Debug)]
pub struct Skip {
    /// The message that the part is in.
    pub frame: FrameId,
    /// The reason.
    pub why: Skipped,
}

impl Scan {
    /// Bounds the payloads, messages or captured fields that one scan holds; at that number it takes about 20 MB.
    pub const MAX_RECORDS: usize = 1 << 18;
    /// Bounds the skipped places that are kept one by one; all are counted.
    pub const MAX_SKIPS: usize = 64;

    /// Scans a message and holds all its payloads.
    ///
    /// # Errors
    ///
    /// Why the message must be passed on as it stands.
    pub fn all(message: MessageType, bytes: impl Into<Bytes>) -> Result<Self, Fault> {
        Self::select(message, bytes, |_| true)
    }

    /// Scans a message and holds those payloads that `keep` says, such as those above a threshold.
    ///
    /// Messages without a payload that is held are dropped again, unless a host needs them anyway: commands, polls,
    /// queries, worker heartbeats. The outermost message is always held, with its captured fields.
    ///
    /// # Errors
    ///
    /// Why the message must be passed on as it stands.
    pub fn select(
        message: MessageType,
        bytes: impl Into<Bytes>,
        keep: impl FnMut(&Found<'_>) -> bool,
    ) -> Result<Self, Fault> {
        let bytes = bytes.into();
        let mut collector = collect::Collector::new(message, length(&bytes)?, keep);
        walk(message, &bytes, &mut collector)?;
        collector.finish(bytes)
    }

    /// Scans a message and holds the payloads that `is_reference` says. Unlike [`select`](Self::select) it holds those
    /// too that are marked as envelopes for the server: a reference is a reference first.
    ///
    /// # Errors
    ///
    /// Why the message cannot be restored.
    pub fn references(
        message: MessageType,
        bytes: impl Into<Bytes>,
        is_reference: impl FnMut(&Found<'_>) -> bool,
    ) -> Result<Self, Fault> {
        let bytes = bytes.into();
        let mut collector =
            collect::Collector::new(message, length(&bytes)?, is_reference).taking_envelopes();
        walk(message, &bytes, &mut collector)?;
        collector.finish(bytes)
    }

    /// Scans a message without its payloads, and enters no message that is nested deeper than `deepest`: for what must
    /// be known of a message that holds too much, or nests too deep, to be scanned whole.
    ///
    /// # Errors
    ///
    /// Why nothing can be known of the message.
    pub fn outline(message: MessageType, bytes: impl Into<Bytes>, deepest: u8) -> Result<Self, Fault> {
        let bytes = bytes.into();
        let mut collector = collect::Collector::new(message, length(&bytes)?, |_: &Found<'_>| false);
        walk::outline(message, &bytes, deepest, &mut collector)?;
        collector.finish(bytes)
    }

    /// Returns the message that was scanned.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the payloads in the order of the bytes. [`Rewrite`](crate::Rewrite) takes their positions in this
    /// list.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Returns a payload's encoded bytes, which share the message's buffer.
    #[must_use]
    pub fn payload(&self, leaf: &Leaf) -> Bytes {
        self.bytes.slice(leaf.range())
    }

    /// Returns the outermost message.
    #[must_use]
    pub fn root(&self) -> Frame<'_> {
        Frame::new(self, 0)
    }

    /// Returns a message around a payload, or one that is held for itself.
    ///
    /// # Panics
    ///
    /// If the id is another scan's and this one has fewer messages.
    #[must_use]
    pub fn frame(&self, id: FrameId) -> Frame<'_> {
        assert!(id.index() < self.frames.len(), "a frame of another scan");
        Frame::new(self, id.index())
    }

    /// Returns all messages that are held, in the order of the bytes; an enclosing one comes before what it encloses.
    pub fn frames(&self) -> impl DoubleEndedIterator<Item = Frame<'_>> + ExactSizeIterator {
        (0..self.frames.len()).map(|index| Frame::new(self, index))
    }

    /// Returns the parts that were left unchanged, the first [`MAX_SKIPS`](Self::MAX_SKIPS) of them.
    #[must_use]
    pub fn skips(&self) -> &[Skip] {
        &self.skips
    }

    /// Returns the number of parts that were left unchanged.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Returns the field names from the outermost message to a payload, such as
    /// `commands.record_marker….details.value.payloads`.
    #[must_use]
    pub fn path(&self, leaf: &Leaf) -> String {
        let frame = self.frame(leaf.frame());
        let mut names = vec![frame.field_name(leaf.number)];
        let mut at = Some(frame);
        while let Some((frame, parent)) = at.and_then(|frame| frame.parent().map(|parent| (frame, parent))) {
            names.push(parent.field_name(frame.field()));
            at = Some(parent);
        }
        names.reverse();
        names.join(".")
    }
}

fn length(bytes: &Bytes) -> Result<u32, Fault> {
    u32::try_from(bytes.len()).map_err(|_| Fault::TooLarge)
}

impl Leaf {
    /// Returns the kind of data that the payload is.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Returns the message that the payload is in.
    #[must_use]
    pub fn frame(&self) -> FrameId {
        FrameId(self.frame)
    }

    /// Returns the number of the field that the payload is in.
    #[must_use]
    pub fn field(&self) -> u32 {
        self.number
    }

    /// Returns the range of the encoded payload in the message.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the length of the encoded payload, which thresholds compare with.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.range().len()
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan")
            .field("message", &self.root().message())
            .field("bytes", &self.bytes.len())
            .field("leaves", &self.leaves.len())
            .field("frames", &self.frames.len())
            .field("skipped", &self.skipped)
            .finish()
    }
}
