//! Checks that drivers read what other SDKs wrote, and write what those would write.  (ES-014, ES-028)

mod golden;
mod references;

use bytes::Bytes;
use extstore::{Claim, Payload, SelectContext};

use crate::case::{Case, CaseResult, Cx, Level, OrFail, Stop, expect, expect_eq, expect_payloads, only};
use crate::{KeyLayout, Profile, Role, fixture};
use golden::Golden;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "interop.reference_current",
        &["ES-028"],
        "reads references as Python, Go, TypeScript and Java write them",
        "a worker in another language continues the same workflow",
        |cx| Box::pin(references::reference_current(cx)),
    )
    .at(Level::Interop),
    Case::core(
        "interop.s3_go_python_claims",
        &["ES-028"],
        "retrieves by claims of each official spelling, and objects that the official SDK wrote",
        "histories hold claims of every SDK that ever ran the workflow",
        |cx| Box::pin(s3_go_python_claims(cx)),
    )
    .at(Level::Interop),
    Case::core(
        "interop.key_layout",
        &["ES-014", "ES-028"],
        "stores the payloads of the official SDK's vectors and compares the keys",
        "permissions, lifecycle rules and deduplication are by key, for all SDKs together",
        |cx| Box::pin(key_layout(cx)),
    )
    .at(Level::Interop),
];

/// Lists the fields of a claim as each official SDK writes them. Python's are verified by the vectors, the others are
/// constructed from the documented shapes.
fn spellings(layout: Option<KeyLayout>) -> [(&'static str, [&'static str; 4]); 4] {
    let snake = |key| ["bucket", key, "hash_algorithm", "hash_value"];
    let (python, typescript) = match layout {
        Some(KeyLayout::Gcs) => ("object_name", "object"),
        Some(KeyLayout::S3 | KeyLayout::Redis) | None => ("key", "key"),
    };
    [
        ("Python", snake(python)),
        ("Go", snake("key")),
        ("Java", snake("key")),
        ("TypeScript", ["bucket", typescript, "hashAlgorithm", "hashValue"]),
    ]
}

async fn s3_go_python_claims(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    if !["hash_value", "hashValue"].iter().all(|name| profile.names(Role::Digest).contains(name)) {
        return Err(Stop::Unsupported("the profile declares claims that no official SDK knows".into()));
    }
    let (writer, reader) = (cx.driver().await?, cx.driver().await?);
    let payload = fixture::payload(&mut cx.rng(), 700);
    let claim = cx.store_one(&*writer, &payload).await?;
    for (sdk, names) in spellings(profile.key_layout) {
        let spelt: Claim = claim.iter().filter(|(name, _)| names.contains(name)).collect();
        let found = cx.retrieve(&*reader, vec![spelt]).await;
        let found = found.or_fail(&format!("a claim with the fields of {sdk} is read"))?;
        expect_payloads(&found, std::slice::from_ref(&payload))?;
    }
    official_objects(&cx, &profile, &claim).await
}

/// Places the official SDK's objects under its keys and retrieves them by its claims.
async fn official_objects(cx: &Cx, profile: &Profile, ours: &Claim) -> CaseResult {
    let (Ok(raw), Some(layout)) = (cx.raw(), profile.key_layout) else { return Ok(()) };
    let reader = cx.driver().await?;
    // A key with dot segments is another key on servers that resolve paths.
    for golden in golden::stored_by(layout).iter().filter(|golden| !golden.has_dot_segments()) {
        let claim = placed(golden, profile, ours);
        let key = fixture::field(&claim, profile, Role::Key).unwrap_or_default();
        if profile.max_key_bytes.is_some_and(|limit| key.len() > limit) {
            // The official key just fitted; the harness's prefix makes it one that no store takes.
            continue;
        }
        raw.write(&claim, golden.object.clone()).await;
        let found = cx.retrieve(&*reader, vec![claim]).await;
        let found = found.or_fail(&format!("the object of vector {} is read", golden.name))?;
        let bytes: Bytes = only(found)?.to_bytes();
        expect(bytes == golden.object, format!("the bytes of vector {}", golden.name), || "other bytes")?;
    }
    Ok(())
}

/// Puts a vector's claim into the container and under the key prefix of the driver under test.
fn placed(golden: &Golden, profile: &Profile, ours: &Claim) -> Claim {
    let container = fixture::field(ours, profile, Role::Container).unwrap_or_default();
    let key = format!("{}{}", prefix_of(ours, profile), golden.layout_key());
    let claim = fixture::with_field(&golden.claim, &profile.names(Role::Container), container);
    fixture::with_field(&claim, &profile.names(Role::Key), &key)
}

/// Returns what the harness put before the shared layout.
fn prefix_of<'a>(claim: &'a Claim, profile: &Profile) -> &'a str {
    let key = fixture::field(claim, profile, Role::Key).unwrap_or_default();
    &key[..key.find("v0").unwrap_or(0)]
}

async fn key_layout(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    let Some(layout) = profile.key_layout else {
        return Err(Stop::Unsupported("the profile declares a key layout of its own".into()));
    };
    let driver = cx.driver().await?;
    let limit = profile.max_key_bytes.unwrap_or(usize::MAX);
    let mut compared = 0;
    for golden in golden::stored_by(layout) {
        let payload = Payload::decode(golden.object.clone()).or_fail("a vector's object is a payload")?;
        let context = SelectContext::new().with_target(golden.target.clone());
        let stored = cx.store_in(&*driver, context, vec![payload]).await;
        let claim = only(stored.or_fail(&format!("vector {} is stored", golden.name))?)?;
        let expected = format!("{}{}", prefix_of(&claim, &profile), golden.escaped_key());
        // Under a prefix, a key that just fitted falls back.
        if expected.len() <= limit {
            let key = fixture::field(&claim, &profile, Role::Key).unwrap_or_default();
            expect_eq(&format!("the key of vector {}", golden.name), key, expected.as_str())?;
            compared += 1;
        }
    }
    expect(compared > 0, "at least one vector of this layout", || "none")
}
