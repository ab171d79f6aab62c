//! Reads references as the SDKs write them.

use extstore::{Claim, Detected, ENCODING, Payload, REFERENCE_ENCODING, REFERENCE_MESSAGE_TYPE, Reference};

use super::golden;
use crate::case::{CaseResult, Cx, OrFail, expect_eq};

/// Writes JSON as Go's protojson does: its spaces are random on purpose, its characters are raw.
const GO: &str = r#"{"driverName":"aws.s3driver",  "claimData":{"bucket":"b",  "hash_algorithm":"sha256",  "hash_value":"1b84",  "key":"v0/ns/ü/d/sha256/1b84"}}"#;
/// Writes JSON as TypeScript does: compact, in the order of insertion.
const TYPESCRIPT: &str = r#"{"driverName":"aws.s3driver","claimData":{"bucket":"b","key":"v0/ns/ü/d/sha256/1b84","hashAlgorithm":"sha256","hashValue":"1b84"}}"#;
/// Writes JSON as Java's printer does: pretty, over several lines.
const JAVA: &str = r#"{
  "driverName": "aws.s3driver",
  "claimData": {
    "bucket": "b",
    "key": "v0/ns/ü/d/sha256/1b84",
    "hash_algorithm": "sha256",
    "hash_value": "1b84"
  }
}"#;

/// Python's references are those of the vectors; the others are constructed from the documented shapes.
pub(super) async fn reference_current(_: Cx) -> CaseResult {
    for golden in golden::ALL.iter() {
        let payload =
            Payload::decode(golden.reference.clone()).or_fail("a vector's reference is a payload")?;
        expect_reference(&golden.name, &payload, &golden.driver_name, &golden.claim)?;
        expect_eq("the stored size", payload.external_sizes().collect(), vec![golden.object.len() as u64])?;
    }
    let snake = ["hash_algorithm", "hash_value"];
    for (sdk, json, hash) in
        [("Go", GO, snake), ("TypeScript", TYPESCRIPT, ["hashAlgorithm", "hashValue"]), ("Java", JAVA, snake)]
    {
        let metadata = [(ENCODING, REFERENCE_ENCODING), ("messageType", REFERENCE_MESSAGE_TYPE)];
        let claim =
            [("bucket", "b"), ("key", "v0/ns/ü/d/sha256/1b84"), (hash[0], "sha256"), (hash[1], "1b84")];
        let claim: Claim = claim.into_iter().collect();
        expect_reference(sdk, &Payload::new(metadata, json), "aws.s3driver", &claim)?;
    }
    Ok(())
}

fn expect_reference(what: &str, payload: &Payload, driver: &str, claim: &Claim) -> CaseResult {
    expect_eq(&format!("{what}: what the payload is"), Reference::detect(payload), Detected::Plain)?;
    let found = Reference::parse(payload).or_fail(&format!("{what}: the reference is read"))?;
    expect_eq(&format!("{what}: the driver's name"), found.driver_name(), driver)?;
    expect_eq(&format!("{what}: the claim"), found.claim(), claim)
}
