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
    assert_eq!(payload.metadata(ENCODING).unwrap(), b"json/plain");
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
    assert_eq!(payload.metadata("k").unwrap(), b"v");
    assert!(payload.external_sizes().eq([5, 0]));
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
    assert_eq!(canonical.metadata("a").unwrap(), b"3");
    assert_eq!(canonical.metadata("b").unwrap(), b"1");
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
fn a_payload_has_as_many_entries_as_its_bytes_name() {
    let entries = b"\x0a\x00".repeat(MANY);
    let payload = Payload::decode(entries).unwrap();
    assert_eq!(payload.metadata_entries().count(), MANY);
    assert_eq!(payload.metadata("").unwrap(), b"");
    let sizes = Payload::decode(b"\x1a\x00".repeat(MANY)).unwrap();
    assert_eq!(sizes.external_sizes().count(), MANY);
    assert!(Payload::decode(b"\x48\x05".repeat(1 << 20)).is_ok());
}

/// Exceeds the number of entries that any SDK writes.
const MANY: usize = 100_000;

#[test]
fn constructors_take_any_number_of_entries() {
    let metadata = || (0..MANY).map(|number| (format!("{number:x}"), Bytes::new()));
    let built = Payload::from_parts(metadata(), "data", std::iter::repeat_n(7, MANY));
    assert_eq!(Payload::decode(built.to_bytes()).unwrap(), built);
    assert_eq!((built.metadata_entries().count(), built.external_sizes().count()), (MANY, MANY));
    assert_eq!(built.data(), "data");
    let marked = built.with_marker("mark", "true", 9);
    assert_eq!(marked.metadata_entries().count(), MANY + 1);
    assert!(marked.external_sizes().eq([9]));
    assert_eq!(marked.without_marker("mark"), Payload::new(metadata(), "data"));
}

#[test]
fn metadata_that_would_take_much_memory_to_sort_stays_in_place() {
    let reversed = |entries: usize| -> Payload {
        let first = b"\x0a\x03\x0a\x01z".to_vec();
        Payload::decode([first, b"\x0a\x00".repeat(entries - 1)].concat()).unwrap()
    };
    let (most, more) = (reversed(canonical::MAX_SORTED), reversed(canonical::MAX_SORTED + 1));
    assert_ne!(most.canonical(), most);
    assert_eq!(most.canonical().metadata_entries().last().unwrap().0, "z");
    assert_eq!(more.canonical(), more);
}

#[test]
fn a_size_above_what_the_wire_can_say_is_read_as_none() {
    let payload = Payload::from_parts([(ENCODING, "x")], "", [u64::MAX, i64::MAX.unsigned_abs()]);
    assert!(payload.external_sizes().eq([0, i64::MAX.unsigned_abs()]));
}

#[test]
fn data_is_found_among_segments() {
    for (data, sizes) in [("", &[][..]), ("", &[5][..]), ("d", &[][..]), ("d", &[5, 6][..])] {
        for metadata in [&[][..], &[("b", "2"), ("a", "1")][..]] {
            let payload = Payload::from_parts(metadata.to_vec(), data, sizes.to_vec());
            let decoded = Payload::decode(payload.to_bytes()).unwrap();
            assert_eq!((payload.data(), decoded.data()), (&Bytes::from(data), &Bytes::from(data)));
            assert!(payload.metadata_entries().eq(decoded.metadata_entries()));
            assert!(payload.external_sizes().eq(sizes.iter().copied()));
            assert_eq!(payload.metadata_entries().count(), metadata.len());
            assert_eq!(payload.canonical(), payload);
        }
    }
}
