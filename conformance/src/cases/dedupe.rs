//! Checks that one content is one object, and that an object that exists is verified.  (ES-009, ES-010, ES-011, ES-016)

use extstore::{Claim, ENCODING, ErrorKind, Payload};

use crate::Role;
use crate::case::{
    Case, CaseResult, Cx, Level, OrFail, Stop, expect, expect_eq, expect_kind, expect_payloads,
};
use crate::fixture::{self, wire};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "dedupe.same_batch",
        &["ES-011"],
        "stores one payload three times in one batch",
        "an activity that fans out passes the same large payload a hundred times",
        |cx| Box::pin(same_batch(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "dedupe.canonical_encoding",
        &["ES-010"],
        "stores one payload fifty times with its metadata in other orders",
        "protobuf fixes no order of map entries, and every retry would store another object",
        |cx| Box::pin(canonical_encoding(cx)),
    ),
    Case::core(
        "dedupe.metadata_matters",
        &["ES-009"],
        "stores payloads of the same data and different metadata",
        "a digest over the data alone gives one payload the encoding of another",
        |cx| Box::pin(metadata_matters(cx)),
    ),
    Case::core(
        "dedupe.existing_is_wrong",
        &["ES-016"],
        "spoils an object and stores its payload again through a new driver",
        "a store that trusts whatever exists acknowledges a payload that nobody can read",
        |cx| Box::pin(existing_is_wrong(cx)),
    )
    .at(Level::Extended),
];

fn content_addressed(cx: &Cx) -> CaseResult {
    match cx.profile().content_addressed {
        true => Ok(()),
        false => Err(Stop::Unsupported("the profile says that content does not decide the claim".into())),
    }
}

async fn same_batch(cx: Cx) -> CaseResult {
    content_addressed(&cx)?;
    let raw = cx.raw()?;
    let probe = cx.probe().await?;
    let payload = fixture::payload(&mut cx.rng(), 5000);
    let claims = cx.store(probe.driver(), vec![payload.clone(); 3]).await.or_fail("store succeeds")?;
    expect_eq("number of claims", claims.len(), 3)?;
    expect(claims.iter().all(|claim| *claim == claims[0]), "three equal claims", || "different ones")?;
    expect_eq("objects in the store", raw.list().await.len(), 1)?;
    let uploads = probe.uploads();
    expect(uploads.is_none_or(|count| count == 1), "one upload", || format!("{uploads:?}"))?;
    let found = cx.retrieve(probe.driver(), claims).await.or_fail("retrieve succeeds")?;
    expect_payloads(&found, &[payload.clone(), payload.clone(), payload])
}

async fn canonical_encoding(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    let mut rng = cx.rng();
    let mut entries: Vec<Vec<u8>> = (0..8).map(|n| wire::metadata(&format!("key-{n}"), &[n; 9])).collect();
    entries.push(wire::metadata(ENCODING, b"binary/plain"));
    let data = wire::data(&fixture::data(&mut rng, 100));
    let mut digests = Vec::new();
    // Several drivers, so that nothing that one remembers can answer for another.
    for _ in 0..5 {
        let shuffled = |_| {
            rng.shuffle(&mut entries);
            Payload::decode([entries.concat(), data.clone()].concat())
        };
        let batch: Result<Vec<Payload>, _> = (0..10).map(shuffled).collect();
        let batch = batch.or_fail("the suite's own bytes are a payload")?;
        let claims = cx.store(&*cx.driver().await?, batch).await.or_fail("store succeeds")?;
        digests.extend(claims.iter().map(|claim| identity_of(&profile, claim)));
    }
    expect_eq("number of claims", digests.len(), 50)?;
    digests.sort();
    digests.dedup();
    expect_eq("different claims for one payload", digests.len(), 1)
}

/// Tells two claims apart: by the whole claim where content decides it, else by the digest in it.
fn identity_of(profile: &crate::Profile, claim: &Claim) -> String {
    match fixture::field(claim, profile, Role::Digest) {
        Some(digest) if !profile.content_addressed => digest.to_owned(),
        _ => format!("{claim:?}"),
    }
}

async fn metadata_matters(cx: Cx) -> CaseResult {
    let data = fixture::data(&mut cx.rng(), 300);
    let with = |entries: &[(&str, &str)]| {
        let entries = entries.iter().map(|(key, value)| (*key, value.as_bytes().to_vec()));
        Payload::new(entries.collect::<Vec<_>>(), data.clone())
    };
    let payloads = vec![
        with(&[(ENCODING, "binary/plain")]),
        with(&[(ENCODING, "binary/encrypted"), ("key-id", "1")]),
        with(&[(ENCODING, "binary/encrypted"), ("key-id", "2")]),
        with(&[]),
    ];
    let driver = cx.driver().await?;
    let claims = cx.store(&*driver, payloads.clone()).await.or_fail("store succeeds")?;
    let distinct = (1..claims.len()).all(|place| !claims[..place].contains(&claims[place]));
    expect(distinct, "a claim of its own for each payload", || "equal claims")?;
    cx.round_trip(payloads).await
}

async fn existing_is_wrong(cx: Cx) -> CaseResult {
    content_addressed(&cx)?;
    let small = fixture::payload(&mut cx.rng(), 5000);
    wrong_is_seen(&cx, small).await?;
    wrong_is_seen(&cx, fixture::large_payload(&mut cx.rng(), &cx.profile())).await
}

/// Whatever stands at its key, the payload can be read once it is acknowledged.
async fn wrong_is_seen(cx: &Cx, payload: Payload) -> CaseResult {
    let raw = cx.raw()?;
    let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
    let right = payload.to_bytes();
    let mut flipped = right.to_vec();
    flipped[2500] ^= 1;
    for (what, wrong) in [
        ("one bit flipped", flipped),
        ("the tail cut", right[..100].to_vec()),
        ("no byte left", Vec::new()),
        ("a byte too many", [&right[..], b"x"].concat()),
    ] {
        raw.write(&claim, wrong.into()).await;
        match cx.store(&*cx.driver().await?, vec![payload.clone()]).await {
            Ok(claims) => {
                let found = cx.retrieve(&*cx.driver().await?, claims).await;
                let found = found.or_fail(&format!("{what}: what was acknowledged can be read"))?;
                expect_payloads(&found, std::slice::from_ref(&payload))?;
            }
            Err(error) => expect_kind(Err::<(), _>(error), &[ErrorKind::Integrity], what).map(drop)?,
        }
    }
    Ok(())
}
