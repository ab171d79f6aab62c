//! Compares what both the stored and the batch vectors say about one reference.

use std::collections::BTreeMap;

use extstore::object::{ClaimFields, Location};
use extstore::{Body, Claim, Detected, Digest, Payload, Reference};
use serde_json::Value;

use crate::deviations::{self, Rule};
use crate::proto_json;
use crate::rig::Rig;
use crate::schema::{Call, ReferenceSpec, WrittenSpec};
use crate::subject::Subject;
use crate::verdict::{ensure, same, same_bytes};

/// Returns the names of one field of a claim, the official one first.
pub(crate) fn fields(claims: &ClaimFields) -> [&'static [&'static str]; 4] {
    [claims.container, claims.key, claims.algorithm, claims.digest]
}

/// Reads a reference of ours that must be in the plain form and carry this size.
pub(crate) fn plain(ours: &Payload, size_bytes: u64) -> Result<Reference, String> {
    ensure(Reference::detect(ours) == Detected::Plain, "the payload is not a plain reference")?;
    same("size_bytes", &vec![size_bytes], &ours.external_sizes().collect())?;
    let reference = Reference::parse(ours).map_err(|error| error.to_string())?;
    same_bytes("form of the reference", &reference.to_payload(size_bytes).to_bytes(), &ours.to_bytes())?;
    Ok(reference)
}

/// Compares a reference of ours with the official one: the claim field by field, then, with the aliases
/// taken out, the whole payload byte for byte.
pub(crate) fn reference(
    subject: &Subject,
    ours: &Payload,
    official: &ReferenceSpec,
) -> Result<(Reference, Option<Rule>), String> {
    let reference = plain(ours, official.size_bytes)?;
    let rule = claim(subject, &official.claim_data, reference.claim())?;
    // The comparison has just proved that this is ours without its aliases and before D1.
    let reduced: Claim = official.claim_data.clone().into_iter().collect();
    let rebuilt = Reference::new(reference.driver_name(), reduced).to_payload(official.size_bytes);
    written(&official.written, &rebuilt)?;
    Ok((reference, rule))
}

fn claim(
    subject: &Subject,
    official: &BTreeMap<String, String>,
    ours: &Claim,
) -> Result<Option<Rule>, String> {
    let mut rule = None;
    for (name, value) in official {
        let found = ours.get(name).ok_or_else(|| format!("the claim lacks {name:?}"))?;
        if subject.claims.key.contains(&name.as_str()) {
            rule = deviations::key(subject, value, found)?;
        } else {
            same(&format!("claim field {name:?}"), value.as_str(), found)?;
        }
    }
    for (name, value) in ours.iter().filter(|(name, _)| !official.contains_key(*name)) {
        let names = fields(&subject.claims).into_iter().find(|names| names.contains(&name));
        let original = names.and_then(|names| names.iter().find(|other| official.contains_key(**other)));
        let original = original.ok_or_else(|| format!("the claim's field {name:?} is no alias"))?;
        same(&format!("alias {name:?}"), &ours.get(original), &Some(value))?;
    }
    Ok(rule)
}

fn written(official: &WrittenSpec, rebuilt: &Payload) -> Result<(), String> {
    same_bytes("payload_proto", &official.payload_proto.0, &rebuilt.to_bytes())?;
    same("data_utf8", official.data_utf8.as_bytes(), rebuilt.data())?;
    json(&official.payload_json, rebuilt)
}

/// Compares a payload with its proto-JSON.
pub(crate) fn json(official: &Value, payload: &Payload) -> Result<(), String> {
    ensure(*official == proto_json::write(payload), "payload_json: the payload differs")
}

/// Compares payloads as protobuf does: the order of metadata has no meaning, everything else has.
pub(crate) fn payload(official: &[u8], ours: &Payload) -> Result<(), String> {
    let official = Payload::decode(official.to_vec()).map_err(|error| error.to_string())?;
    same_bytes("payload_proto", &official.canonical().to_bytes(), &ours.canonical().to_bytes())
}

/// Reads the object behind a claim of ours, and demands that it is the payload itself and nothing else.
pub(crate) fn object(
    subject: &Subject,
    rig: &Rig,
    claim: &Claim,
    payload: &Payload,
) -> Result<Location, String> {
    let (location, digest) = subject.claims.read(claim).map_err(|error| error.to_string())?;
    let stored = rig.recorder.memory.read(&location).ok_or("there is no object behind the claim")?;
    same_bytes("stored bytes", &payload.canonical().to_bytes(), &stored)?;
    same("hash", &digest.to_hex(), &Digest::of(&Body::from(stored)).to_hex())?;
    ensure(location.key.ends_with(&digest.to_hex()), "the key does not end with the hash")?;
    Ok(location)
}

/// Compares requests: ours may be fewer, and go where the official ones go. `official_path` and `ours` are
/// the same place, spelt before and after D1.
pub(crate) fn calls(
    official: &[Call],
    official_path: &str,
    requests: &[Location],
    ours: &Location,
) -> Result<(), String> {
    call_paths(official, official_path)?;
    let (found, allowed) = (requests.len(), official.len());
    ensure(found <= allowed, format!("requests: expected at most {allowed}, found {found}"))?;
    requests.iter().try_for_each(|location| same("place of a request", ours, location))
}

/// Demands that every official call goes to one path.
pub(crate) fn call_paths(official: &[Call], path: &str) -> Result<(), String> {
    official.iter().try_for_each(|(operation, found)| {
        let known = ["exists", "put", "set_if_absent", "get"].contains(&operation.as_str());
        ensure(known, format!("calls: the operation {operation:?} is not known"))?;
        same("path of a call", path, found.as_str())
    })
}
