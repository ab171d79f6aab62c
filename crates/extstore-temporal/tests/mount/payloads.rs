//! Tests the conversions of payloads from the SDK's form and back.

use extstore::{
    Claim, LEGACY_ENCODING, Payload, REFERENCE_ENCODING, REFERENCE_MARKER, REFERENCE_MESSAGE_TYPE, Reference,
};
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

/// Lists keys and values that decide whether a payload is a reference, and some that nobody writes.
const WORDS: [&str; 9] = [
    "encoding",
    "messageType",
    REFERENCE_MARKER,
    REFERENCE_ENCODING,
    REFERENCE_MESSAGE_TYPE,
    LEGACY_ENCODING,
    "true",
    "",
    "\u{0}é漢😀",
];

fn word(rng: &mut fastrand::Rng) -> String {
    let word = WORDS[rng.usize(..WORDS.len())];
    if rng.bool() { word.to_owned() } else { format!("{word}{:x}", rng.u32(..)) }
}

fn any_payload(rng: &mut fastrand::Rng) -> sdk::Payload {
    let count = |rng: &mut fastrand::Rng| [0, 1, 3, 40][rng.usize(..4)];
    let metadata = (0..count(rng)).map(|_| (word(rng), word(rng).into_bytes())).collect();
    let sizes = [i64::MIN, -1, 0, 1, i64::MAX];
    let details = |rng: &mut fastrand::Rng| sdk::payload::ExternalPayloadDetails {
        size_bytes: if rng.bool() { rng.i64(..) } else { sizes[rng.usize(..sizes.len())] },
    };
    let external_payloads = (0..count(rng)).map(|_| details(rng)).collect();
    let data = (0..count(rng)).map(|_| rng.u8(..)).collect();
    sdk::Payload { metadata, data, external_payloads }
}

/// Returns a payload as one conversion each way leaves it: a negative size says nothing and is read as 0.
fn converted(mut payload: sdk::Payload) -> sdk::Payload {
    payload.external_payloads.iter_mut().for_each(|details| details.size_bytes = details.size_bytes.max(0));
    payload
}

/// Anyone can write the payloads that are converted inside a worker's poll loop.
#[test]
fn whatever_the_sdk_holds_is_converted() {
    for seed in 0..5_000 {
        let payload = any_payload(&mut fastrand::Rng::with_seed(seed));
        let ours = from_sdk(payload.clone());
        assert_eq!(Payload::decode(ours.to_bytes()).unwrap(), ours, "seed {seed}");
        assert_eq!(to_sdk(&ours), converted(payload), "seed {seed}");
    }
}

#[test]
fn any_number_of_entries_is_converted() {
    let metadata = (0..65_537_u32).map(|number| (format!("{number:x}"), Vec::new())).collect();
    let details = sdk::payload::ExternalPayloadDetails { size_bytes: 1 };
    let payload = sdk::Payload { metadata, data: vec![1], external_payloads: vec![details; 65_537] };
    assert!(to_sdk(&from_sdk(payload.clone())) == payload, "the payload has changed");
}
