use super::*;

fn sample() -> Error {
    ErrorKind::Integrity
        .error("content does not match the claim")
        .with_operation("retrieve")
        .with_driver("aws.s3driver")
        .with_location("bucket=payments key=v0/ns/default")
        .with_index(2, 7)
}

#[test]
fn an_index_that_no_batch_can_have_is_printed_without_a_panic() {
    let error = ErrorKind::Internal.error("wrong").with_operation("store").with_index(usize::MAX, 7);
    assert!(error.to_string().ends_with(" of 7: wrong"), "{error}");
}

#[test]
fn display_is_one_line_of_facts() {
    assert_eq!(
        sample().to_string(),
        "Integrity: retrieve payload 3 of 7 with driver \"aws.s3driver\" from bucket=payments key=v0/ns/default: \
         content does not match the claim"
    );
}

#[test]
fn display_holds_vendor_fields_and_not_the_source() {
    let error = sample()
        .with_vendor(Vendor::status(503).with_code(Some("SlowDown")).with_request_id(Some("R1")))
        .with_attempts(4)
        .with_source("vendor text with a secret");
    let line = error.to_string();
    assert!(line.ends_with("(status 503, code SlowDown, request id R1, attempts 4)"), "{line}");
    assert!(!line.contains("secret"));
    assert!(format!("{error:?}").contains("vendor text"));
}

#[test]
fn a_hostile_identity_cannot_forge_a_log_line() {
    let error = sample().with_location("key=a\r\nERROR forged\0");
    assert!(!error.to_string().contains(['\n', '\r', '\0']));
}

#[test]
fn an_inner_layer_keeps_its_driver_name() {
    assert_eq!(sample().with_driver("outer").driver(), Some("aws.s3driver"));
}

#[test]
fn what_leaves_the_process_names_no_identity() {
    let public = sample().with_vendor(Vendor::default().with_request_id(Some("R1"))).public();
    assert!(public.contains("R1") && public.starts_with("Integrity"));
    assert!(!public.contains("payments") && !public.contains("default"));
}

#[test]
fn a_request_id_leaves_the_process_short_and_without_control_characters() {
    let public = |id: &str| sample().with_vendor(Vendor::default().with_request_id(Some(id))).public();
    let forged = public("R1)\r\nERROR forged\u{1b}[2J");
    assert!(forged.contains("R1") && !forged.contains(['\n', '\r', '\u{1b}']), "{forged:?}");
    let endless = public(&"x".repeat(1 << 20));
    assert!(endless.len() < 400, "{} bytes", endless.len());
}

#[test]
fn every_kind_says_what_to_do() {
    for kind in ErrorKind::ALL.iter().copied() {
        assert!(!kind.advice().is_empty());
        assert!(kind.error("x").public().contains(kind.advice()));
    }
}
