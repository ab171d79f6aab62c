//! Changes the claim and leaves the object.

use extstore::ErrorKind;

use super::super::refusal::Forger;
use crate::case::{CaseResult, Cx, Stop, expect_kind};
use crate::{Role, fixture};

/// Names of hashes that must not be accepted in place of `sha256`.
const WEAKER: [&str; 6] = ["md5", "sha1", "none", "SHA256", "sha-256", ""];

fn digest_names(profile: &crate::Profile) -> Result<(Vec<&str>, Vec<&str>), Stop> {
    let (digest, algorithm) = (profile.names(Role::Digest), profile.names(Role::Algorithm));
    if digest.is_empty() || algorithm.is_empty() {
        return Err(Stop::Unsupported("the profile declares no claim field for the hash".into()));
    }
    Ok((digest, algorithm))
}

pub(super) async fn claim_digest_edited(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    let (digest, _) = digest_names(&profile)?;
    let forger = Forger::new(&cx).await?;
    let of_another = fixture::sha256(&fixture::payload(&mut cx.rng(), 501).to_bytes());
    for other in [of_another, "0".repeat(64)] {
        let claim = fixture::with_field(&forger.claim, &digest, &other);
        // Without a request where the key carries the digest too, after one read otherwise.
        let kinds = [ErrorKind::Integrity, ErrorKind::InvalidClaim];
        let found = cx.retrieve(forger.probe.driver(), vec![claim]).await;
        let error = expect_kind(found, &kinds, "a claim with the digest of other content")?;
        if error.kind() == ErrorKind::InvalidClaim {
            forger.probe.expect_no_request("a claim that contradicts itself")?;
        }
    }
    Ok(())
}

pub(super) async fn digest_removed(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    let (digest, algorithm) = digest_names(&profile)?;
    let forger = Forger::new(&cx).await?;
    let both: Vec<&str> = digest.iter().chain(&algorithm).copied().collect();
    for names in [digest, algorithm, both] {
        let claim = fixture::without_field(&forger.claim, &names);
        let what = format!("a claim without {}", names.join(", "));
        forger.refused(claim, &[ErrorKind::InvalidClaim], &what).await?;
    }
    Ok(())
}

pub(super) async fn algorithm_downgrade(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    let (_, algorithm) = digest_names(&profile)?;
    let forger = Forger::new(&cx).await?;
    for weaker in WEAKER {
        let claim = fixture::with_field(&forger.claim, &algorithm, weaker);
        let kinds = [ErrorKind::Unsupported, ErrorKind::InvalidClaim];
        forger.refused(claim, &kinds, &format!("a claim with the hash {weaker:?}")).await?;
    }
    Ok(())
}
