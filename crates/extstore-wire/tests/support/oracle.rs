//! Finds the payloads of a message by decoding it whole; the engine must agree with the result.
//!
//! It knows descriptors and four rules, and nothing of the engine's plan.

use extstore_wire_plan::prost_reflect::prost::Message as _;
use extstore_wire_plan::prost_reflect::{
    DynamicMessage, FieldDescriptor, MapKey, ReflectMessage as _, Value,
};

use super::pool;

/// Pairs the field numbers from the outermost message to a payload with the payload's encoded bytes.
pub(crate) type Found = (Vec<u32>, Vec<u8>);

/// Returns all payloads, in an order that does not depend on that of maps.
pub(crate) fn payloads(message: &DynamicMessage) -> Vec<Found> {
    let mut found = Vec::new();
    walk(message, &mut Vec::new(), &mut found);
    found.sort();
    found
}

/// Returns the full names of the fields that are a payload and that the engine must reach.
pub(crate) fn is_user_data(field: &FieldDescriptor) -> bool {
    let in_message = field.parent_message().full_name();
    // The first rule: search attributes stay, and so do their values in a grouped count.
    let is_indexed = in_message.starts_with("temporal.api.common.v1.SearchAttributes");
    let is_grouped = in_message.ends_with(".AggregationGroup") && field.name() == "group_values";
    !is_indexed && !is_grouped
}

fn walk(message: &DynamicMessage, path: &mut Vec<u32>, found: &mut Vec<Found>) {
    for (field, value) in message.fields() {
        path.push(field.number());
        match value {
            Value::Message(inner) => visit(message, &field, inner, path, found),
            Value::List(list) => {
                list.iter()
                    .filter_map(Value::as_message)
                    .for_each(|m| visit(message, &field, m, path, found));
            }
            Value::Map(map) => {
                for inner in map.values().filter_map(Value::as_message) {
                    path.push(2);
                    visit(message, &field, inner, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
        path.pop();
    }
}

fn visit(
    parent: &DynamicMessage,
    field: &FieldDescriptor,
    message: &DynamicMessage,
    path: &mut Vec<u32>,
    found: &mut Vec<Found>,
) {
    match message.descriptor().full_name() {
        "temporal.api.common.v1.SearchAttributes" => {}
        "temporal.api.common.v1.Payload" if !is_user_data(field) => {}
        // The second rule: what the server reads stays, and the payloads inside are found.
        "temporal.api.common.v1.Payload" if is_envelope(parent, message) => {
            let name = String::from_utf8(metadata(message, "messageType")).unwrap();
            inside(&name, &bytes(message, "data"), path, found);
        }
        "temporal.api.common.v1.Payload" => found.push((path.clone(), message.encode_to_vec())),
        // The third: an update's message is in an Any.
        "google.protobuf.Any" => {
            let url = message.get_field_by_name("type_url").unwrap().as_str().unwrap().to_owned();
            inside(url.rsplit('/').next().unwrap(), &bytes(message, "value"), path, found);
        }
        // The fourth: raw history is a serialised history.
        "temporal.api.common.v1.DataBlob" => {
            if message.get_field_by_name("encoding_type").unwrap().as_enum_number() == Some(1) {
                inside("temporal.api.history.v1.History", &bytes(message, "data"), path, found);
            }
        }
        _ => walk(message, path, found),
    }
}

fn inside(full_name: &str, bytes: &[u8], path: &mut Vec<u32>, found: &mut Vec<Found>) {
    let Some(descriptor) = pool().get_message_by_name(full_name) else { return };
    let Ok(message) = DynamicMessage::decode(descriptor, bytes) else { return };
    path.push(2);
    walk(&message, path, found);
    path.pop();
}

fn is_envelope(parent: &DynamicMessage, payload: &DynamicMessage) -> bool {
    let endpoint = parent.get_field_by_name("endpoint");
    metadata(payload, "__temporal_system_payload") == b"true"
        || endpoint.is_some_and(|endpoint| endpoint.as_str() == Some("__temporal_system"))
}

fn metadata(payload: &DynamicMessage, key: &str) -> Vec<u8> {
    let metadata = payload.get_field_by_name("metadata").unwrap();
    let value = metadata.as_map().unwrap().get(&MapKey::String(key.to_owned()));
    value.and_then(Value::as_bytes).map(|value| value.to_vec()).unwrap_or_default()
}

fn bytes(message: &DynamicMessage, field: &str) -> Vec<u8> {
    message.get_field_by_name(field).unwrap().as_bytes().unwrap().to_vec()
}
