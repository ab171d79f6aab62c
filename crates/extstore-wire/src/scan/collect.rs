//! Fills a scan with what a walk reports.

use bytes::Bytes;

use super::{Captured, FrameId, Leaf, NONE, Record, Scan, Skip};
use crate::{Capture, Entered, Fault, Found, MessageType, Skipped, Value, Visitor};

/// Holds what is selected, and the messages around it.
pub(super) struct Collector<K> {
    scan: Scan,
    keep: K,
    /// Whether an envelope that `keep` says is held, and not opened.
    takes_envelopes: bool,
    /// The innermost message.
    open: u32,
    too_many: bool,
    /// The outermost envelope around the innermost message.
    guest: Option<Guest>,
    /// The number of open messages that are not recorded, because the envelope around them holds too much.
    ignored: usize,
}

/// Holds an envelope, and what was recorded before it. The sender of a payload writes what is in it, so that it may
/// not use up the room of the message around it.
#[derive(Clone, Copy)]
struct Guest {
    frame: usize,
    leaves: usize,
    captures: usize,
}

/// Bounds the records that may be in use when an envelope adds one.
const ROOM_OF_GUESTS: usize = Scan::MAX_RECORDS / 2;

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
        Self { scan, keep, takes_envelopes: false, open: 0, too_many: false, guest: None, ignored: 0 }
    }

    /// Holds envelopes that `keep` says, and does not open them.
    pub(super) fn taking_envelopes(self) -> Self {
        Self { takes_envelopes: true, ..self }
    }

    pub(super) fn finish(mut self, bytes: Bytes) -> Result<Scan, Fault> {
        self.scan.bytes = bytes;
        if self.too_many { Err(Fault::TooMany) } else { Ok(self.scan) }
    }

    /// Says whether there is no room for one more record. Then the envelope is left unchanged, or without one the
    /// whole message: what comes after that is not recorded.
    fn is_full(&mut self, used: usize) -> bool {
        match self.guest {
            Some(guest) if used >= ROOM_OF_GUESTS => {
                self.leave_as_it_stands(guest);
                return true;
            }
            Some(_) => {}
            None => self.too_many |= used >= Scan::MAX_RECORDS,
        }
        self.too_many
    }

    /// Forgets what was recorded of an envelope, and ignores the rest of it.
    fn leave_as_it_stands(&mut self, guest: Guest) {
        let mut at = self.open as usize;
        self.ignored = 1;
        while at != guest.frame {
            self.ignored += 1;
            at = self.scan.frames[at].parent as usize;
        }
        self.open = self.scan.frames[at].parent;
        self.scan.frames.truncate(guest.frame);
        self.scan.leaves.truncate(guest.leaves);
        self.scan.captures.truncate(guest.captures);
        self.scan.skips.retain(|skip| skip.frame.index() < guest.frame);
        self.guest = None;
        self.record_skip(Skipped::MalformedContent);
    }

    fn record_skip(&mut self, why: Skipped) {
        self.scan.skipped += 1;
        if self.scan.skips.len() < Scan::MAX_SKIPS {
            self.scan.skips.push(Skip { frame: FrameId(self.open), why });
        }
    }

    /// Says whether anything was recorded in the innermost message, which is the last one then.
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
        if self.ignored > 0 || self.is_full(self.scan.frames.len()) {
            // The message that found no room in an envelope is one of those that are left without a record.
            self.ignored += usize::from(self.ignored > 0);
            return;
        }
        let Entered { message, kept, field } = entered;
        if message == MessageType::Payload && self.guest.is_none() {
            let (leaves, captures) = (self.scan.leaves.len(), self.scan.captures.len());
            self.guest = Some(Guest { frame: self.scan.frames.len(), leaves, captures });
        }
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
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        if self.guest.is_some_and(|guest| guest.frame == self.open as usize) {
            self.guest = None;
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
        if self.ignored > 0 || self.is_full(self.scan.captures.len()) {
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
        if self.too_many || self.ignored > 0 || !(self.keep)(found) || self.is_full(self.scan.leaves.len()) {
            return;
        }
        self.scan.leaves.push(Leaf {
            frame: self.open,
            number: found.field.number,
            tag_at: offset(found.field.tag_at),
            length_at: offset(found.field.length_at),
            start: offset(found.field.start),
            end: offset(found.field.end),
            policy: found.policy,
        });
    }

    fn takes_envelope(&mut self, found: &Found<'_>) -> bool {
        self.takes_envelopes && (self.keep)(found)
    }

    fn skipped(&mut self, skipped: Skipped) {
        if !self.too_many && self.ignored == 0 {
            self.record_skip(skipped);
        }
    }
}
