//! Lists the pieces that hostile responses are composed of.

use bytes::BytesMut;
use extstore::{Claim, ENCODING, LEGACY_ENCODING, Payload, REFERENCE_MARKER, Reference};
use extstore_wire::put_bytes;

/// Lists texts that mean something in a response: a token, names that the SDK's core gives to markers, types of
/// messages inside bytes.
const TEXTS: [&str; 15] = [
    "",
    "token",
    "data",
    "core_patch",
    "core_local_activity",
    "encoding",
    "binary/protobuf",
    "messageType",
    "__temporal_system_payload",
    "true",
    REFERENCE_MARKER,
    "temporal.api.update.v1.Request",
    "temporal.api.errordetails.v1.QueryFailedFailure",
    "temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse",
    "temporal.api.history.v1.History",
];

/// Returns payloads, among them a reference to what is in the store, and then the texts.
pub(crate) fn words(stored: &Payload) -> Vec<Vec<u8>> {
    let lost = Reference::new("memory", Claim::new().with("key", "v0/d/sha256/00")).to_payload(1);
    let plain = Payload::new([(ENCODING, "binary/plain")], "plain");
    let payloads = [stored, &lost, &plain].map(|payload| payload.to_bytes().to_vec());
    let tiny = [metadata(REFERENCE_MARKER, "true"), metadata(ENCODING, LEGACY_ENCODING)];
    let texts = TEXTS.map(|text| text.as_bytes().to_vec());
    payloads.into_iter().chain(tiny).chain(texts).collect()
}

/// Returns a payload of one entry of metadata: a reference, and the smallest one.
fn metadata(key: &str, value: &str) -> Vec<u8> {
    let (mut entry, mut payload) = (BytesMut::new(), BytesMut::new());
    put_bytes(&mut entry, 1, key.as_bytes());
    put_bytes(&mut entry, 2, value.as_bytes());
    put_bytes(&mut payload, 1, &entry);
    payload.to_vec()
}
