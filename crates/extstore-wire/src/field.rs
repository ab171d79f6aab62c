//! Fields as they stand in the bytes.

use crate::Fault;

/// Groups nest no deeper than this.
const MAX_GROUPS: u8 = 64;

/// How a field is encoded.
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

/// One field: its number and where it is, as offsets in the bytes that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawField {
    /// The field number, 1 to 2²⁹ − 1.
    pub number: u32,
    /// How the value is encoded.
    pub wire: Wire,
    /// Where the tag begins.
    pub tag_at: usize,
    /// Where the length begins; where there is none, where the value begins.
    pub length_at: usize,
    /// Where the value begins.
    pub start: usize,
    /// Where the value ends, and with it the field.
    pub end: usize,
}

impl RawField {
    /// The value's bytes, in the bytes that the field was read from.
    #[must_use]
    pub fn bytes<'a>(&self, message: &'a [u8]) -> &'a [u8] {
        &message[self.start..self.end]
    }

    /// The integer of a varint field; what exceeds 64 bits is cut off, as protobuf does.
    #[must_use]
    pub fn varint(&self, message: &[u8]) -> u64 {
        let groups = self.bytes(message).iter().enumerate();
        groups.fold(0, |value, (at, byte)| {
            value | u64::from(byte & 0x7f).checked_shl(7 * at as u32).unwrap_or(0)
        })
    }
}

/// The fields of one encoded message, in the order of the bytes. Nothing inside a field is looked at.
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
    /// The bytes end where the message ends; offsets count from the beginning of the bytes.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The next field, or none at the end.
    #[inline]
    pub(crate) fn read(&mut self) -> Result<Option<RawField>, Fault> {
        if self.at >= self.bytes.len() {
            return Ok(None);
        }
        self.field(0).map(Some)
    }

    #[inline]
    fn field(&mut self, groups: u8) -> Result<RawField, Fault> {
        let tag_at = self.at;
        let (number, kind) = self.tag()?;
        let length_at = self.at;
        let (wire, start, end) = match kind {
            2 => {
                let length = self.varint()?;
                let start = self.at;
                // A length that no offset can hold is beyond the end as well.
                let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
                (Wire::Len, start, end.ok_or(Fault::Malformed { at: length_at })?)
            }
            0 => {
                self.varint()?;
                (Wire::Varint, length_at, self.at)
            }
            1 => (Wire::Fixed64, length_at, length_at + 8),
            5 => (Wire::Fixed32, length_at, length_at + 4),
            3 => {
                self.group(number, groups)?;
                (Wire::Group, length_at, self.at)
            }
            _ => return Err(Fault::Malformed { at: tag_at }),
        };
        if end > self.bytes.len() {
            return Err(Fault::Malformed { at: length_at });
        }
        self.at = end;
        Ok(RawField { number, wire, tag_at, length_at, start, end })
    }

    /// Field number and wire type.
    #[inline]
    fn tag(&mut self) -> Result<(u32, u8), Fault> {
        let at = self.at;
        let tag = self.varint()?;
        match u32::try_from(tag) {
            Ok(tag) if tag >> 3 != 0 => Ok((tag >> 3, (tag & 7) as u8)),
            _ => Err(Fault::Malformed { at }),
        }
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, Fault> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte < 0x80 => {
                self.at += 1;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Fault> {
        let start = self.at;
        let mut value = 0;
        for (at, byte) in self.bytes[start..].iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.at = start + at + 1;
                return Ok(value);
            }
        }
        Err(Fault::Malformed { at: start })
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
            self.at = at;
            self.field(groups + 1)?;
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
