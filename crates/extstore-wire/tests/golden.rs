//! Tests the scan of a history that the official Python SDK wrote, with references in every place.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use bytes::Bytes;
use extstore_wire::{MessageType, Scan, metadata};
use extstore_wire_plan::prost_reflect::prost::Message as _;
use extstore_wire_plan::prost_reflect::{DynamicMessage, Value};
use support::{check, descriptor, oracle};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/vectors/history-python.json");
/// Holds `temporal.api.sdk.v1.ExternalStorageReference` in the base64 of protobuf's JSON.
const REFERENCE: &str = "dGVtcG9yYWwuYXBpLnNkay52MS5FeHRlcm5hbFN0b3JhZ2VSZWZlcmVuY2U=";

fn history() -> (DynamicMessage, String) {
    let json = std::fs::read_to_string(FILE).unwrap();
    let mut deserializer = serde_json::Deserializer::from_str(&json);
    let history =
        DynamicMessage::deserialize(descriptor("temporal.api.history.v1.History"), &mut deserializer);
    (history.unwrap(), json)
}

fn references(scan: &Scan) -> usize {
    let is_reference = |payload: &[u8]| metadata(payload).any(|(key, _)| key == b"messageType");
    scan.leaves().iter().filter(|leaf| is_reference(&scan.payload(leaf))).count()
}

#[test]
fn every_payload_and_every_reference_of_the_history_is_found() {
    let (history, json) = history();
    let bytes = Bytes::from(history.encode_to_vec());
    let scan = Scan::all(MessageType::History, bytes.clone()).unwrap();
    let mut found: Vec<_> = scan.leaves().iter().map(|leaf| scan.payload(leaf)).collect();
    let mut expected: Vec<_> =
        oracle::payloads(&history).into_iter().map(|(_, payload)| decoded(&payload)).collect();
    let mut decoded_found: Vec<_> = found.drain(..).map(|payload| decoded(&payload)).collect();
    expected.sort();
    decoded_found.sort();
    assert_eq!(decoded_found, expected);
    assert_eq!(references(&scan), json.matches(REFERENCE).count());
    assert!(references(&scan) > 10);
    assert_eq!(scan.skipped(), 0);
    let offloaded = check::rewrites(MessageType::History, &bytes);
    assert_eq!(check::restore(MessageType::History, &bytes, &offloaded), bytes);
}

#[test]
fn the_same_is_found_in_a_page_of_raw_history_and_in_a_poll() {
    let (history, json) = history();
    let mut blob = DynamicMessage::new(descriptor("temporal.api.common.v1.DataBlob"));
    blob.set_field_by_name("encoding_type", Value::EnumNumber(1));
    blob.set_field_by_name("data", Value::Bytes(history.encode_to_vec().into()));
    let messages = [
        (
            MessageType::GetWorkflowExecutionHistoryResponse,
            "raw_history",
            Value::List(vec![Value::Message(blob)]),
        ),
        (MessageType::PollWorkflowTaskQueueResponse, "history", Value::Message(history)),
    ];
    for (message, field, value) in messages {
        let mut around = DynamicMessage::new(descriptor(message.full_name()));
        around.set_field_by_name(field, value);
        let bytes = Bytes::from(around.encode_to_vec());
        assert_eq!(references(&Scan::all(message, bytes.clone()).unwrap()), json.matches(REFERENCE).count());
        let offloaded = check::rewrites(message, &bytes);
        assert_eq!(check::restore(message, &bytes, &offloaded), bytes);
    }
}

/// Encoding a payload again changes the order of its metadata, so payloads are compared by what they say.
fn decoded(payload: &[u8]) -> String {
    let payload = DynamicMessage::decode(descriptor("temporal.api.common.v1.Payload"), payload).unwrap();
    serde_json::to_value(&payload).unwrap().to_string()
}
