//! Checks that claims cannot make our credentials read what is not configured.  (ES-018)

use extstore::{Claim, ErrorKind};

use super::refusal::Forger;
use crate::case::{Case, CaseResult, Cx, Level, Stop, expect_kind};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "tampering.foreign_location",
        &["ES-018"],
        "rewrites claims to locations that are not configured and where the object really lies",
        "whoever can write into a history could read every bucket that the worker's credentials can",
        |cx| Box::pin(foreign_location(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "tampering.path_traversal",
        &["ES-018"],
        "rewrites claims to paths that lead out of the configured location",
        "whoever can write into a history could read any file of the worker's machine",
        |cx| Box::pin(path_traversal(cx)),
    )
    .at(Level::Extended),
];

fn confined(cx: &Cx) -> CaseResult {
    match cx.profile().confined {
        true => Ok(()),
        false => Err(Stop::Unsupported("the profile says that claims are not confined".into())),
    }
}

/// Returns what the foreign port forged, which must be something.
fn forged(claims: Vec<Claim>, what: &str) -> Result<Vec<Claim>, Stop> {
    if claims.is_empty() { Err(Stop::NotRun(format!("the foreign port has no {what}"))) } else { Ok(claims) }
}

async fn foreign_location(cx: Cx) -> CaseResult {
    confined(&cx)?;
    let foreign = cx.foreign()?;
    let forger = Forger::new(&cx).await?;
    for claim in forged(foreign.elsewhere(&forger.claim).await, "other locations")? {
        forger.refused(claim, &[ErrorKind::InvalidClaim], "a claim to another location").await?;
    }
    cx.expect_payload(&*cx.driver().await?, &forger.claim, &forger.payload).await
}

async fn path_traversal(cx: Cx) -> CaseResult {
    confined(&cx)?;
    let foreign = cx.foreign()?;
    let forger = Forger::new(&cx).await?;
    // A planted link has a good claim: only the look at the store shows that it is no object. A driver
    // that does not take keys for paths finds nothing. That something came back is what must not be.
    let kinds =
        [ErrorKind::InvalidClaim, ErrorKind::PermissionDenied, ErrorKind::Integrity, ErrorKind::NotFound];
    for claim in forged(foreign.escapes(&forger.claim).await, "paths out of its location")? {
        let found = cx.retrieve(forger.probe.driver(), vec![claim]).await;
        expect_kind(found, &kinds, "a claim that leads out of the location")?;
    }
    Ok(())
}
