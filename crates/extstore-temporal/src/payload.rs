//! Converts payloads of the SDK to ours and back.

use bytes::Bytes;
use extstore::Payload;
use prost::Message as _;
use temporalio_common::protos::temporal::api::common::v1 as sdk;

/// Converts a payload to the SDK's form.
///
/// Data and metadata are copied once, because the SDK owns vectors. A key that stands twice has its last value, as
/// protobuf rules. Fields that the SDK does not know are lost.
#[must_use]
pub fn to_sdk(payload: &Payload) -> sdk::Payload {
    let metadata = payload.metadata_entries().map(|(key, value)| (key.to_owned(), value.to_vec()));
    let size = |bytes: &u64| sdk::payload::ExternalPayloadDetails {
        size_bytes: i64::try_from(*bytes).unwrap_or(i64::MAX),
    };
    sdk::Payload {
        metadata: metadata.collect(),
        data: payload.data().to_vec(),
        external_payloads: payload.external_sizes().iter().map(size).collect(),
    }
}

/// Our form of one of the SDK's payloads, with its metadata in the order of the keys: equal payloads have equal bytes.
///
/// Data and metadata values are moved, not copied; a payload with `external_payloads`, which is a reference and small,
/// is copied once.
#[must_use]
pub fn from_sdk(mut payload: sdk::Payload) -> Payload {
    let external_payloads = std::mem::take(&mut payload.external_payloads);
    let plain = Payload::new(payload.metadata, payload.data);
    if external_payloads.is_empty() {
        return plain;
    }
    // The fields of a message may come in any order, so its tail is a message that has nothing else.
    let tail = sdk::Payload { external_payloads, ..sdk::Payload::default() }.encode_to_vec();
    let whole = [plain.to_bytes(), Bytes::from(tail)].concat();
    Payload::decode(whole).expect("a payload and the fields that follow it are a payload")
}
