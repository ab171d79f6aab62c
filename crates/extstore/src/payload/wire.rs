//! The few lines of protobuf that a payload needs. Everything unknown is kept as it stands.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::{Body, Error, ErrorKind, Result};

pub(super) const METADATA: u64 = 1;
pub(super) const DATA: u64 = 2;
const EXTERNAL: u64 = 3;
const LENGTH_DELIMITED: u64 = 2;
/// Groups nest no deeper than this in any message that a real encoder makes.
const MAX_GROUP_DEPTH: usize = 64;

/// More entries than this were not written by an SDK, and would take many times the memory of their bytes.
const MAX_ENTRIES: usize = 1 << 16;

/// One top-level field.
pub(super) struct Field {
    pub(super) number: u64,
    kind: u64,
    /// Tag, length and content, except for `data`, whose content is kept apart.
    pub(super) head: Bytes,
    /// The content: of `data` what follows the head, of all others a part of it.
    pub(super) content: Bytes,
}

#[derive(Default)]
pub(super) struct Parts {
    pub(super) metadata: Vec<(Bytes, Bytes)>,
    pub(super) data: Bytes,
    pub(super) external_sizes: Vec<u64>,
}

/// Reads what is known, checks what is not, and keeps nothing of it.
pub(super) fn parse(body: &Body) -> Result<Parts> {
    let mut parts = Parts::default();
    walk(body, |field| parts.read(field))?;
    Ok(parts)
}

/// Visits the top-level fields in order.
pub(super) fn walk(body: &Body, mut visit: impl FnMut(Field) -> Result<()>) -> Result<()> {
    let mut segments = body.segments().iter();
    while let Some(segment) = segments.next() {
        let mut input = Input { bytes: segment, at: 0 };
        while input.at < segment.len() {
            let start = input.at;
            let tag = input.varint()?;
            let (number, kind) = (tag >> 3, tag & 7);
            if number == DATA && kind == LENGTH_DELIMITED {
                let length = input.length()?;
                let head = segment.slice(start..input.at);
                // An assembled payload keeps its data in the segment after the header.
                let content = if input.at == segment.len() && length > 0 {
                    segments.next().filter(|next| next.len() == length).cloned().ok_or_else(malformed)?
                } else {
                    input.take(length)?
                };
                visit(Field { number, kind, head, content })?;
            } else {
                let content = input.skip(number, kind, 0)?;
                visit(Field { number, kind, head: segment.slice(start..input.at), content })?;
            }
        }
    }
    Ok(())
}

impl Field {
    /// The key of a metadata field.
    pub(super) fn metadata_key(&self) -> Result<Bytes> {
        entry(&self.content).map(|(key, _)| key)
    }
}

impl Parts {
    fn read(&mut self, field: Field) -> Result<()> {
        match (field.number, field.kind) {
            (METADATA, LENGTH_DELIMITED) => self.metadata.push(entry(&field.content)?),
            (DATA, LENGTH_DELIMITED) => self.data = field.content,
            (EXTERNAL, LENGTH_DELIMITED) => self.external_sizes.push(external_size(&field.content)?),
            (METADATA | DATA | EXTERNAL, _) => return Err(malformed()),
            _ => {}
        }
        if self.metadata.len().max(self.external_sizes.len()) > MAX_ENTRIES {
            return Err(
                ErrorKind::Integrity.error(format!("the payload has more than {MAX_ENTRIES} entries"))
            );
        }
        Ok(())
    }
}

/// A map entry: `string key = 1; bytes value = 2`. The last occurrence of each counts.
fn entry(content: &Bytes) -> Result<(Bytes, Bytes)> {
    let mut input = Input { bytes: content, at: 0 };
    let (mut key, mut value) = (Bytes::new(), Bytes::new());
    while input.at < content.len() {
        let tag = input.varint()?;
        let field = input.skip(tag >> 3, tag & 7, 0)?;
        match (tag >> 3, tag & 7) {
            (1, LENGTH_DELIMITED) => key = field,
            (2, LENGTH_DELIMITED) => value = field,
            _ => {}
        }
    }
    std::str::from_utf8(&key).map_err(|_| malformed())?;
    Ok((key, value))
}

/// `ExternalPayloadDetails { int64 size_bytes = 1 }`; a negative size reads as 0.
fn external_size(content: &Bytes) -> Result<u64> {
    let mut input = Input { bytes: content, at: 0 };
    let mut size = 0;
    while input.at < content.len() {
        let tag = input.varint()?;
        if tag == 8 {
            size = input.varint()?;
        } else {
            input.skip(tag >> 3, tag & 7, 0)?;
        }
    }
    Ok(i64::try_from(size).map_or(0, i64::unsigned_abs))
}

struct Input<'a> {
    bytes: &'a Bytes,
    at: usize,
}

impl Input<'_> {
    fn varint(&mut self) -> Result<u64> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or_else(malformed)?;
            self.at += 1;
            // Protobuf truncates what exceeds 64 bits.
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(malformed())
    }

    fn length(&mut self) -> Result<usize> {
        usize::try_from(self.varint()?).map_err(|_| malformed())
    }

    fn take(&mut self, length: usize) -> Result<Bytes> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len()).ok_or_else(malformed)?;
        let taken = self.bytes.slice(self.at..end);
        self.at = end;
        Ok(taken)
    }

    /// Passes over one field's value and returns it.
    fn skip(&mut self, number: u64, kind: u64, depth: usize) -> Result<Bytes> {
        if number == 0 || number > 0x1fff_ffff || depth > MAX_GROUP_DEPTH {
            return Err(malformed());
        }
        let start = self.at;
        match kind {
            0 => self.varint().map(drop)?,
            1 => self.take(8).map(drop)?,
            LENGTH_DELIMITED => {
                let length = self.length()?;
                return self.take(length);
            }
            3 => self.skip_group(number, depth)?,
            5 => self.take(4).map(drop)?,
            _ => return Err(malformed()),
        }
        Ok(self.bytes.slice(start..self.at))
    }

    fn skip_group(&mut self, number: u64, depth: usize) -> Result<()> {
        loop {
            let tag = self.varint()?;
            if tag & 7 == 4 {
                return if tag >> 3 == number { Ok(()) } else { Err(malformed()) };
            }
            self.skip(tag >> 3, tag & 7, depth + 1)?;
        }
    }
}

fn malformed() -> Error {
    ErrorKind::Integrity.error("the bytes are not an encoded temporal.api.common.v1.Payload")
}

pub(super) fn put_varint(out: &mut BytesMut, mut value: u64) {
    while value >= 0x80 {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

fn varint_len(value: usize) -> usize {
    (usize::BITS - (value | 1).leading_zeros()).div_ceil(7) as usize
}

/// Tag and length of a length-delimited field.
pub(super) fn put_header(out: &mut BytesMut, number: u64, length: usize) {
    put_varint(out, number << 3 | LENGTH_DELIMITED);
    put_varint(out, length as u64);
}

pub(super) fn put_metadata(out: &mut BytesMut, key: &[u8], value: &[u8]) {
    let part = |bytes: &[u8]| 1 + varint_len(bytes.len()) + bytes.len();
    put_header(out, METADATA, part(key) + part(value));
    for (number, bytes) in [(1, key), (2, value)] {
        put_header(out, number, bytes.len());
        out.extend_from_slice(bytes);
    }
}

pub(super) fn put_external(out: &mut BytesMut, size: u64) {
    let mut details = BytesMut::new();
    if size > 0 {
        details.put_u8(8);
        put_varint(&mut details, size);
    }
    put_header(out, EXTERNAL, details.len());
    out.extend_from_slice(&details);
}
