//! Proves from a history that a payload was stored and not simply in the history.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Names the S3 driver, by name and type, as every SDK does.
const DRIVER: &str = "aws.s3driver";
const MESSAGE: &str = "temporal.api.sdk.v1.ExternalStorageReference";

/// Returns the first payload that stands at this place in an event of a history.
pub(super) fn find<'h>(history: &'h Value, pointer: &str) -> Option<&'h Value> {
    history["events"].as_array()?.iter().find_map(|event| event.pointer(pointer))
}

/// Returns the key of the object that a payload refers to.
///
/// # Errors
///
/// Says what the payload is, if it is no reference to the bucket: `inline` first, for that is an outcome of its own.
pub(super) fn key(payload: &Value, bucket: &str) -> Result<String, String> {
    let metadata = |name: &str| decoded(&payload["metadata"][name]);
    if metadata("messageType").as_deref() != Some(MESSAGE) {
        let encoding = metadata("encoding").unwrap_or_default();
        let length = payload["data"].as_str().map_or(0, str::len) * 3 / 4;
        return Err(format!("inline: the history holds {length} bytes of {encoding}"));
    }
    let sizes = &payload["externalPayloads"][0]["sizeBytes"];
    if sizes.as_str().and_then(|size| size.parse().ok()).unwrap_or(0_usize) < super::content::SIZE {
        return Err(format!("the reference says that the payload has {sizes} bytes"));
    }
    let data = decoded(&payload["data"]).ok_or("the reference's data is no text")?;
    let reference: Value = serde_json::from_str(&data).map_err(|error| format!("the reference: {error}"))?;
    if reference["driverName"] != DRIVER || reference["claimData"]["bucket"] != bucket {
        return Err(format!("the reference names another driver or bucket: {reference}"));
    }
    let key = reference["claimData"]["key"].as_str();
    key.map(str::to_owned).ok_or_else(|| "the reference has no key".to_owned())
}

/// Returns the reasons that tasks failed, as the history tells them: they explain an answer that never came.
pub(super) fn failures(history: &Value) -> Vec<String> {
    let places = ["/workflowTaskFailedEventAttributes/failure", "/activityTaskFailedEventAttributes/failure"];
    let events = history["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let failures = events.iter().flat_map(|event| places.iter().filter_map(|place| event.pointer(place)));
    failures.filter_map(|failure| failure["message"].as_str()).map(str::to_owned).collect()
}

fn decoded(base64: &Value) -> Option<String> {
    String::from_utf8(STANDARD.decode(base64.as_str()?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reference(bucket: &str) -> Value {
        let data = json!({"driverName": DRIVER, "claimData": {"bucket": bucket, "key": "v0/k"}}).to_string();
        json!({
            "metadata": {"encoding": STANDARD.encode("json/protobuf"), "messageType": STANDARD.encode(MESSAGE)},
            "data": STANDARD.encode(data),
            "externalPayloads": [{"sizeBytes": "400000"}],
        })
    }

    #[test]
    fn a_reference_to_the_bucket_has_a_key() {
        assert_eq!(key(&reference("b"), "b"), Ok("v0/k".to_owned()));
        assert!(key(&reference("other"), "b").is_err());
    }

    #[test]
    fn a_payload_in_the_history_is_called_inline() {
        let payload = json!({"metadata": {"encoding": STANDARD.encode("json/plain")}, "data": "AAAA"});
        let told = key(&payload, "b").expect_err("no reference");
        assert_eq!(told, "inline: the history holds 3 bytes of json/plain");
    }

    #[test]
    fn the_first_event_with_the_place_is_taken() {
        let history = json!({"events": [{"x": 1}, {"a": {"b": 2}}, {"a": {"b": 3}}]});
        assert_eq!(find(&history, "/a/b"), Some(&json!(2)));
        assert_eq!(find(&history, "/a/c"), None);
    }
}
