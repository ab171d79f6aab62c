//! Reads the JSON of a reference a second time, in other words than the core does.

use extstore::{Claim, Detected, Reference};
use serde_json::Value;

/// Returns the reference, or `None` where the JSON must be refused.
pub(crate) fn read(form: Detected, json: &[u8]) -> Option<Reference> {
    let json: Value = serde_json::from_slice(json).ok()?;
    json.as_object()?;
    let (name, claim) = match form {
        Detected::Legacy => {
            let claim = &json["driver_claim"];
            claim.as_object()?;
            (json.get("driver_name"), claim.get("claim_data"))
        }
        _ => (spelt(&json, "driverName", "driver_name")?, spelt(&json, "claimData", "claim_data")?),
    };
    let name = name?.as_str().filter(|name| !name.is_empty())?;
    let mut fields = Vec::new();
    if let Some(claim) = claim {
        for (name, value) in claim.as_object()? {
            fields.push((name.as_str(), value.as_str()?));
        }
    }
    Some(Reference::new(name, fields.into_iter().collect::<Claim>()))
}

/// Returns a field under one of two names; the outer `None` where it is there twice. protobuf reads `null` as absent.
fn spelt<'j>(json: &'j Value, one: &str, other: &str) -> Option<Option<&'j Value>> {
    match (&json[one], &json[other]) {
        (Value::Null, Value::Null) => Some(None),
        (found, Value::Null) | (Value::Null, found) => Some(Some(found)),
        _ => None,
    }
}
