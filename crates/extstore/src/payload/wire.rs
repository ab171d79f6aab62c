//! Reads and writes the few fields of protobuf that a payload has. Every other field is kept as it stands.

use std::slice;

use bytes::{BufMut as _, Bytes};

use crate::{Body, Error, ErrorKind, Result};

pub(super) const METADATA: u64 = 1;
pub(super) const DATA: u64 = 2;
const EXTERNAL: u64 = 3;
const LENGTH_DELIMITED: u64 = 2;
/// Groups nest no deeper than this in any message that a real encoder makes.
const MAX_GROUP_DEPTH: usize = 64;

/// Holds one top-level field as it stands in the encoded payload.
pub(super) struct Field<'a> {
    pub(super) number: u64,
    kind: u64,
    /// Tag, length and content, except for `data`, whose content is kept apart.
    pub(super) head: &'a [u8],
    /// The content: of `data` what follows the head, of all others a part of it.
    pub(super) content: &'a [u8],
    /// The segment that holds the content.
    segment: &'a Bytes,
}

/// Iterates over the top-level fields in the order of the bytes; the first error ends it.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    segments: slice::Iter<'a, Bytes>,
    segment: Option<&'a Bytes>,
    at: usize,
}

/// Reads the top-level fields of bytes that may be no payload.
pub(super) fn fields(body: &Body) -> Fields<'_> {
    let mut segments = body.segments().iter();
    Fields { segment: segments.next(), segments, at: 0 }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut segment = self.segment?;
        while self.at == segment.len() {
            (self.segment, self.at) = (self.segments.next(), 0);
            segment = self.segment?;
        }
        let field = self.read(segment);
        if field.is_err() {
            self.segment = None;
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn read(&mut self, segment: &'a Bytes) -> Result<Field<'a>> {
        let start = self.at;
        let mut input = Input { bytes: segment, at: start };
        let tag = input.varint()?;
        let (number, kind) = (tag >> 3, tag & 7);
        if (number, kind) == (DATA, LENGTH_DELIMITED) {
            let length = input.length()?;
            let head = &segment[start..input.at];
            // A payload that was built from parts has its data in the segment after the header.
            let apart = input.at == segment.len() && length > 0;
            let segment = if apart { self.segments.next().ok_or_else(malformed)? } else { segment };
            let content = if apart { whole(segment, length)? } else { input.take(length)? };
            self.at = input.at;
            return Ok(Field { number, kind, head, content, segment });
        }
        let content = input.skip(number, kind, 0)?;
        self.at = input.at;
        Ok(Field { number, kind, head: &segment[start..input.at], content, segment })
    }
}

fn whole(segment: &Bytes, length: usize) -> Result<&[u8]> {
    if segment.len() == length { Ok(segment) } else { Err(malformed()) }
}

impl Field<'_> {
    /// Returns the content without a copy.
    pub(super) fn shared(&self) -> Bytes {
        self.segment.slice_ref(self.content)
    }
}

/// Checks a whole payload and returns its data: the last, where the field is repeated.
pub(super) fn check(body: &Body) -> Result<Bytes> {
    let mut data = Bytes::new();
    for field in fields(body) {
        let field = field?;
        match (field.number, field.kind) {
            (METADATA, LENGTH_DELIMITED) => drop(entry(field.content)?),
            (DATA, LENGTH_DELIMITED) => data = field.shared(),
            (EXTERNAL, LENGTH_DELIMITED) => drop(external_size(field.content)?),
            (METADATA | DATA | EXTERNAL, _) => return Err(malformed()),
            _ => {}
        }
    }
    Ok(data)
}

/// Reads the fields of a body that this module has checked or written: reading them does not fail.
pub(super) fn known(body: &Body) -> impl Iterator<Item = Field<'_>> + Clone {
    fields(body).map_while(Result::ok)
}

/// Reads the metadata entries of such a body, in the order of the bytes.
pub(super) fn metadata(body: &Body) -> impl Iterator<Item = (&str, &[u8])> + Clone {
    known(body).filter(|field| field.number == METADATA).map_while(|field| entry(field.content).ok())
}

/// Reads the external sizes of such a body, in the order of the bytes.
pub(super) fn external_sizes(body: &Body) -> impl Iterator<Item = u64> + Clone {
    known(body).filter(|field| field.number == EXTERNAL).map_while(|field| external_size(field.content).ok())
}

/// Reads a map entry: `string key = 1; bytes value = 2`. The last occurrence of each counts.
pub(super) fn entry(content: &[u8]) -> Result<(&str, &[u8])> {
    let mut input = Input { bytes: content, at: 0 };
    let (mut key, mut value): (&[u8], &[u8]) = (&[], &[]);
    while input.at < content.len() {
        let tag = input.varint()?;
        let field = input.skip(tag >> 3, tag & 7, 0)?;
        match (tag >> 3, tag & 7) {
            (1, LENGTH_DELIMITED) => key = field,
            (2, LENGTH_DELIMITED) => value = field,
            _ => {}
        }
    }
    Ok((std::str::from_utf8(key).map_err(|_| malformed())?, value))
}

/// Reads `ExternalPayloadDetails { int64 size_bytes = 1 }`; a negative size reads as 0.
fn external_size(content: &[u8]) -> Result<u64> {
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
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
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

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(length).ok_or_else(malformed)?;
        let taken = self.bytes.get(self.at..end).ok_or_else(malformed)?;
        self.at = end;
        Ok(taken)
    }

    /// Passes over one field's value and returns it.
    fn skip(&mut self, number: u64, kind: u64, depth: usize) -> Result<&'a [u8]> {
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
        Ok(&self.bytes[start..self.at])
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

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

fn varint_len(value: u64) -> usize {
    (u64::BITS - (value | 1).leading_zeros()).div_ceil(7) as usize
}

/// Writes tag and length of a length-delimited field.
pub(super) fn put_header(out: &mut Vec<u8>, number: u64, length: usize) {
    put_varint(out, number << 3 | LENGTH_DELIMITED);
    put_varint(out, length as u64);
}

/// Counts the bytes that [`put_header`] writes for one of the fields that this module knows.
pub(super) fn header_len(length: usize) -> usize {
    1 + varint_len(length as u64)
}

fn entry_len(key: &str, value: &[u8]) -> usize {
    header_len(key.len()) + key.len() + header_len(value.len()) + value.len()
}

pub(super) fn put_metadata(out: &mut Vec<u8>, key: &str, value: &[u8]) {
    put_header(out, METADATA, entry_len(key, value));
    for (number, bytes) in [(1, key.as_bytes()), (2, value)] {
        put_header(out, number, bytes.len());
        out.extend_from_slice(bytes);
    }
}

/// Counts the bytes that [`put_metadata`] writes.
pub(super) fn metadata_len(key: &str, value: &[u8]) -> usize {
    let entry = entry_len(key, value);
    header_len(entry) + entry
}

pub(super) fn put_external(out: &mut Vec<u8>, size: u64) {
    let length = if size > 0 { 1 + varint_len(size) } else { 0 };
    put_header(out, EXTERNAL, length);
    if size > 0 {
        out.put_u8(8);
        put_varint(out, size);
    }
}
