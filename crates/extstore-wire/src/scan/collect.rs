//! The visitor that fills a scan.

use bytes::Bytes;

use super::{Captured, FrameId, Leaf, NONE, Record, Scan, Skip};
use crate::{Capture, Entered, Fault, Found, MessageType, Skipped, Value, Visitor};

/// Holds what is selected, and the messages around it.
pub(super) struct Collector<K> {
    scan: Scan,
    keep: K,
    /// The innermost message.
    open: u32,
    too_many: bool,
}

impl<K: FnMut(&Found<'_>) -> bool> Collector<K> {
    pub(super) fn new(message: MessageType, length: u32, keep: K) -> Self {
        let root = Record {
            message,
            kept: true,
            parent: NONE,
            number: 0,
            tag_at: 0,
            length_at: 0,
            start: 0,
            end: length,
            last_capture: NONE,
            captures_before: 0,
        };
        let scan = Scan {
            bytes: Bytes::new(),
            leaves: Vec::new(),
            frames: vec![root],
            captures: Vec::new(),
            skips: Vec::new(),
            skipped: 0,
        };
        Self { scan, keep, open: 0, too_many: false }
    }

    pub(super) fn finish(mut self, bytes: Bytes) -> Result<Scan, Fault> {
        self.scan.bytes = bytes;
        if self.too_many { Err(Fault::TooMany) } else { Ok(self.scan) }
    }

    /// Whether there is no room for one more; what comes after that is not recorded.
    fn is_full(&mut self, used: usize) -> bool {
        self.too_many |= used >= Scan::MAX_RECORDS;
        self.too_many
    }

    /// Whether anything was recorded in the innermost message, which is the last one then.
    fn is_bare(&self, record: &Record) -> bool {
        let has_leaf = self.scan.leaves.last().is_some_and(|leaf| leaf.frame == self.open);
        let has_skip = self.scan.skips.last().is_some_and(|skip| skip.frame.0 == self.open);
        let has_frame = self.scan.frames.len() > self.open as usize + 1;
        !(record.kept || has_leaf || has_skip || has_frame)
    }
}

/// Offsets are below 4 GiB: `Scan::select` refuses longer messages.
fn offset(at: usize) -> u32 {
    at as u32
}

impl<K: FnMut(&Found<'_>) -> bool> Visitor for Collector<K> {
    // Inlined, so that the field's offsets go from registers to the record and are not copied on the way.
    #[inline(always)]
    fn enter(&mut self, entered: Entered) {
        if self.is_full(self.scan.frames.len()) {
            return;
        }
        let Entered { message, kept, field } = entered;
        let record = Record {
            message,
            kept,
            parent: self.open,
            number: field.number,
            tag_at: offset(field.tag_at),
            length_at: offset(field.length_at),
            start: offset(field.start),
            end: offset(field.end),
            last_capture: NONE,
            captures_before: offset(self.scan.captures.len()),
        };
        self.open = offset(self.scan.frames.len());
        self.scan.frames.push(record);
    }

    fn leave(&mut self) {
        if self.too_many {
            return;
        }
        let record = &self.scan.frames[self.open as usize];
        let (parent, captures_before) = (record.parent, record.captures_before);
        if self.is_bare(record) {
            self.scan.frames.pop();
            self.scan.captures.truncate(captures_before as usize);
        }
        self.open = parent;
    }

    fn capture(&mut self, capture: Capture, value: Value) {
        if self.is_full(self.scan.captures.len()) {
            return;
        }
        let value = match value {
            Value::Bytes { start, end } => (offset(start), offset(end)),
            Value::Number(number) => (number as u32, (number >> 32) as u32),
        };
        let frame = &mut self.scan.frames[self.open as usize];
        let captured = Captured { capture, before: frame.last_capture, value };
        frame.last_capture = offset(self.scan.captures.len());
        self.scan.captures.push(captured);
    }

    fn payload(&mut self, found: &Found<'_>) {
        if self.too_many || !(self.keep)(found) || self.is_full(self.scan.leaves.len()) {
            return;
        }
        self.scan.leaves.push(Leaf {
            frame: self.open,
            number: found.field.number,
            length_at: offset(found.field.length_at),
            start: offset(found.field.start),
            end: offset(found.field.end),
            policy: found.policy,
        });
    }

    fn skipped(&mut self, skipped: Skipped) {
        if self.too_many {
            return;
        }
        self.scan.skipped += 1;
        if self.scan.skips.len() < Scan::MAX_SKIPS {
            self.scan.skips.push(Skip { frame: FrameId(self.open), why: skipped });
        }
    }
}
