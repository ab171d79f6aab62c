//! Writes the JSON of a reference in one way, and reads it in every way that a released SDK writes it.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::Reference;
use crate::{Claim, Error, ErrorKind, Result};

/// A reference is small; whatever is longer was not written by an SDK.
const MAX_JSON_BYTES: usize = 1 << 20;

pub(super) fn write(reference: &Reference) -> String {
    let mut out = String::from("{");
    if !reference.claim().is_empty() {
        out.push_str("\"claimData\":{");
        for (position, (name, value)) in reference.claim().iter().enumerate() {
            if position > 0 {
                out.push(',');
            }
            write_string(&mut out, name);
            out.push(':');
            write_string(&mut out, value);
        }
        out.push_str("},");
    }
    out.push_str("\"driverName\":");
    write_string(&mut out, reference.driver_name());
    out.push('}');
    out
}

/// Writes ASCII only, as the official Python SDK does.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='\u{7e}' => out.push(character),
            other => escape(out, other),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

pub(super) fn read(data: &[u8]) -> Result<Reference> {
    let object = object(data)?;
    let name = either(&object, "driverName", "driver_name")?;
    let claim = either(&object, "claimData", "claim_data")?;
    build(name, claim)
}

pub(super) fn read_legacy(data: &[u8]) -> Result<Reference> {
    let object = object(data)?;
    let claim = match object.get("driver_claim") {
        Some(Value::Object(claim)) => claim.get("claim_data"),
        _ => return Err(malformed("a legacy reference needs a `driver_claim` object")),
    };
    build(object.get("driver_name"), claim)
}

fn object(data: &[u8]) -> Result<Map<String, Value>> {
    if data.len() > MAX_JSON_BYTES {
        return Err(malformed("the reference is longer than 1 MiB"));
    }
    match serde_json::from_slice(data) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(malformed("the reference is not a JSON object")),
        // The parser's text can quote the data: only the fact is kept.
        Err(_) => Err(malformed("the reference is not well-formed JSON")),
    }
}

/// Finds the value under either spelling of a proto field name; protobuf's JSON reads `null` as absent.
fn either<'a>(object: &'a Map<String, Value>, camel: &str, snake: &str) -> Result<Option<&'a Value>> {
    let present = |name: &str| object.get(name).filter(|value| !value.is_null());
    match (present(camel), present(snake)) {
        (Some(_), Some(_)) => Err(malformed("the reference has both spellings of one field")),
        (one, other) => Ok(one.or(other)),
    }
}

fn build(name: Option<&Value>, claim: Option<&Value>) -> Result<Reference> {
    let name = match name {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        None | Some(Value::String(_)) => return Err(malformed("the reference names no driver")),
        Some(_) => return Err(malformed("the driver name of the reference is not a string")),
    };
    let claim = match claim {
        None => Claim::new(),
        Some(Value::Object(fields)) => fields.iter().map(field).collect::<Result<Claim>>()?,
        Some(_) => return Err(malformed("the claim of the reference is not a JSON object")),
    };
    Ok(Reference::new(name, claim))
}

fn field((name, value): (&String, &Value)) -> Result<(String, String)> {
    match value {
        Value::String(value) => Ok((name.clone(), value.clone())),
        _ => Err(malformed("a claim value of the reference is not a string")),
    }
}

fn malformed(message: &str) -> Error {
    ErrorKind::InvalidClaim.error(message)
}
