//! Reads fields as they stand in the bytes.

use crate::Fault;
use crate::steps::step;

/// Groups nest no deeper than this.
const MAX_GROUPS: u8 = 128;

/// Says how a field is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// An integer of one to ten bytes.
    Varint,
    /// Eight bytes.
    Fixed64,
    /// A length and as many bytes: strings, bytes, messages, packed lists.
    Len,
    /// A group, up to and with its end tag.
    Group,
    /// Four bytes.
    Fixed32,
}

/// Describes one field: its number, and its position as offsets in the bytes that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawField {
    /// The field number, 1 to 2²⁹ − 1.
    pub number: u32,
    /// The encoding of the value.
    pub wire: Wire,
    /// The offset of the tag.
    pub tag_at: usize,
    /// The offset of the length; of the value where there is no length.
    pub length_at: usize,
    /// The offset of the value.
    pub start: usize,
    /// The offset of the value's end, which is also the field's end.
    pub end: usize,
}

impl RawField {
    /// The value's bytes, in the bytes that the field was read from.
    #[must_use]
    pub fn bytes<'a>(&self, message: &'a [u8]) -> &'a [u8] {
        &message[self.start..self.end]
    }

    /// Returns the integer of a varint field; bits beyond 64 are cut off, as protobuf does.
    #[must_use]
    pub fn varint(&self, message: &[u8]) -> u64 {
        let groups = self.bytes(message).iter().enumerate();
        groups.fold(0, |value, (at, byte)| {
            value | u64::from(byte & 0x7f).checked_shl(7 * at as u32).unwrap_or(0)
        })
    }
}

/// Returns the fields of one encoded message, in the order of the bytes. It does not look inside a field.
#[must_use]
pub fn fields(message: &[u8]) -> Fields<'_> {
    Fields::new(message, 0)
}

/// Reads fields one after another; it ends after the first fault.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    /// Starts reading at an offset; the bytes end where the message ends, and offsets count from the beginning of the
    /// bytes.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Reads the next field, or returns `None` at the end.
    #[inline]
    pub(crate) fn read(&mut self) -> Result<Option<RawField>, Fault> {
        self.read_wanted(u64::MAX)
    }

    /// The next field whose number has its bit in `wanted`, or is 64 and above. The others are passed over quickly:
    /// most fields of most messages are.
    // A scan is this loop: inlined with what it calls, it takes less than half the time.
    #[inline(always)]
    pub(crate) fn read_wanted(&mut self, wanted: u64) -> Result<Option<RawField>, Fault> {
        while self.at < self.bytes.len() {
            step();
            let tag_at = self.at;
            let (number, kind) = self.tag()?;
            if number >= 64 || wanted >> number & 1 == 1 {
                return self.value(number, kind, tag_at, 0).map(Some);
            }
            match kind {
                0 => self.skip_varint()?,
                2 => self.at = self.length()?,
                _ => self.at = self.value(number, kind, tag_at, 0)?.end,
            }
        }
        Ok(None)
    }

    #[inline(always)]
    fn value(&mut self, number: u32, kind: u8, tag_at: usize, groups: u8) -> Result<RawField, Fault> {
        if kind != 2 {
            return self.other_value(number, kind, tag_at, groups);
        }
        let length_at = self.at;
        let end = self.length()?;
        let start = std::mem::replace(&mut self.at, end);
        Ok(RawField { number, wire: Wire::Len, tag_at, length_at, start, end })
    }

    /// Reads a value that has no length.
    // Inlined too: a field that is returned through memory costs a quarter of a scan.
    #[inline(always)]
    fn other_value(&mut self, number: u32, kind: u8, tag_at: usize, groups: u8) -> Result<RawField, Fault> {
        let start = self.at;
        let (wire, end) = match kind {
            0 => {
                self.skip_varint()?;
                (Wire::Varint, self.at)
            }
            1 => (Wire::Fixed64, start + 8),
            5 => (Wire::Fixed32, start + 4),
            3 => {
                self.group(number, groups)?;
                (Wire::Group, self.at)
            }
            _ => return Err(Fault::Malformed { at: tag_at }),
        };
        if end > self.bytes.len() {
            return Err(Fault::Malformed { at: start });
        }
        self.at = end;
        Ok(RawField { number, wire, tag_at, length_at: start, start, end })
    }

    /// Reads field number and wire type.
    #[inline(always)]
    fn tag(&mut self) -> Result<(u32, u8), Fault> {
        let at = self.at;
        let tag = self.varint()?;
        if tag < 8 || tag > u64::from(u32::MAX) {
            return Err(Fault::Malformed { at });
        }
        Ok((tag as u32 >> 3, tag as u8 & 7))
    }

    /// Reads a length, and returns where what it measures ends.
    #[inline(always)]
    fn length(&mut self) -> Result<usize, Fault> {
        let at = self.at;
        let length = self.varint()?;
        // What remains is compared, because the sum may be more than an offset can hold.
        if length > (self.bytes.len() - self.at) as u64 {
            return Err(Fault::Malformed { at });
        }
        Ok(self.at + length as usize)
    }

    #[inline(always)]
    fn varint(&mut self) -> Result<u64, Fault> {
        match self.bytes.get(self.at..) {
            Some([a, ..]) if *a < 0x80 => {
                self.at += 1;
                Ok(u64::from(*a))
            }
            Some([a, b, ..]) if *b < 0x80 => {
                self.at += 2;
                Ok(u64::from(*a & 0x7f) | u64::from(*b) << 7)
            }
            Some([a, b, c, ..]) if *c < 0x80 => {
                self.at += 3;
                Ok(u64::from(*a & 0x7f) | u64::from(*b & 0x7f) << 7 | u64::from(*c) << 14)
            }
            _ => self.long_varint(),
        }
    }

    #[cold]
    fn long_varint(&mut self) -> Result<u64, Fault> {
        let start = self.at;
        self.skip_varint()?;
        let bytes = self.bytes[start..self.at].iter().enumerate();
        Ok(bytes.fold(0, |value, (at, byte)| value | u64::from(byte & 0x7f) << (7 * at)))
    }

    #[inline(always)]
    fn skip_varint(&mut self) -> Result<(), Fault> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte < 0x80 => {
                self.at += 1;
                Ok(())
            }
            _ => self.skip_long_varint(),
        }
    }

    fn skip_long_varint(&mut self) -> Result<(), Fault> {
        let at = self.at;
        for byte in self.bytes[at..].iter().take(10) {
            self.at += 1;
            if *byte < 0x80 {
                return Ok(());
            }
        }
        Err(Fault::Malformed { at })
    }

    /// Passes over a group and its end tag, which must have the group's number.
    fn group(&mut self, number: u32, groups: u8) -> Result<(), Fault> {
        if groups >= MAX_GROUPS {
            return Err(Fault::TooDeep);
        }
        loop {
            let at = self.at;
            let (inner, kind) = self.tag()?;
            if kind == 4 {
                return if inner == number { Ok(()) } else { Err(Fault::Malformed { at }) };
            }
            self.value(inner, kind, at, groups + 1)?;
        }
    }
}

impl Iterator for Fields<'_> {
    type Item = Result<RawField, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.read().transpose();
        if let Some(Err(_)) = next {
            self.at = self.bytes.len();
        }
        next
    }
}

#[cfg(test)]
mod tests;
