//! Checks that a batch whose items have results of their own loses only the items that fail.  (ES-033)

use extstore::{Claim, Error, ErrorKind, Payload};

use crate::case::{Case, CaseResult, Cx, OrFail, expect_eq, expect_kind};
use crate::{Role, fixture};

pub(super) const CASES: &[Case] = &[Case::core(
    "each.siblings_survive",
    &["ES-004", "ES-005", "ES-017", "ES-033"],
    "retrieves a batch item by item, of which one object is missing and one claim is forged",
    "who reads from one store after another asks the next one for what is missing here, and for nothing else",
    |cx| Box::pin(siblings_survive(cx)),
)];

async fn siblings_survive(cx: Cx) -> CaseResult {
    let (raw, probe) = (cx.raw()?, cx.probe().await?);
    let payloads = fixture::payloads(&mut cx.rng(), 4, 500);
    let claims = cx.store(&*cx.driver().await?, payloads.clone()).await.or_fail("store succeeds")?;
    expect_eq("number of claims", claims.len(), payloads.len())?;
    let [a, b, missing, forged] = [0, 1, 2, 3].map(|place: usize| claims[place].clone());
    let forged = without_digest(&cx, &forged);
    raw.delete(&missing).await;

    expect_items(&cx.retrieve_each(probe.driver(), Vec::new()).await, &[])?;
    let refused = cx.retrieve_each(probe.driver(), vec![forged.clone(), Claim::new()]).await;
    expect_items(&refused, &[Err(ErrorKind::InvalidClaim); 2])?;
    probe.expect_no_request("an empty batch, and one of forged claims")?;

    let batch = vec![b.clone(), missing.clone(), a.clone(), forged, b, missing, a];
    let (first, second) = (Ok(&payloads[0]), Ok(&payloads[1]));
    let (lost, refused) = (Err(ErrorKind::NotFound), Err(ErrorKind::InvalidClaim));
    let found = cx.retrieve_each(probe.driver(), batch).await;
    expect_items(&found, &[second, lost, first, refused, second, lost, first])
}

/// Returns the claim without its digest, or none at all where the profile declares no field for it.
fn without_digest(cx: &Cx, claim: &Claim) -> Claim {
    match cx.profile().names(Role::Digest).as_slice() {
        [] => Claim::new(),
        names => fixture::without_field(claim, names),
    }
}

/// Expects a payload or an error of a kind, with its index, in each place.
fn expect_items(found: &[Result<Payload, Error>], expected: &[Result<&Payload, ErrorKind>]) -> CaseResult {
    expect_eq("number of results", found.len(), expected.len())?;
    for (index, (item, expected)) in found.iter().zip(expected).enumerate() {
        let what = format!("result {} of {}", index + 1, found.len());
        match expected {
            Ok(payload) => expect_eq(&what, &item.clone().or_fail(&format!("{what}: a payload"))?, *payload)?,
            Err(kind) => {
                let error = expect_kind(item.clone(), &[*kind], &what)?;
                expect_eq(&format!("{what}: the index of the error"), error.index(), Some(index))?;
            }
        }
    }
    Ok(())
}
