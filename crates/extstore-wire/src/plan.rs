//! Defines the plan, which says which fields lead to payloads. The tables are generated from these types.

use crate::{Capture, Policy};

#[rustfmt::skip]
mod generated;

pub use generated::{Command, MessageType, Rpc, ScheduleAction};
pub(crate) use generated::{HISTORY, MESSAGES, NAMES, PAYLOAD_FREE, RPCS};

/// Holds what the scanner knows about one message type.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) message: MessageType,
    /// The fields in the order of their numbers.
    fields: &'static [Field],
    /// The index among these of the field of each number under 64, or [`ABSENT`]: one look instead of a search.
    low: [u8; 64],
    /// The numbers under 64 of these fields, one bit each.
    low_bits: u64,
    /// Says whether the message is reported even where no payload is inside.
    pub(crate) kept: bool,
    /// The number of the string field that names a Nexus endpoint; 0 where there is none.
    pub(crate) endpoint: u32,
    watched: Option<&'static [u32]>,
    watched_low: u64,
}

/// Describes one field that the scanner looks at.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) policy: Option<Policy>,
    /// Says whether the field is singular and its pieces mean something only when merged: it is left alone where it
    /// comes in pieces.
    pub(crate) single: bool,
}

/// Says what is in a field.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A message on the way to payloads.
    Message(&'static Message),
    /// A payload.
    Payload,
    /// A message whose type a URL says.
    Any,
    /// Serialised history events.
    Blob,
    /// A string, bytes or a number that names something.
    Capture(Capture),
    /// A message of such fields.
    Inside(&'static [Field]),
}

/// No field has this number.
const ABSENT: u8 = u8::MAX;

impl Message {
    pub(crate) const fn new(message: MessageType, fields: &'static [Field]) -> Self {
        let (mut low, mut low_bits, mut endpoint, mut at) = ([ABSENT; 64], 0, 0, 0);
        while at < fields.len() {
            let number = fields[at].number;
            assert!(at == 0 || fields[at - 1].number < number, "fields are in the order of their numbers");
            if number < 64 {
                // There are fewer than 64 such numbers.
                low[number as usize] = at as u8;
                low_bits |= 1 << number;
            }
            assert!(number < 64 || !fields[at].single, "one bit per number says whether it comes in pieces");
            if let Kind::Capture(Capture::Endpoint) = fields[at].kind {
                endpoint = number;
            }
            at += 1;
        }
        Self { message, fields, low, low_bits, kept: false, endpoint, watched: None, watched_low: 0 }
    }

    pub(crate) const fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    /// Reports every field that is not one of these.
    pub(crate) const fn watched(mut self, numbers: &'static [u32]) -> Self {
        let mut at = 0;
        while at < numbers.len() {
            if numbers[at] < 64 {
                self.watched_low |= 1 << numbers[at];
            }
            at += 1;
        }
        self.watched = Some(numbers);
        self
    }

    /// Returns the field of a number.
    #[inline]
    pub(crate) fn field(&self, number: u32) -> Option<&'static Field> {
        if let Some(at) = self.low.get(number as usize) {
            return self.fields.get(usize::from(*at));
        }
        self.fields.iter().rev().take_while(|field| field.number >= 64).find(|field| field.number == number)
    }

    /// Returns the numbers under 64 that a scan must look at, one bit each; it looks at all others.
    #[inline]
    pub(crate) fn wanted(&self) -> u64 {
        if self.watched.is_some() { self.low_bits | !self.watched_low } else { self.low_bits }
    }

    /// Says whether a field is to be reported because the descriptors do not know it.
    #[inline]
    pub(crate) fn is_unknown(&self, number: u32) -> bool {
        match self.watched {
            None => false,
            Some(_) if number < 64 => self.watched_low & 1 << number == 0,
            Some(known) => !known.contains(&number),
        }
    }
}

impl Field {
    const fn new(number: u32, name: &'static str, kind: Kind) -> Self {
        Self { number, name, kind, policy: None, single: false }
    }

    pub(crate) const fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    pub(crate) const fn single(mut self) -> Self {
        self.single = true;
        self
    }
}

pub(crate) const fn into(number: u32, name: &'static str, message: &'static Message) -> Field {
    Field::new(number, name, Kind::Message(message))
}

pub(crate) const fn payload(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Kind::Payload).single()
}

pub(crate) const fn payloads(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Kind::Payload)
}

pub(crate) const fn any(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Kind::Any)
}

pub(crate) const fn blob(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Kind::Blob)
}

pub(crate) const fn capture(number: u32, name: &'static str, capture: Capture) -> Field {
    Field::new(number, name, Kind::Capture(capture))
}

pub(crate) const fn inside(number: u32, name: &'static str, fields: &'static [Field]) -> Field {
    Field::new(number, name, Kind::Inside(fields))
}

impl MessageType {
    /// Returns the message type of a full name such as `temporal.api.common.v1.Memo`.
    #[must_use]
    pub fn find(full_name: &str) -> Option<Self> {
        NAMES.binary_search(&full_name).ok().map(|at| Self::ALL[at])
    }

    /// Returns the message type of an `Any`'s URL: the text after its last slash is the full name.
    #[must_use]
    pub fn from_type_url(url: &str) -> Option<Self> {
        url.rsplit('/').next().and_then(Self::find)
    }

    /// Returns the full name, such as `temporal.api.common.v1.Memo`.
    #[must_use]
    pub fn full_name(self) -> &'static str {
        NAMES[self as usize]
    }

    pub(crate) fn plan(self) -> &'static Message {
        MESSAGES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_plans_and_the_enum_are_in_one_order() {
        for (at, message) in MessageType::ALL.into_iter().enumerate() {
            assert_eq!(message as usize, at);
            assert_eq!(message.plan().message, message);
            assert_eq!(MessageType::find(message.full_name()), Some(message));
        }
        assert!(NAMES.is_sorted());
        assert!(PAYLOAD_FREE.is_sorted());
    }

    #[test]
    fn every_planned_field_is_found_and_no_other() {
        for message in MessageType::ALL {
            let plan = message.plan();
            for number in 1..400 {
                let expected = plan.fields.iter().find(|field| field.number == number);
                assert_eq!(plan.field(number).map(|field| field.name), expected.map(|field| field.name));
            }
        }
    }
}
