//! Writes the few forms of protobuf that a rewriter and a host need.

use bytes::{BufMut as _, BytesMut};

/// Bounds the varint of a length.
const MAX_WIDTH: usize = 5;

/// Returns the number of bytes of the shortest varint of a value, 1 to 10.
#[must_use]
pub const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros()).div_ceil(7) as usize
}

/// Appends the shortest varint.
pub fn put_varint(out: &mut BytesMut, mut value: u64) {
    while value >= 0x80 {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

/// Appends an integer field: enums, booleans, `int32`, `int64` (a negative one as its two's complement).
pub fn put_varint_field(out: &mut BytesMut, number: u32, value: u64) {
    put_varint(out, u64::from(number) << 3);
    put_varint(out, value);
}

/// Appends a length-delimited field: a string, bytes, or an encoded message.
pub fn put_bytes(out: &mut BytesMut, number: u32, value: &[u8]) {
    put_varint(out, u64::from(number) << 3 | 2);
    put_varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

/// Returns the width of a length that replaces another one.
///
/// A length in its shortest form stays in its shortest form. A padded one keeps its padding, so that taking a payload
/// out and putting it back gives the bytes of the encoder that pads.
pub(crate) const fn width(length: u64, old_length: u64, old_width: usize) -> usize {
    let shortest = varint_len(length);
    let was_padded = old_width > varint_len(old_length);
    if was_padded && old_width > shortest && old_width <= MAX_WIDTH { old_width } else { shortest }
}

/// Appends a varint of a given width, which is at least its shortest.
pub(crate) fn put_padded(out: &mut BytesMut, mut value: u64, width: usize) {
    for _ in 1..width {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8 & 0x7f);
}
