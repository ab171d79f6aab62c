//! Walks messages inside bytes: `Any`, raw history, system Nexus envelopes.
//!
//! Their content is a message of its own. Where it is not well-formed it stays as it stands, and the message around it
//! is still understood; so it is checked once, without opening what is inside it in turn, before anything of it is
//! reported. Each byte is therefore read at most twice, however deep such messages nest.

use super::{Entered, Found, MAX_DEPTH, Skipped, Visitor, Walker, deeper};
use crate::field::Fields;
use crate::plan::{HISTORY, PAYLOAD_FREE};
use crate::{Fault, MessageType, Policy, RawField, Wire, payload};

/// Is the value of `ENCODING_TYPE_PROTO3`.
const PROTO3: u64 = 1;
const BINARY_PROTOBUF: &[u8] = b"binary/protobuf";

impl<V: Visitor> Walker<'_, V> {
    /// Walks a `google.protobuf.Any`: the URL of a type and an encoded message of that type.
    pub(super) fn any(&mut self, raw: &RawField, depth: u8) -> Result<(), Fault> {
        let [url, value] = self.last_two(raw, Wire::Len)?;
        let (Some(url), Some(value)) = (url, value) else { return Ok(()) };
        // A name that is no UTF-8 is no name that the plan has.
        let url = std::str::from_utf8(url.bytes(self.bytes)).unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or_default();
        match MessageType::find(name) {
            Some(message) => self.open([(MessageType::Any, *raw), (message, value)], depth),
            None if name.starts_with("temporal.") && PAYLOAD_FREE.binary_search(&name).is_err() => {
                self.visitor.skipped(Skipped::UnknownAny);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Walks a `temporal.api.common.v1.DataBlob`: an encoding and serialised history events.
    pub(super) fn blob(&mut self, raw: &RawField, depth: u8) -> Result<(), Fault> {
        let [encoding, data] = self.last_two(raw, Wire::Varint)?;
        let Some(data) = data else { return Ok(()) };
        if encoding.is_none_or(|encoding| encoding.varint(self.bytes) != PROTO3) {
            self.visitor.skipped(Skipped::UnknownEncoding);
            return Ok(());
        }
        self.open([(MessageType::DataBlob, *raw), (HISTORY.message, data)], depth)
    }

    /// Walks a payload whose data is a request that the server reads: the payload stays, and those in the request are
    /// reported.
    pub(super) fn envelope(&mut self, raw: &RawField, depth: u8) -> Result<(), Fault> {
        let envelope = payload::envelope(&self.bytes[..raw.end], raw.start)?;
        let message_type = std::str::from_utf8(envelope.message_type).ok().and_then(MessageType::find);
        match (message_type, envelope.data) {
            (Some(message), Some(data)) if envelope.encoding == BINARY_PROTOBUF => {
                self.open([(MessageType::Payload, *raw), (message, data)], depth)
            }
            (Some(_), None) if envelope.encoding == BINARY_PROTOBUF => Ok(()),
            _ => {
                self.visitor.skipped(Skipped::UnknownEnvelope);
                Ok(())
            }
        }
    }

    /// Walks the message in `content`, a bytes field of `container`, if it is well-formed.
    fn open(&mut self, [container, content]: [(MessageType, RawField); 2], depth: u8) -> Result<(), Fault> {
        if !self.looks_into_bytes || !content.0.bears_payloads() {
            return Ok(());
        }
        // Nesting too deep is no fault of the message around: whoever sends a payload writes what is in its bytes, and
        // must not keep a reader from the references beside it.
        let checked =
            deeper(depth).and_then(deeper).and_then(|depth| self.check(content, depth).map(|()| depth));
        let Ok(depth) = checked else {
            self.visitor.skipped(Skipped::MalformedContent);
            return Ok(());
        };
        self.visitor.enter(Entered { message: container.0, kept: false, field: container.1 });
        if content.0 == MessageType::Payload {
            let (parent, policy) = (container.0, Policy::default());
            self.visitor.payload(&Found { message: self.bytes, parent, policy, field: content.1 });
        } else {
            self.enter(content.0.plan(), &content.1, Policy::default(), depth)?;
        }
        self.visitor.leave();
        Ok(())
    }

    fn check(&self, (message, field): (MessageType, RawField), depth: u8) -> Result<(), Fault> {
        if message == MessageType::Payload {
            return payload::is_marked(&self.bytes[..field.end], field.start).map(drop);
        }
        let mut check =
            Walker { bytes: self.bytes, visitor: &mut Nobody, looks_into_bytes: false, deepest: MAX_DEPTH };
        check.message(message.plan(), field.start..field.end, Policy::default(), depth)
    }

    /// Returns the last occurrences of field 1, of a wire type, and of field 2, of bytes.
    fn last_two(&self, raw: &RawField, wire_of_first: Wire) -> Result<[Option<RawField>; 2], Fault> {
        let mut fields = Fields::new(&self.bytes[..raw.end], raw.start);
        let mut last = [None, None];
        while let Some(field) = fields.read()? {
            match field.number {
                1 if field.wire == wire_of_first => last[0] = Some(field),
                2 if field.wire == Wire::Len => last[1] = Some(field),
                _ => {}
            }
        }
        Ok(last)
    }
}

/// Sees nothing.
struct Nobody;

impl Visitor for Nobody {
    fn payload(&mut self, _: &Found<'_>) {}
}
