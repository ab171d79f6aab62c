use super::*;

const HELLO: &[u8] = b"\x0a\x16\x0a\x08encoding\x12\x0ajson/plain\x12\x07\"hello\"";

#[test]
fn a_built_payload_has_the_bytes_of_the_official_encoder() {
    let payload = Payload::new([(ENCODING, "json/plain")], "\"hello\"");
    assert_eq!(payload.to_bytes(), HELLO);
    assert_eq!(payload.encoded_len(), 33);
}

#[test]
fn a_decoded_payload_keeps_its_buffer() {
    let payload = Payload::decode(HELLO).unwrap();
    assert_eq!(payload.metadata(ENCODING).unwrap(), "json/plain");
    assert_eq!(payload.data(), "\"hello\"");
    assert_eq!(payload.body().segments().len(), 1);
    assert_eq!(payload, Payload::new([(ENCODING, "json/plain")], "\"hello\""));
}

#[test]
fn large_data_is_shared_and_not_copied() {
    let data = Bytes::from(vec![7; 1 << 20]);
    let payload = Payload::new([("b", "2"), ("a", "1")], data.clone());
    assert_eq!(payload.data().as_ptr(), data.as_ptr());
    assert_eq!(payload.canonical().data().as_ptr(), data.as_ptr());
}

#[test]
fn unknown_fields_repeated_fields_and_odd_order_survive() {
    // data, unknown varint 9, metadata, a group 10, data again, two details.
    let bytes: &[u8] =
        b"\x12\x01x\x48\x05\x0a\x06\x0a\x01k\x12\x01v\x53\x08\x01\x54\x12\x01y\x1a\x02\x08\x05\x1a\x00";
    let payload = Payload::decode(bytes).unwrap();
    assert_eq!(payload.data(), "y");
    assert_eq!(payload.metadata("k").unwrap(), "v");
    assert_eq!(payload.external_sizes(), [5, 0]);
    assert_eq!(payload.canonical().to_bytes(), bytes);
}

#[test]
fn canonical_moves_metadata_only() {
    let unsorted: &[u8] = b"\x0a\x06\x0a\x01b\x12\x01v\x48\x05\x0a\x06\x0a\x01a\x12\x01w\x12\x01x";
    let sorted: &[u8] = b"\x0a\x06\x0a\x01a\x12\x01w\x48\x05\x0a\x06\x0a\x01b\x12\x01v\x12\x01x";
    assert_eq!(Payload::decode(unsorted).unwrap().canonical().to_bytes(), sorted);
}

#[test]
fn canonical_keeps_the_last_of_repeated_keys_last() {
    let repeated: &[u8] = b"\x0a\x06\x0a\x01b\x12\x011\x0a\x06\x0a\x01a\x12\x012\x0a\x06\x0a\x01a\x12\x013";
    let canonical = Payload::decode(repeated).unwrap().canonical();
    assert_eq!(canonical.metadata("a").unwrap(), "3");
    assert_eq!(canonical.metadata("b").unwrap(), "1");
}

#[test]
fn canonical_of_unsorted_metadata_around_large_data_shares_the_data() {
    let mut bytes = b"\x0a\x06\x0a\x01b\x12\x01v\x12\x80\x80\x04".to_vec();
    bytes.extend(vec![1; 1 << 16]);
    bytes.extend(b"\x0a\x06\x0a\x01a\x12\x01w");
    let payload = Payload::decode(bytes).unwrap();
    let canonical = payload.canonical();
    assert_eq!(canonical.data().as_ptr(), payload.data().as_ptr());
    assert_eq!(canonical.encoded_len(), payload.encoded_len());
    assert_eq!(Payload::decode(canonical.to_bytes()).unwrap(), canonical);
}

#[test]
fn the_empty_payload_is_zero_bytes() {
    assert_eq!(Payload::default().encoded_len(), 0);
    assert_eq!(Payload::decode(Bytes::new()).unwrap(), Payload::default());
}

#[test]
fn what_is_no_payload_is_refused() {
    let cases: [&[u8]; 9] = [
        b"\xff",
        b"\x0a\x05ab",
        b"\x12\x02x",
        b"\x08\x01",
        b"\x0a\x03\x0a\x01\xff",
        b"\x07",
        b"\x00\x00",
        b"\x53\x08\x01",
        b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    ];
    for bytes in cases {
        assert_eq!(Payload::decode(bytes).unwrap_err().kind(), crate::ErrorKind::Integrity, "{bytes:x?}");
    }
}

#[test]
fn debug_prints_no_content() {
    let debug = format!("{:?}", Payload::new([("key", "canary")], "canary"));
    assert!(!debug.contains("canary"), "{debug}");
}

#[test]
fn a_payload_of_countless_entries_is_refused() {
    let entries = b"\x0a\x00".repeat((1 << 16) + 1);
    assert_eq!(Payload::decode(entries).unwrap_err().kind(), crate::ErrorKind::Integrity);
    assert!(Payload::decode(b"\x0a\x00".repeat(1 << 16)).is_ok());
    // Fields that are unknown cost nothing beside their bytes.
    assert!(Payload::decode(b"\x48\x05".repeat(1 << 20)).is_ok());
}
