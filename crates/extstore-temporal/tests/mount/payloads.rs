//! Payloads of the SDK and ours.

use extstore::{Claim, Payload, Reference};
use extstore_temporal::{from_sdk, to_sdk};
use temporalio_common::protos::temporal::api::common::v1 as sdk;

#[test]
fn a_payload_survives_the_way_to_the_sdk_and_back() {
    let payload = Payload::new([("encoding", "json/plain"), ("a", "1"), ("b", "")], "\"hello\"");
    let there = to_sdk(&payload);
    assert_eq!(there.metadata.len(), 3);
    assert_eq!(there.metadata["encoding"], b"json/plain");
    assert_eq!(there.data, b"\"hello\"");
    assert_eq!(from_sdk(there), payload);
    assert_eq!(from_sdk(sdk::Payload::default()), Payload::default());
}

#[test]
fn the_size_of_what_a_reference_stands_for_survives() {
    let claim = Claim::new().with("key", "v0/d/sha256/00");
    let reference = Reference::new("local-disk", claim).to_payload(5_000_000_000);
    let there = to_sdk(&reference);
    assert_eq!(there.external_payloads[0].size_bytes, 5_000_000_000);
    let back = from_sdk(there);
    assert!(back.external_sizes().eq([5_000_000_000]));
    assert_eq!(Reference::parse(&back).unwrap().driver_name(), "local-disk");
}

#[test]
fn metadata_is_in_order_whatever_the_map_says() {
    let make = |keys: &[&str]| sdk::Payload {
        metadata: keys.iter().map(|key| ((*key).to_owned(), vec![1])).collect(),
        data: vec![9],
        external_payloads: Vec::new(),
    };
    let keys: Vec<String> = (0..50).map(|number| format!("key-{number:02}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let reversed: Vec<&str> = keys.iter().rev().copied().collect();
    let (one, two) = (from_sdk(make(&keys)), from_sdk(make(&reversed)));
    assert_eq!(one.to_bytes(), two.to_bytes());
    assert!(one.metadata_entries().map(|(key, _)| key).eq(keys));
}
