//! Reads a payload in proto-JSON, as vectors and histories show it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut as _, Bytes, BytesMut};
use extstore::Payload;
use serde_json::{Map, Value, json};

/// Writes the proto-JSON of a payload. Fields that protobuf leaves out at their default are left out.
pub(crate) fn write(payload: &Payload) -> Value {
    let mut fields = Map::new();
    let base64 = |bytes: &[u8]| Value::from(STANDARD.encode(bytes));
    let metadata: Map<String, Value> =
        payload.metadata_entries().map(|(name, value)| (name.to_owned(), base64(value))).collect();
    if !metadata.is_empty() {
        fields.insert("metadata".to_owned(), metadata.into());
    }
    if !payload.data().is_empty() {
        fields.insert("data".to_owned(), base64(payload.data()));
    }
    let size = |bytes: u64| if bytes == 0 { json!({}) } else { json!({ "sizeBytes": bytes.to_string() }) };
    let external: Vec<Value> = payload.external_sizes().map(size).collect();
    if !external.is_empty() {
        fields.insert("externalPayloads".to_owned(), external.into());
    }
    fields.into()
}

/// Says whether an object of a history's JSON is a payload: nothing else has metadata with an encoding.
pub(crate) fn is_payload(value: &Value) -> bool {
    value.pointer("/metadata/encoding").is_some_and(Value::is_string)
}

/// Reads the proto-JSON of a payload.
pub(crate) fn read(value: &Value) -> Result<Payload, String> {
    let base64 = |value: &Value| -> Result<Bytes, String> {
        let text = value.as_str().ok_or("a payload's bytes are not a string")?;
        STANDARD.decode(text).map(Bytes::from).map_err(|error| error.to_string())
    };
    let metadata = value.get("metadata").and_then(Value::as_object).into_iter().flatten();
    let metadata = metadata.map(|(name, value)| Ok((name.clone(), base64(value)?)));
    let metadata = metadata.collect::<Result<Vec<_>, String>>()?;
    let data = value.get("data").map(base64).transpose()?.unwrap_or_default();
    let mut encoded = BytesMut::from(Payload::new(metadata, data).to_bytes());
    for details in value.get("externalPayloads").and_then(Value::as_array).into_iter().flatten() {
        put_external(&mut encoded, size_bytes(details)?);
    }
    Payload::decode(encoded.freeze()).map_err(|error| error.to_string())
}

/// Reads a 64-bit number, which proto-JSON writes as a string.
fn size_bytes(details: &Value) -> Result<u64, String> {
    match details.get("sizeBytes") {
        None => Ok(0),
        Some(Value::String(text)) => text.parse().map_err(|_| "sizeBytes is not a number".to_owned()),
        Some(number) => number.as_u64().ok_or_else(|| "sizeBytes is not a number".to_owned()),
    }
}

/// Encodes `repeated ExternalPayloadDetails external_payloads = 3`, each `int64 size_bytes = 1`.
fn put_external(out: &mut BytesMut, mut size: u64) {
    let mut details = vec![0x08];
    while size >= 0x80 {
        details.push(size as u8 | 0x80);
        size >>= 7;
    }
    details.push(size as u8);
    // At most eleven bytes: the length is one byte.
    out.put_slice(&[0x1a, details.len() as u8]);
    out.put_slice(&details);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_survives_its_json() {
        for json in [
            json!({}),
            json!({ "metadata": { "encoding": "anNvbi9wbGFpbg==" }, "data": "MQ==" }),
            json!({ "metadata": { "encoding": "" }, "externalPayloads": [{ "sizeBytes": "300" }, { "sizeBytes": "7" }] }),
        ] {
            assert_eq!(write(&read(&json).unwrap()), json);
        }
    }
}
