use super::*;

fn plain(json: &str) -> Payload {
    Payload::new([(ENCODING, REFERENCE_ENCODING), (MESSAGE_TYPE, REFERENCE_MESSAGE_TYPE)], json.to_owned())
}

#[test]
fn every_sdk_spelling_is_read() {
    let expected = Reference::new("d", Claim::new().with("key", "é"));
    for json in [
        r#"{"claimData":{"key":"é"},"driverName":"d"}"#,
        r#"{"driverName":"d", "claimData":{"key":"\u00e9"}}"#,
        r#"{"driver_name":"d","claim_data":{"key":"é"},"future":[1,{"a":null}]}"#,
        "{\n  \"driverName\": \"d\",\n  \"claimData\": {\n    \"key\": \"é\"\n  }\n}",
        r#"{"driverName":"d","driver_name":null,"claimData":{"key":"é"}}"#,
    ] {
        assert_eq!(Reference::parse(&plain(json)).unwrap(), expected, "{json}");
    }
}

#[test]
fn malformed_references_are_refused_without_quoting_them() {
    for json in [
        "",
        "[]",
        "{",
        r#"{"claimData":{}}"#,
        r#"{"driverName":""}"#,
        r#"{"driverName":7}"#,
        r#"{"driverName":"canary","driver_name":"d"}"#,
        r#"{"driverName":"d","claimData":[]}"#,
        r#"{"driverName":"d","claimData":{"canary":1}}"#,
    ] {
        let error = Reference::parse(&plain(json)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidClaim, "{json}");
        assert!(!format!("{error:?}").contains("canary"));
    }
}

#[test]
fn a_written_reference_is_ascii_sorted_and_read_back() {
    let reference = Reference::new("d", Claim::new().with("key", "ü😀\u{1}\"\\").with("bucket", "b"));
    let payload = reference.to_payload(33);
    assert_eq!(
        payload.data(),
        r#"{"claimData":{"bucket":"b","key":"\u00fc\ud83d\ude00\u0001\"\\"},"driverName":"d"}"#
    );
    assert!(payload.external_sizes().eq([33]));
    assert_eq!(Reference::detect(&payload), Detected::Plain);
    let read = Reference::parse(&payload).unwrap();
    assert_eq!(read, reference);
    assert_eq!(read.claim().size_hint(), Some(33));
}

#[test]
fn detection_reads_metadata_only() {
    assert_eq!(Reference::detect(&Payload::default()), Detected::No);
    assert_eq!(Reference::detect(&Payload::new([(ENCODING, REFERENCE_ENCODING)], "")), Detected::No);
    assert_eq!(Reference::detect(&Payload::new([(ENCODING, LEGACY_ENCODING)], "")), Detected::Legacy);
    assert_eq!(Reference::detect(&Payload::new([(REFERENCE_MARKER, "true")], "")), Detected::Marked);
    assert_eq!(Reference::detect(&Payload::new([(REFERENCE_MARKER, "1")], "")), Detected::No);
    assert_eq!(Reference::detect(&plain("not read")), Detected::Plain);
}

#[test]
fn a_host_without_storage_refuses_every_form() {
    for payload in [plain("{}"), Payload::new([(ENCODING, LEGACY_ENCODING)], "")] {
        let error = refuse_references([&Payload::default(), &payload]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("[TMPRL1105]"));
        assert_eq!(error.code(), Some("TMPRL1105"));
        assert_eq!(error.with_message("anything else").code(), None, "a code belongs to its message");
    }
    assert!(refuse_references([&Payload::default()]).is_ok());
}

#[test]
fn a_mark_is_taken_off_again() {
    let encoded = Payload::new([(ENCODING, "binary/xor")], "x");
    let marked = mark(&encoded, 9);
    assert_eq!(Reference::detect(&marked), Detected::Marked);
    assert!(marked.external_sizes().eq([9]));
    assert_eq!(unmark(&marked), encoded);
}
