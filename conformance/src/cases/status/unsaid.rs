//! Lets the store say no lengths, or not find what it says exists.

use extstore::{ErrorKind, Payload};

use super::done;
use crate::case::{CaseResult, Cx, OrFail as _, expect_kind, expect_payloads};
use crate::fixture;

/// From so many requests a lagging replica hides an object: it catches up soon, or not at all.
const HIDDEN: [u32; 2] = [2, u32::MAX];

pub(super) async fn length_unknown(cx: Cx) -> CaseResult {
    let (status, raw) = (cx.status()?, cx.raw()?);
    let (small, large) = {
        let (mut rng, profile) = (cx.rng(), cx.profile());
        (fixture::payload(&mut rng, 1000), fixture::large_payload(&mut rng, &profile))
    };
    for payload in [small, large] {
        let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
        done(status.hide_lengths().await, "hide lengths")?;
        stored_again(&cx, &payload, "a right object").await?;
        let mut flipped = payload.to_bytes().to_vec();
        flipped[500] ^= 1;
        let cut = payload.to_bytes().slice(..600);
        for (what, wrong) in [("one bit flipped", flipped.into()), ("the tail cut", cut)] {
            raw.write(&claim, wrong).await;
            let found = cx.retrieve(&*cx.driver().await?, vec![claim.clone()]).await;
            expect_kind(found, &[ErrorKind::Integrity], what)?;
            stored_again(&cx, &payload, what).await?;
        }
    }
    Ok(())
}

pub(super) async fn lagging_replica(cx: Cx) -> CaseResult {
    let status = cx.status()?;
    for requests in HIDDEN {
        let payload = fixture::payload(&mut cx.rng(), 1000);
        let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
        done(status.hide(&claim, requests).await, "hide an object")?;
        stored_again(&cx, &payload, &format!("hidden from {requests} requests")).await?;
    }
    Ok(())
}

/// Expects that a driver that remembers nothing stores the payload, and that what it acknowledges can be read.
async fn stored_again(cx: &Cx, payload: &Payload, what: &str) -> CaseResult {
    let stored = cx.store(&*cx.driver().await?, vec![payload.clone()]).await;
    let claims = stored.or_fail(&format!("{what}: the payload is stored again"))?;
    let found = cx.retrieve(&*cx.driver().await?, claims).await;
    let found = found.or_fail(&format!("{what}: what was acknowledged can be read"))?;
    expect_payloads(&found, std::slice::from_ref(payload))
}
