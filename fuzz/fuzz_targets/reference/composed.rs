//! Makes payloads and JSON that are nearly references: bytes at random seldom are.

use bytes::BytesMut;
use extstore::{LEGACY_ENCODING, REFERENCE_ENCODING, REFERENCE_MARKER, REFERENCE_MESSAGE_TYPE};
use extstore_wire::{put_bytes, put_varint_field};
use serde_json::{Map, Value};

use crate::support::Choices;

/// Lists the words that mean something to JSON, and to a program that escapes it.
pub(crate) const WORDS: [&str; 18] = [
    "memory",
    "\0",
    "\"",
    "\\",
    "\u{8}",
    "\u{c}",
    "\n",
    "\r",
    "\t",
    "😀",
    "claimData",
    "driverName",
    "\u{7f}",
    "\u{80}",
    "\u{fffd}",
    "{",
    "}",
    "null",
];

/// Lists the metadata that makes a payload a reference, and some that does not.
const METADATA: [(&str, &str); 10] = [
    ("encoding", REFERENCE_ENCODING),
    ("encoding", LEGACY_ENCODING),
    ("encoding", "json/plain"),
    ("encoding", ""),
    ("messageType", REFERENCE_MESSAGE_TYPE),
    ("messageType", "temporal.api.common.v1.Memo"),
    (REFERENCE_MARKER, "true"),
    (REFERENCE_MARKER, "True"),
    (REFERENCE_MARKER, "false"),
    ("", "true"),
];

/// Makes an encoded payload with metadata in any order and more than once.
pub(crate) fn payload(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut out = BytesMut::new();
    for _ in 0..choices.below(8) {
        match choices.below(8) {
            0 => put_bytes(&mut out, 2, json(choices).as_bytes()),
            1 => put_bytes(&mut out, 2, choices.bytes()),
            2 => put_bytes(&mut out, 3, choices.bytes()),
            3 => put_varint_field(&mut out, 9, u64::from(choices.byte())),
            _ => entry(&mut out, choices),
        }
    }
    out.to_vec()
}

/// Writes a map entry: key before value or after it, and each perhaps missing.
fn entry(out: &mut BytesMut, choices: &mut Choices<'_>) {
    let (key, value) = METADATA[choices.below(METADATA.len())];
    let mut inner = BytesMut::new();
    let order: &[u32] = match choices.below(8) {
        0 => &[2, 1],
        1 => &[1],
        2 => &[2],
        3 => &[1, 2, 1],
        _ => &[1, 2],
    };
    for number in order {
        put_bytes(&mut inner, *number, if *number == 1 { key.as_bytes() } else { value.as_bytes() });
    }
    put_bytes(out, 1, &inner);
}

/// Makes an object with the fields of a reference under every spelling.
pub(crate) fn json(choices: &mut Choices<'_>) -> String {
    const NAMES: [&str; 7] =
        ["driverName", "driver_name", "claimData", "claim_data", "driver_claim", "future", "driverName"];
    let fields =
        (0..choices.below(7)).map(|_| (NAMES[choices.below(NAMES.len())].to_owned(), value(choices, 0)));
    Value::Object(fields.collect()).to_string()
}

fn value(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.below(8) {
        0 => Value::Null,
        1 => Value::from(7),
        2 => Value::Array(Vec::new()),
        3 | 4 if depth < 2 => Value::Object(object(choices, depth)),
        5 => Value::from(""),
        _ => Value::from(choices.text()),
    }
}

fn object(choices: &mut Choices<'_>, depth: usize) -> Map<String, Value> {
    let name = |choices: &mut Choices<'_>| match choices.below(3) {
        0 => "claim_data".to_owned(),
        1 => "key".to_owned(),
        _ => choices.text(),
    };
    (0..choices.below(4)).map(|_| (name(choices), value(choices, depth + 1))).collect()
}
