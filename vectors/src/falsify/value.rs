//! Makes a false value of a true one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Fields that hold base64 and must stay it, so that the bytes are compared and not their encoding.
const BASE64: [&str; 3] = ["payload_proto", "serialized", "data"];

/// Returns false values to take this one's place; none for objects, whose fields are falsified one by one.
pub(super) fn falsify(path: &str, value: &Value) -> Vec<(String, Value)> {
    let of = |change: &str, changed| (format!("{path} {change}"), changed);
    match value {
        Value::Bool(value) => vec![of("flipped", json!(!value))],
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or_default();
            vec![of("+ 1", json!(number + 1)), of("- 1", json!(number - 1))]
        }
        Value::String(text) if BASE64.iter().any(|name| path.ends_with(name)) => {
            vec![of("with a bit flipped", json!(flip(text)))]
        }
        Value::String(text) => {
            let last = text.chars().count().saturating_sub(1);
            let changed = |at: usize| of(&format!("with character {at} changed"), json!(change(text, at)));
            let mut places = vec![0, last / 2, last];
            places.dedup();
            places.into_iter().map(changed).collect()
        }
        Value::Array(items) if items.is_empty() => Vec::new(),
        // The official calls are an upper bound: one less may still be enough, none is not.
        Value::Array(_) if path.ends_with("calls") => vec![of("emptied", json!([]))],
        // A call is an operation and a path, and both are falsified by themselves.
        Value::Array(_) if path.contains("calls[") => Vec::new(),
        Value::Array(items) => vec![of("without the last", json!(items[..items.len() - 1]))],
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// Flips the lowest bit in the middle; of nothing, something.
fn flip(base64: &str) -> String {
    let mut bytes = STANDARD.decode(base64).unwrap_or_default();
    let middle = bytes.len() / 2;
    match bytes.get_mut(middle) {
        Some(byte) => *byte ^= 1,
        None => bytes.push(0),
    }
    STANDARD.encode(bytes)
}

fn change(text: &str, at: usize) -> String {
    let other = |character| if character == '0' { '1' } else { '0' };
    let mut changed: String = text.chars().take(at).collect();
    changed.push(text.chars().nth(at).map_or('0', other));
    changed.extend(text.chars().skip(at + 1));
    changed
}
