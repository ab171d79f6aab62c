//! Finds out what a read vector's input is, without our reader of references.

use std::collections::BTreeMap;

use extstore::{ENCODING, LEGACY_ENCODING, Payload, REFERENCE_ENCODING, REFERENCE_MARKER, Reference};
use serde_json::Value;

use crate::codec::Xor;
use crate::compare::fields;
use crate::subject::Subject;

/// Lists the spellings of the two fields of a reference.
const NAME: [&str; 2] = ["driverName", "driver_name"];
const CLAIM: [&str; 2] = ["claimData", "claim_data"];

/// Holds a reference as JSON, whatever is wrong with it.
pub(crate) struct Facts {
    pub(crate) legacy: bool,
    payload: Payload,
    json: Option<Value>,
}

impl Facts {
    /// Reads the reference in a payload. Where the payload is marked and encoded, the codec is needed to see it.
    pub(crate) fn of(input: &Payload, codec: Option<Xor>) -> Option<Self> {
        let marked = input.metadata(REFERENCE_MARKER).is_some_and(|value| value == b"true");
        let decoded = codec.filter(|_| marked).and_then(|codec| codec.decode(input).ok());
        let payload = decoded.unwrap_or_else(|| input.clone());
        let legacy = match payload.metadata(ENCODING) {
            Some(encoding) if encoding == LEGACY_ENCODING.as_bytes() => true,
            Some(encoding) if encoding == REFERENCE_ENCODING.as_bytes() => false,
            _ => return None,
        };
        let json = serde_json::from_slice(payload.data()).ok();
        Some(Self { legacy, payload, json })
    }

    /// Says whether the data is JSON at all.
    pub(crate) fn is_json(&self) -> bool {
        self.json.is_some()
    }

    /// Says whether our reader of legacy references finds all of its parts.
    pub(crate) fn is_complete_legacy(&self) -> bool {
        self.legacy && Reference::parse_legacy(&self.payload).is_ok()
    }

    /// Says whether protobuf's reader of JSON must refuse it: a field of a wrong type or in both spellings.
    pub(crate) fn is_malformed(&self) -> bool {
        let Some(object) = self.json.as_ref().and_then(Value::as_object) else { return true };
        let both = |names: [&str; 2]| names.iter().all(|name| object.contains_key(*name));
        both(NAME)
            || both(CLAIM)
            || self.field(&NAME).is_some_and(|name| !name.is_string())
            || (self.field(&CLAIM).is_some() && self.claim().is_none())
    }

    fn field(&self, names: &[&str]) -> Option<&Value> {
        names.iter().find_map(|name| self.json.as_ref()?.get(name).filter(|value| !value.is_null()))
    }

    /// Returns the driver's name; empty where there is none.
    pub(crate) fn driver_name(&self) -> &str {
        self.field(&NAME).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the claim, where it is an object of strings.
    pub(crate) fn claim(&self) -> Option<BTreeMap<String, String>> {
        let claim = match self.legacy {
            true => self.field(&["driver_claim"])?.get("claim_data"),
            false => self.field(&CLAIM),
        };
        let entries = claim?.as_object()?.iter();
        entries.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
    }

    /// Says whether there are fields that Python's reader does not know.
    pub(crate) fn has_unknown_fields(&self) -> bool {
        let beyond = |value: Option<&Value>, known: &[&str]| {
            let object = value.and_then(Value::as_object);
            object.is_some_and(|object| object.keys().any(|name| !known.contains(&name.as_str())))
        };
        let json = self.json.as_ref();
        if self.legacy {
            let claim = self.field(&["driver_claim"]);
            return beyond(json, &["driver_name", "driver_claim"]) || beyond(claim, &["claim_data"]);
        }
        beyond(json, &[NAME, CLAIM].concat())
    }
}

/// Returns a claim's value under the official name of a field.
pub(crate) fn official<'a>(claim: &'a BTreeMap<String, String>, names: &[&str]) -> Option<&'a str> {
    names.first().and_then(|name| claim.get(*name)).map(String::as_str).filter(|value| !value.is_empty())
}

/// Returns a claim's value under any name of a field.
pub(crate) fn any<'a>(claim: &'a BTreeMap<String, String>, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| claim.get(*name)).map(String::as_str).filter(|value| !value.is_empty())
}

/// Says whether a field is there under another SDK's name only.
pub(crate) fn is_foreign(claim: &BTreeMap<String, String>, names: &[&str]) -> bool {
    official(claim, names).is_none() && any(claim, names).is_some()
}

/// Says whether Python finds container and key.
pub(crate) fn has_location(subject: &Subject, claim: &BTreeMap<String, String>) -> bool {
    let [container, key, ..] = fields(&subject.claims);
    // An empty value is there, as far as Python is concerned.
    [container, key].iter().all(|names| names.first().is_none_or(|name| claim.contains_key(*name)))
}

/// Says whether Python finds hash and algorithm.
pub(crate) fn has_hash(subject: &Subject, claim: &BTreeMap<String, String>) -> bool {
    let [.., algorithm, digest] = fields(&subject.claims);
    [algorithm, digest].iter().all(|names| official(claim, names).is_some())
}
