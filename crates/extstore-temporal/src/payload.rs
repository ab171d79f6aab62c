//! Converts payloads of the SDK to ours and back.

use extstore::Payload;
use temporalio_common::protos::temporal::api::common::v1 as sdk;

/// Converts a payload to the SDK's form.
///
/// Data and metadata are copied once, because the SDK owns vectors. A key that stands twice has its last value, as
/// protobuf rules. Fields that the SDK does not know are lost.
#[must_use]
pub fn to_sdk(payload: &Payload) -> sdk::Payload {
    let metadata = payload.metadata_entries().map(|(key, value)| (key.to_owned(), value.to_vec()));
    let size = |bytes: u64| sdk::payload::ExternalPayloadDetails {
        size_bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
    };
    sdk::Payload {
        metadata: metadata.collect(),
        data: payload.data().to_vec(),
        external_payloads: payload.external_sizes().map(size).collect(),
    }
}

/// Converts one of the SDK's payloads to ours, with its metadata in the order of the keys: equal payloads have equal
/// bytes.
///
/// Data is moved, metadata is copied once. Any payload can be converted, whatever it holds.
#[must_use]
pub fn from_sdk(payload: sdk::Payload) -> Payload {
    // The wire has sizes as signed numbers; a negative one says nothing.
    let size =
        |details: &sdk::payload::ExternalPayloadDetails| u64::try_from(details.size_bytes).unwrap_or(0);
    let sizes: Vec<u64> = payload.external_payloads.iter().map(size).collect();
    Payload::from_parts(payload.metadata, payload.data, sizes)
}
