//! Checks the number and the content of claims.  (ES-004, ES-005, ES-007, ES-008)

use extstore::{Claim, Payload, Target};

use crate::case::{Case, CaseResult, Cx, OrFail, Stop, expect, expect_eq, fail};
use crate::child::retrieve_in_new_process;
use crate::{Profile, Secrets, fixture};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "claims.one_per_payload",
        &["ES-004"],
        "stores batches of 1, 2, 17 and 256 payloads and counts the claims",
        "a missing claim shifts every payload behind it into a wrong place",
        |cx| Box::pin(one_per_payload(cx)),
    ),
    Case::core(
        "claims.empty_batch",
        &["ES-005"],
        "stores and retrieves nothing",
        "hosts pass batches on as they come, and some stores refuse an empty bulk call",
        |cx| Box::pin(empty_batch(cx)),
    ),
    Case::core(
        "claims.self_contained",
        &["ES-007"],
        "retrieves in a new process that knows the claims and the configuration only",
        "the worker that replays a workflow is not the one that stored its payloads",
        |cx| Box::pin(self_contained(cx)),
    ),
    Case::core(
        "claims.small",
        &["ES-008"],
        "stores under the longest legal identities and measures the claim",
        "a claim that grows with identities fills the history that it was meant to keep small",
        |cx| Box::pin(small(cx)),
    ),
    Case::core(
        "claims.no_secrets",
        &["ES-008", "ES-020"],
        "searches claims for the canary, signatures and credentials in URLs",
        "a signed URL in a claim is frozen into the history for everyone who may read it",
        |cx| Box::pin(no_secrets(cx)),
    ),
    Case::core(
        "claims.keys_documented",
        &["ES-008", "ES-028"],
        "compares the fields of claims with those that the profile declares",
        "an undocumented field is a wire format that nobody agreed to",
        |cx| Box::pin(keys_documented(cx)),
    ),
];

async fn one_per_payload(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let mut rng = cx.rng();
    for count in [1, 2, 17, 256] {
        let claims =
            cx.store(&*driver, fixture::payloads(&mut rng, count, 64)).await.or_fail("store succeeds")?;
        expect_eq("number of claims", claims.len(), count)?;
    }
    Ok(())
}

async fn empty_batch(cx: Cx) -> CaseResult {
    let probe = cx.probe().await?;
    let claims = cx.store(probe.driver(), Vec::new()).await.or_fail("storing nothing succeeds")?;
    expect_eq("number of claims", claims.len(), 0)?;
    let payloads = cx.retrieve(probe.driver(), Vec::new()).await.or_fail("retrieving nothing succeeds")?;
    expect_eq("number of payloads", payloads.len(), 0)?;
    probe.expect_no_request("an empty batch")
}

async fn self_contained(cx: Cx) -> CaseResult {
    let mut rng = cx.rng();
    let mut payloads = fixture::payloads(&mut rng, 3, 2000);
    payloads.extend([Payload::default(), fixture::payload(&mut rng, 200_000)]);
    let claims = cx.store(&*cx.driver().await?, payloads.clone()).await.or_fail("store succeeds")?;
    let found = retrieve_in_new_process(&cx, &claims).await?;
    let expected: Vec<_> = payloads.iter().map(|payload| Ok(fixture::sha256(&payload.to_bytes()))).collect();
    expect_eq("what another process read, by digest", found, expected)
}

/// Claims under targets of every kind, each with another payload.
async fn claims_of_many_targets(cx: &Cx) -> Result<Vec<Claim>, Stop> {
    let driver = cx.driver().await?;
    let targets = [
        None,
        Some(cx.target()),
        Some(Target::activity("conformance", "Activity", "a b/c")),
        Some(Target::workflow("", "", "")),
        Some(fixture::long_target('x', 1000)),
    ];
    let mut rng = cx.rng();
    let mut found = Vec::new();
    for target in targets {
        let payloads = fixture::payloads(&mut rng, 2, 500);
        found.extend(cx.store_for(&*driver, target, payloads).await.or_fail("store succeeds")?);
    }
    Ok(found)
}

async fn small(cx: Cx) -> CaseResult {
    const LIMIT: usize = 4096;
    let driver = cx.driver().await?;
    for character in ['x', '\u{1f600}'] {
        let target = Some(fixture::long_target(character, 1000));
        let payload = fixture::payload(&mut cx.rng(), 100);
        let claims = cx.store_for(&*driver, target, vec![payload]).await.or_fail("store succeeds")?;
        let longest = claims.iter().map(Claim::encoded_len).max().unwrap_or_default();
        expect(longest <= LIMIT, format!("a claim of up to {LIMIT} bytes"), || format!("{longest} bytes"))?;
    }
    Ok(())
}

async fn no_secrets(cx: Cx) -> CaseResult {
    for claim in claims_of_many_targets(&cx).await? {
        for (name, value) in claim.iter() {
            if let Some(secret) = secret_in(value) {
                return Err(fail("claims without secrets", format!("{secret} in the field {name}")));
            }
        }
    }
    Ok(())
}

/// Finds in a claim's value what looks like a secret.
fn secret_in(value: &str) -> Option<&'static str> {
    let lower = value.to_lowercase();
    let marks = [
        ("x-amz-signature", "a signed URL"),
        ("x-amz-credential", "a signed URL"),
        ("x-goog-signature", "a signed URL"),
        ("sig=", "a shared access signature"),
        ("accountkey=", "an account key"),
        ("-----begin", "a private key"),
    ];
    let userinfo = || {
        let (_, rest) = value.split_once("://")?;
        rest.split('/').next()?.contains('@').then_some("a URL with credentials")
    };
    let marked = marks.iter().find(|(mark, _)| lower.contains(mark)).map(|(_, what)| *what);
    marked.or_else(userinfo).or_else(|| Secrets::of_this_run().leaked_in(value).then_some("the canary"))
}

async fn keys_documented(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    claims_of_many_targets(&cx).await?.iter().try_for_each(|claim| documented(&profile, claim))
}

fn documented(profile: &Profile, claim: &Claim) -> CaseResult {
    let declared: Vec<&String> = profile.claim_fields.iter().flat_map(|field| &field.names).collect();
    for (name, value) in claim.iter() {
        expect(declared.iter().any(|known| *known == name), "declared fields only", || {
            format!("a field {name}")
        })?;
        expect(!value.is_empty(), "values that are not empty", || format!("an empty {name}"))?;
    }
    for field in &profile.claim_fields {
        let values: Vec<Option<&str>> = field.names.iter().map(|name| claim.get(name)).collect();
        let same = values.windows(2).all(|pair| pair[0] == pair[1]);
        expect(same, format!("one value under each of {:?}", field.names), || "different ones")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_found() {
        for secret in ["https://b/k?X-Amz-Signature=f", "https://u:p@host/k", "blob?sv=1&SIG=x"] {
            assert!(secret_in(secret).is_some(), "{secret}");
        }
        for harmless in ["v0/ns/a@b/d", "https://host/a@b", "sha256"] {
            assert_eq!(secret_in(harmless), None, "{harmless}");
        }
    }
}
