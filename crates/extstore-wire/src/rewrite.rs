//! Writes new payloads in place of those that a scan found.

use std::collections::HashSet;
use std::ops::Range;

use bytes::Bytes;

use crate::rope::Builder;
use crate::scan::NONE;
use crate::{Fault, FrameId, Rope, Scan, encode};

/// protobuf lengths are signed.
const MAX_LENGTH: u64 = i32::MAX as u64;

/// Replaces payloads of a scanned message, and recomputes the lengths of the messages around them.
///
/// Everything else is byte for byte what it was: unknown fields, the order of fields, padded integers. A length whose
/// value does not change keeps its bytes; so replacing a payload by itself gives the same message, and replacing
/// nothing gives the message itself.
#[derive(Debug)]
pub struct Rewrite<'a> {
    scan: &'a Scan,
    edits: Vec<Edit>,
    segments: Vec<Bytes>,
}

/// Holds new content for one place of the message.
#[derive(Clone, Debug)]
struct Edit {
    place: Place,
    /// The index of the segment.
    segments: Range<usize>,
    length: u64,
}

/// Names the part of the message that an edit replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Payload(usize),
    /// The whole field that a payload is in, tag and length included.
    PayloadField(usize),
    Content(u32),
    End(u32),
    /// The whole field that a message is in, tag and length included.
    Field(u32),
}

impl<'a> Rewrite<'a> {
    /// Replaces nothing yet.
    #[must_use]
    pub fn new(scan: &'a Scan) -> Self {
        Self { scan, edits: Vec::new(), segments: Vec::new() }
    }

    /// Puts an encoded payload in the place of a payload; the segments are shared, not copied.
    ///
    /// Replacing a payload again has no effect: the first replacement stays.
    ///
    /// # Panics
    ///
    /// If the scan has no payload of this position.
    pub fn replace(&mut self, leaf: usize, segments: impl IntoIterator<Item = Bytes>) {
        assert!(leaf < self.scan.leaves.len(), "a payload of another scan");
        self.edit(Place::Payload(leaf), segments);
    }

    /// Takes a payload out of the message around it, tag and length included: a list loses an element, a singular field is
    /// absent.
    ///
    /// Replacing it as well has no effect after this, and this has none after a replacement.
    ///
    /// # Panics
    ///
    /// If the scan has no payload of this position.
    pub fn remove_payload(&mut self, leaf: usize) {
        assert!(leaf < self.scan.leaves.len(), "a payload of another scan");
        self.edit(Place::PayloadField(leaf), std::iter::empty());
    }

    /// Puts other content in a message that the scan holds. What is replaced inside it no longer counts.
    pub fn replace_message(&mut self, frame: FrameId, segments: impl IntoIterator<Item = Bytes>) {
        self.edit(Place::Content(self.scan.frame(frame).id().0), segments);
    }

    /// Appends encoded fields to a message that the scan holds. As protobuf rules, a singular field that is appended
    /// replaces or, if it is a message, is merged into the one before; a repeated one is added.
    pub fn append(&mut self, frame: FrameId, segments: impl IntoIterator<Item = Bytes>) {
        self.edit(Place::End(self.scan.frame(frame).id().0), segments);
    }

    /// Takes a message that the scan holds out of the message around it, tag and length included: a repeated field loses
    /// an element, a map an entry, a singular field is absent. What is replaced inside it no longer counts.
    ///
    /// # Panics
    ///
    /// If it is the outermost message, which is in none.
    pub fn remove(&mut self, frame: FrameId) {
        assert!(self.scan.frame(frame).parent().is_some(), "the outermost message cannot be removed");
        self.edit(Place::Field(frame.0), std::iter::empty());
    }

    fn edit(&mut self, place: Place, segments: impl IntoIterator<Item = Bytes>) {
        let from = self.segments.len();
        self.segments.extend(segments);
        let length = self.segments[from..].iter().map(|segment| segment.len() as u64).sum();
        self.edits.push(Edit { place, segments: from..self.segments.len(), length });
    }

    /// Returns the new message.
    ///
    /// # Errors
    ///
    /// `TooLarge` where a length would exceed protobuf's 2 GiB.
    pub fn finish(mut self) -> Result<Rope, Fault> {
        self.settle();
        if self.edits.is_empty() {
            return Ok(Rope::from(self.scan.bytes.clone()));
        }
        let mut pieces = self.lengths()?;
        pieces.extend(self.edits.iter().map(|edit| {
            let (range, order) = self.target(edit.place);
            Piece { range, order, new: New::Segments(edit.segments.clone()) }
        }));
        pieces.sort_by_key(|piece| (piece.range.start, piece.order));
        Ok(self.emit(&pieces))
    }

    /// Drops edits inside messages that get other content, and all but the first of equal places.
    fn settle(&mut self) {
        let replaced: HashSet<u32> = self
            .edits
            .iter()
            .filter_map(|edit| match edit.place {
                Place::Content(frame) | Place::Field(frame) => Some(frame),
                Place::Payload(_) | Place::PayloadField(_) | Place::End(_) => None,
            })
            .collect();
        let removed: HashSet<u32> = self
            .edits
            .iter()
            .filter_map(|edit| if let Place::Field(frame) = edit.place { Some(frame) } else { None })
            .collect();
        let payloads = vec![false; self.scan.leaves.len()];
        let mut seen = Seen { payloads, contents: HashSet::new(), fields: HashSet::new() };
        let scan = self.scan;
        self.edits.retain(|edit| {
            let around = match edit.place {
                Place::Payload(leaf) | Place::PayloadField(leaf) => scan.leaves[leaf].frame,
                Place::Content(frame) | Place::End(frame) if removed.contains(&frame) => frame,
                Place::Content(frame) | Place::End(frame) | Place::Field(frame) => {
                    scan.frames[frame as usize].parent
                }
            };
            !is_inside(scan, around, &replaced) && seen.first(edit.place)
        });
    }

    /// Computes the lengths that change, from the innermost message to the outermost.
    fn lengths(&self) -> Result<Vec<Piece>, Fault> {
        let mut growth = vec![0_i64; self.scan.frames.len()];
        let mut pieces = Vec::new();
        for edit in &self.edits {
            let (range, _) = self.target(edit.place);
            let grown = edit.length as i64 - range.len() as i64;
            match edit.place {
                Place::Payload(leaf) => {
                    let leaf = self.scan.leaves[leaf];
                    let header = leaf.length_at as usize..leaf.start as usize;
                    growth[leaf.frame as usize] += grown + length(&mut pieces, header, range.len(), grown)?;
                }
                Place::PayloadField(leaf) => growth[self.scan.leaves[leaf].frame as usize] += grown,
                Place::Content(frame) | Place::End(frame) => growth[frame as usize] += grown,
                // A message that is removed is in another one.
                Place::Field(frame) => growth[self.scan.frames[frame as usize].parent as usize] += grown,
            }
        }
        for (at, record) in self.scan.frames.iter().enumerate().rev() {
            let old = (record.end - record.start) as usize;
            let header = record.length_at as usize..record.start as usize;
            if record.parent == NONE {
                check(old, growth[at])?;
            } else {
                let grown = growth[at] + length(&mut pieces, header, old, growth[at])?;
                growth[record.parent as usize] += grown;
            }
        }
        Ok(pieces)
    }

    /// Returns the range that an edit replaces, and its order among edits at one offset: an edit inside a message
    /// comes before one that is appended to the message around it.
    fn target(&self, place: Place) -> (Range<usize>, u64) {
        match place {
            Place::Payload(leaf) => (self.scan.leaves[leaf].range(), 1),
            Place::PayloadField(leaf) => {
                let leaf = self.scan.leaves[leaf];
                (leaf.tag_at as usize..leaf.end as usize, 1)
            }
            Place::Content(frame) => (self.scan.frame(FrameId(frame)).range(), 1),
            Place::End(frame) => {
                let end = self.scan.frames[frame as usize].end as usize;
                (end..end, 2 + u64::from(u32::MAX - frame))
            }
            // What is appended at this offset is appended to what ends here, and comes first.
            Place::Field(frame) => {
                let record = &self.scan.frames[frame as usize];
                (record.tag_at as usize..record.end as usize, u64::MAX)
            }
        }
    }

    fn emit(&self, pieces: &[Piece]) -> Rope {
        let mut out = Builder::default();
        let mut at = 0;
        for piece in pieces {
            out.share(self.scan.bytes.slice(at..piece.range.start));
            match &piece.new {
                New::Length { value, width } => encode::put_padded(out.copied(), *value, *width),
                New::Segments(segments) => {
                    self.segments[segments.clone()].iter().for_each(|segment| out.share(segment.clone()));
                }
            }
            at = piece.range.end;
        }
        out.share(self.scan.bytes.slice(at..));
        out.finish()
    }
}

/// Holds a range of the original and the bytes that replace it.
struct Piece {
    range: Range<usize>,
    order: u64,
    new: New,
}

enum New {
    Length { value: u64, width: usize },
    Segments(Range<usize>),
}

/// Adds a length in `header` if it changes; returns by how many bytes it is longer.
fn length(pieces: &mut Vec<Piece>, header: Range<usize>, old: usize, grown: i64) -> Result<i64, Fault> {
    if grown == 0 {
        return Ok(0);
    }
    let value = check(old, grown)?;
    let width = encode::width(value, old as u64, header.len());
    let longer = width as i64 - header.len() as i64;
    pieces.push(Piece { range: header, order: 0, new: New::Length { value, width } });
    Ok(longer)
}

fn check(old: usize, grown: i64) -> Result<u64, Fault> {
    (old as u64).checked_add_signed(grown).filter(|length| *length <= MAX_LENGTH).ok_or(Fault::TooLarge)
}

/// Says whether a message is one of these or inside one of them.
fn is_inside(scan: &Scan, frame: u32, replaced: &HashSet<u32>) -> bool {
    if replaced.is_empty() || frame == NONE {
        return false;
    }
    scan.frame(FrameId(frame)).ancestors().any(|frame| replaced.contains(&frame.id().0))
}

/// Holds the places that have an edit. Appending twice is no conflict.
struct Seen {
    payloads: Vec<bool>,
    contents: HashSet<u32>,
    fields: HashSet<u32>,
}

impl Seen {
    fn first(&mut self, place: Place) -> bool {
        match place {
            Place::Payload(leaf) | Place::PayloadField(leaf) => {
                !std::mem::replace(&mut self.payloads[leaf], true)
            }
            Place::Field(frame) => self.fields.insert(frame),
            Place::Content(frame) => self.contents.insert(frame),
            Place::End(_) => true,
        }
    }
}
