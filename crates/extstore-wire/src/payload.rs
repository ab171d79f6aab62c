//! Checks that a payload is one, and reads of it whether the server will read it.

use crate::field::Fields;
use crate::{Fault, Wire};

/// Marks a payload that is an envelope for a system Nexus operation.
const SYSTEM_PAYLOAD: &[u8] = b"__temporal_system_payload";
/// Names the endpoint whose operations the server itself handles. Older SDKs do not mark the envelope.
pub(crate) const SYSTEM_ENDPOINT: &[u8] = b"__temporal_system";

const METADATA: u32 = 1;
const DATA: u32 = 2;

/// Returns the metadata of an encoded `temporal.api.common.v1.Payload`: keys and values in the order of the bytes.
///
/// Of a repeated key the last entry counts. The iterator ends at the first byte that is not well-formed; a payload
/// that a scan reported is.
pub fn metadata(payload: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    Fields::new(payload, 0)
        .map_while(Result::ok)
        .filter(|field| field.number == METADATA && field.wire == Wire::Len)
        .map_while(|field| entry(payload, field.start, field.end).ok())
}

/// Holds what a payload that the server reads says about itself. Offsets are in the scanned message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Envelope<'a> {
    pub(crate) encoding: &'a [u8],
    pub(crate) message_type: &'a [u8],
    /// The data field: offsets of its tag, its length, its content and its end.
    pub(crate) data: Option<crate::RawField>,
}

/// Checks that a payload is well-formed, and says whether it is marked as an envelope.
#[inline]
pub(crate) fn is_marked(bytes: &[u8], start: usize) -> Result<bool, Fault> {
    let mut fields = Fields::new(bytes, start);
    let mut marked = false;
    while let Some(field) = fields.read_wanted(1 << METADATA)? {
        if field.number == METADATA && field.wire == Wire::Len {
            let (key, value) = entry(bytes, field.start, field.end)?;
            if key == SYSTEM_PAYLOAD {
                marked = value == b"true";
            }
        }
    }
    Ok(marked)
}

/// Reads what an envelope carries. The last occurrence of a key, and of the data, counts.
pub(crate) fn envelope(bytes: &[u8], start: usize) -> Result<Envelope<'_>, Fault> {
    let mut fields = Fields::new(bytes, start);
    let mut envelope = Envelope::default();
    while let Some(field) = fields.read()? {
        match (field.number, field.wire) {
            (METADATA, Wire::Len) => match entry(bytes, field.start, field.end)? {
                (b"encoding", value) => envelope.encoding = value,
                (b"messageType", value) => envelope.message_type = value,
                _ => {}
            },
            (DATA, Wire::Len) => envelope.data = Some(field),
            _ => {}
        }
    }
    Ok(envelope)
}

/// Reads a map entry's key and value; the last occurrence of each counts.
#[inline]
fn entry(bytes: &[u8], start: usize, end: usize) -> Result<(&[u8], &[u8]), Fault> {
    if let Some(entry) = short_entry(&bytes[start..end]) {
        return Ok(entry);
    }
    let mut fields = Fields::new(&bytes[..end], start);
    let (mut key, mut value): (&[u8], &[u8]) = (&[], &[]);
    while let Some(field) = fields.read()? {
        match (field.number, field.wire) {
            (1, Wire::Len) => key = field.bytes(bytes),
            (2, Wire::Len) => value = field.bytes(bytes),
            _ => {}
        }
    }
    Ok((key, value))
}

/// Reads the entry that encoders write: a key and a value, each shorter than 128 bytes, and nothing else.
#[inline]
fn short_entry(entry: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, rest) = short_field(entry, 1)?;
    let (value, rest) = short_field(rest, 2)?;
    rest.is_empty().then_some((key, value))
}

#[inline]
fn short_field(bytes: &[u8], number: u8) -> Option<(&[u8], &[u8])> {
    let [tag, length, rest @ ..] = bytes else { return None };
    if *tag == number << 3 | 2 && *length < 0x80 { rest.split_at_checked(usize::from(*length)) } else { None }
}
