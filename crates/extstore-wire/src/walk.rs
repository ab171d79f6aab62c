//! Walks one encoded message along its plan, without allocating.

use std::ops::Range;

use crate::field::Fields;
use crate::plan::{Field, Kind, Message};
use crate::{Capture, Fault, MessageType, Policy, RawField, Wire, payload};

mod opaque;

/// Bounds the nesting of messages, whatever they are nested in. prost stops at 100.
pub const MAX_DEPTH: u8 = 128;

/// Receives what a walk reports, in the order of the bytes. All offsets are in the walked message.
///
/// A walk that ends with a [`Fault`] may have reported something before: discard it.
pub trait Visitor {
    /// A message on the way to payloads begins; what follows is inside, up to [`leave`](Self::leave).
    fn enter(&mut self, entered: Entered) {
        let _ = entered;
    }

    /// Is called where the innermost message ends.
    fn leave(&mut self) {}

    /// Is called for a field of the innermost message that names something. It may come after the message's payloads.
    fn capture(&mut self, capture: Capture, value: Value) {
        let _ = (capture, value);
    }

    /// Is called for a payload in the innermost message.
    fn payload(&mut self, found: &Found<'_>);

    /// Says whether a payload that is marked as an envelope for the server is reported and stays closed. Unless a visitor
    /// says so, it is opened.
    fn takes_envelope(&mut self, found: &Found<'_>) -> bool {
        let _ = found;
        false
    }

    /// Is called for a part of the innermost message that is left unchanged, payloads included.
    fn skipped(&mut self, skipped: Skipped) {
        let _ = skipped;
    }
}

/// Describes a message on the way to payloads.
#[derive(Clone, Copy, Debug)]
pub struct Entered {
    /// The message's type.
    pub message: MessageType,
    /// Says whether the message is reported even without a payload inside.
    pub kept: bool,
    /// The field of the enclosing message that the message is in.
    pub field: RawField,
}

/// Holds a captured field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The range of the string or the bytes.
    Bytes {
        /// The first byte.
        start: usize,
        /// The byte after the last.
        end: usize,
    },
    /// The number.
    Number(u64),
}

/// Describes a payload.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    message: &'a [u8],
    /// The type of the message that the payload is in.
    pub parent: MessageType,
    /// The kind of data that the payload is.
    pub policy: Policy,
    /// The field that the payload is in: its value is the encoded payload.
    pub field: RawField,
}

impl<'a> Found<'a> {
    /// Returns the encoded `temporal.api.common.v1.Payload`, which is well-formed.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.field.bytes(self.message)
    }

    /// Returns the payload's metadata; see [`metadata`](payload::metadata).
    pub fn metadata(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        payload::metadata(self.bytes())
    }
}

/// Says why a part was left unchanged in a message that is otherwise understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Skipped {
    /// A command or a history event has a field that the plan's descriptors do not know.
    UnknownField {
        /// The command or the event.
        message: MessageType,
        /// The field's number.
        number: u32,
    },
    /// An `Any` of a Temporal type that the plan does not know.
    UnknownAny,
    /// Raw history that is not encoded as proto3.
    UnknownEncoding,
    /// A system Nexus envelope of an unknown encoding or message type.
    UnknownEnvelope,
    /// An `Any`, raw history or an envelope whose content is no well-formed message, nests too deep, or holds more than
    /// a scan has room for.
    MalformedContent,
    /// A payload, an `Any` or a blob that comes in several pieces, which mean something only when merged.
    Split,
}

/// Walks an encoded message and reports its payloads. It allocates nothing.
///
/// # Errors
///
/// Where the bytes are not well-formed, or nested too deep: forward them as they stand.
pub fn walk<V: Visitor>(message: MessageType, bytes: &[u8], visitor: &mut V) -> Result<(), Fault> {
    let mut walker = Walker { bytes, visitor, looks_into_bytes: true, deepest: MAX_DEPTH };
    walker.message(message.plan(), 0..bytes.len(), Policy::default(), 0)
}

/// Walks an encoded message and enters no message that is nested deeper than `deepest`, nor one inside bytes.
pub(crate) fn outline<V: Visitor>(
    message: MessageType,
    bytes: &[u8],
    deepest: u8,
    visitor: &mut V,
) -> Result<(), Fault> {
    let mut walker = Walker { bytes, visitor, looks_into_bytes: false, deepest };
    walker.message(message.plan(), 0..bytes.len(), Policy::default(), 0)
}

struct Walker<'a, V> {
    bytes: &'a [u8],
    visitor: &'a mut V,
    /// Says whether `Any`, raw history and envelopes are opened; a check for well-formedness leaves them closed.
    looks_into_bytes: bool,
    /// A message that is nested deeper stays closed; at [`MAX_DEPTH`] it is a fault.
    deepest: u8,
}

impl<V: Visitor> Walker<'_, V> {
    fn message(
        &mut self,
        plan: &'static Message,
        span: Range<usize>,
        policy: Policy,
        depth: u8,
    ) -> Result<(), Fault> {
        let bytes = self.bytes;
        let mut fields = Fields::new(&bytes[..span.end], span.start);
        let mut split = 0;
        let wanted = plan.wanted();
        while let Some(raw) = fields.read_wanted(wanted)? {
            match plan.field(raw.number) {
                Some(field)
                    if field.single && raw.wire == Wire::Len && self.is_split(&raw, &span, &mut split)? =>
                {
                    self.visitor.skipped(Skipped::Split);
                }
                Some(field) => self.field(plan, field, &raw, &span, policy, depth)?,
                None if plan.is_unknown(raw.number) => {
                    self.visitor.skipped(Skipped::UnknownField { message: plan.message, number: raw.number })
                }
                None => {}
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        plan: &'static Message,
        field: &'static Field,
        raw: &RawField,
        span: &Range<usize>,
        policy: Policy,
        depth: u8,
    ) -> Result<(), Fault> {
        if let Kind::Capture(capture) = field.kind {
            self.capture(capture, raw);
            return Ok(());
        }
        // Another wire type than the declared one makes it an unknown field.
        if raw.wire != Wire::Len {
            return Ok(());
        }
        let policy = field.policy.unwrap_or(policy);
        match field.kind {
            Kind::Message(_) if depth >= self.deepest && self.deepest < MAX_DEPTH => Ok(()),
            Kind::Message(next) => self.enter(next, raw, policy, deeper(depth)?),
            Kind::Payload => self.payload(plan, raw, span, policy, depth),
            Kind::Any => self.any(raw, depth),
            Kind::Blob => self.blob(raw, depth),
            Kind::Inside(fields) => self.inside(fields, raw, deeper(depth)?),
            Kind::Capture(_) => Ok(()),
        }
    }

    fn enter(
        &mut self,
        plan: &'static Message,
        raw: &RawField,
        policy: Policy,
        depth: u8,
    ) -> Result<(), Fault> {
        self.visitor.enter(Entered { message: plan.message, kept: plan.kept, field: *raw });
        self.message(plan, raw.start..raw.end, policy, depth)?;
        self.visitor.leave();
        Ok(())
    }

    fn payload(
        &mut self,
        plan: &'static Message,
        raw: &RawField,
        span: &Range<usize>,
        policy: Policy,
        depth: u8,
    ) -> Result<(), Fault> {
        let marked = payload::is_marked(&self.bytes[..raw.end], raw.start)?;
        let is_envelope = marked || plan.endpoint != 0 && self.is_for_the_server(plan.endpoint, span)?;
        let found = Found { message: self.bytes, parent: plan.message, policy, field: *raw };
        if is_envelope && !self.visitor.takes_envelope(&found) {
            return self.envelope(raw, depth);
        }
        self.visitor.payload(&found);
        Ok(())
    }

    fn inside(&mut self, fields: &'static [Field], raw: &RawField, depth: u8) -> Result<(), Fault> {
        let bytes = self.bytes;
        let mut reader = Fields::new(&bytes[..raw.end], raw.start);
        while let Some(raw) = reader.read()? {
            match fields.iter().find(|field| field.number == raw.number).map(|field| &field.kind) {
                Some(Kind::Capture(capture)) => self.capture(*capture, &raw),
                Some(Kind::Inside(fields)) if raw.wire == Wire::Len => {
                    self.inside(fields, &raw, deeper(depth)?)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn capture(&mut self, capture: Capture, raw: &RawField) {
        match raw.wire {
            Wire::Len if !capture.is_number() => {
                self.visitor.capture(capture, Value::Bytes { start: raw.start, end: raw.end });
            }
            Wire::Varint if capture.is_number() => {
                self.visitor.capture(capture, Value::Number(raw.varint(self.bytes)));
            }
            _ => {}
        }
    }

    /// Says whether the enclosing message, in `span`, has this field more than once. `known` has a bit for each
    /// number of which that is known, so that many pieces do not make many searches.
    fn is_split(&self, raw: &RawField, span: &Range<usize>, known: &mut u64) -> Result<bool, Fault> {
        let bit = 1 << raw.number;
        if *known & bit != 0 {
            return Ok(true);
        }
        let mut fields = Fields::new(&self.bytes[..span.end], span.start);
        while let Some(other) = fields.read()? {
            if other.number == raw.number && other.wire == raw.wire && other.tag_at != raw.tag_at {
                *known |= bit;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Says whether the message in `span` names the endpoint that the server handles itself.
    fn is_for_the_server(&self, endpoint: u32, span: &Range<usize>) -> Result<bool, Fault> {
        let mut fields = Fields::new(&self.bytes[..span.end], span.start);
        let mut found = false;
        while let Some(field) = fields.read()? {
            if field.number == endpoint && field.wire == Wire::Len {
                found = field.bytes(self.bytes) == payload::SYSTEM_ENDPOINT;
            }
        }
        Ok(found)
    }
}

fn deeper(depth: u8) -> Result<u8, Fault> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(Fault::TooDeep) }
}
