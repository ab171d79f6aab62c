//! Checks that claims are refused as input that others can write.  (ES-017, ES-028)

use extstore::{Claim, ErrorKind};

use super::refusal::Forger;
use crate::case::{Case, CaseResult, Cx, expect, expect_eq};
use crate::{ClaimField, Profile, Role, fixture};

pub(super) const CASES: &[Case] = &[
    refusing(
        "bad_claim.missing_field",
        "removes each field under all its names, and makes aliases contradict",
        |cx| Box::pin(missing_field(cx)),
    ),
    refusing("bad_claim.empty_value", "empties each field", |cx| Box::pin(empty_value(cx))),
    refusing("bad_claim.empty_map", "retrieves a claim without fields", |cx| Box::pin(empty_map(cx))),
    Case::core(
        "bad_claim.extra_fields",
        &["ES-028"],
        "adds fields that this version does not know",
        "a newer writer would make its claims unreadable for every older worker",
        |cx| Box::pin(extra_fields(cx)),
    ),
    refusing("bad_claim.huge_value", "retrieves claims with a value of 1 MiB", |cx| Box::pin(huge_value(cx))),
    refusing("bad_claim.other_driver", "retrieves claims of other drivers", |cx| Box::pin(other_driver(cx))),
    Case::core(
        "bad_claim.future_version",
        &["ES-017", "ES-028"],
        "retrieves claims with a newer hash and, where it can place one, a key of another layout",
        "`not found` sends an operator to look for lost data where an upgrade is due",
        |cx| Box::pin(future_version(cx)),
    ),
    refusing("bad_claim.one_in_batch", "retrieves a good claim and a bad one in one batch", |cx| {
        Box::pin(one_in_batch(cx))
    }),
];

const INVALID: &[ErrorKind] = &[ErrorKind::InvalidClaim];

const fn refusing(id: &'static str, does: &'static str, run: crate::case::CaseFn) -> Case {
    let matters = "what is not refused before the first request decides where our credentials read";
    Case::core(id, &["ES-017"], does, matters, run)
}

/// Lists the fields that every claim needs; a driver may have optional ones too.
fn required(profile: &Profile) -> impl Iterator<Item = &ClaimField> {
    profile.claim_fields.iter().filter(|field| field.role != Role::Other)
}

fn names(field: &ClaimField) -> Vec<&str> {
    field.names.iter().map(String::as_str).collect()
}

async fn missing_field(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    for field in required(&cx.profile()) {
        let names = names(field);
        let what = format!("a claim without {}", names.join(" and "));
        let error = forger.refused(fixture::without_field(&forger.claim, &names), INVALID, &what).await?;
        expect_names(&error, &names)?;
        for alias in names.iter().skip(1) {
            let claim = forger.claim.clone().with(*alias, contradiction(&forger.claim, alias));
            let what = format!("a claim whose {alias} contradicts {}", names[0]);
            forger.refused(claim, INVALID, &what).await?;
        }
    }
    Ok(())
}

/// Returns another value of the same form.
fn contradiction(claim: &Claim, name: &str) -> String {
    let value = claim.get(name).unwrap_or_default();
    let flipped = if value.ends_with('0') { '1' } else { '0' };
    let kept: String = value.chars().take(value.chars().count().saturating_sub(1)).collect();
    format!("{kept}{flipped}")
}

fn expect_names(error: &extstore::Error, names: &[&str]) -> CaseResult {
    let named = names.iter().any(|name| error.message().contains(name));
    expect(named, format!("an error that names one of {names:?}"), || error)
}

async fn empty_value(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    for field in required(&cx.profile()) {
        let names = names(field);
        let claim = fixture::with_field(&forger.claim, &names, "");
        let error = forger.refused(claim, INVALID, &format!("a claim with an empty {}", names[0])).await?;
        expect_names(&error, &names)?;
    }
    Ok(())
}

async fn empty_map(cx: Cx) -> CaseResult {
    Forger::new(&cx).await?.refused(Claim::new(), INVALID, "a claim without fields").await.map(drop)
}

async fn extra_fields(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    let claim = forger.claim.clone().with("x-future", "1").with("region", "eu").with("", "an empty name");
    cx.expect_payload(&*cx.driver().await?, &claim, &forger.payload).await
}

async fn huge_value(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    let huge = "x".repeat(1 << 20);
    let extra = forger.claim.clone().with("x-future", &*huge);
    forger.refused(extra, INVALID, "a claim with an unknown field of 1 MiB").await?;
    for field in required(&cx.profile()) {
        let names = names(field);
        let claim = fixture::with_field(&forger.claim, &names, &huge);
        forger.refused(claim, INVALID, &format!("a claim with {} of 1 MiB", names[0])).await?;
    }
    Ok(())
}

async fn other_driver(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    let renamed: Claim = forger.claim.iter().map(|(name, value)| (format!("x-{name}"), value)).collect();
    let foreign = [
        ("a claim with other names", renamed),
        ("a claim with a path only", Claim::new().with("path", "/etc/passwd")),
        ("a claim with a URL only", Claim::new().with("url", "http://127.0.0.1/latest/meta-data")),
        ("a claim with an id only", Claim::new().with("id", "00000000-0000-0000-0000-000000000000")),
    ];
    for (what, claim) in foreign {
        forger.refused(claim, INVALID, what).await?;
    }
    Ok(())
}

async fn future_version(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    let profile = cx.profile();
    let algorithm = profile.names(Role::Algorithm);
    if !algorithm.is_empty() {
        let claim = fixture::with_field(&forger.claim, &algorithm, "blake3");
        let error = forger.refused(claim, &[ErrorKind::Unsupported], "a claim with a newer hash").await?;
        expect(error.message().contains("newer"), "an error that speaks of a newer writer", || &error)?;
    }
    let (Ok(raw), Some(claim)) = (cx.raw(), in_another_layout(&forger.claim, &profile)) else {
        return Ok(());
    };
    raw.write(&claim, forger.payload.to_bytes()).await;
    cx.expect_payload(&*cx.driver().await?, &claim, &forger.payload).await
}

/// Puts the claim under a key of a later version of the layout, in the same place; `None` for layouts that are not
/// shared.
fn in_another_layout(claim: &Claim, profile: &Profile) -> Option<Claim> {
    let key = fixture::field(claim, profile, Role::Key)?;
    let (prefix, rest) = key.split_at(key.find("v0")?);
    let separator = rest.chars().nth(2)?;
    let key = format!("{prefix}v9{separator}objects{separator}one");
    Some(fixture::with_field(claim, &profile.names(Role::Key), &key))
}

async fn one_in_batch(cx: Cx) -> CaseResult {
    let forger = Forger::new(&cx).await?;
    let batch = vec![forger.claim.clone(), Claim::new()];
    let error = forger.batch_refused(batch, INVALID, "a batch with a bad claim").await?;
    expect_eq("the index of the error", error.index(), Some(1))
}
