//! Lets the store say that an object will end, lies in an archive, or must not be written over.

use std::sync::Arc;
use std::time::Duration;

use extstore::{Claim, ErrorKind, StorageDriver};

use super::done;
use crate::case::{CaseResult, Cx, OrFail, Stop, expect, expect_kind};
use crate::cases::integrity::expect_located;
use crate::{Status, fixture};

/// Sets a time to expiry that is so short that nothing should rely on the object.
const SOON: Duration = Duration::from_secs(600);
/// An age at which the driver of the clock port renews an object.
const REFRESH_AFTER: Duration = Duration::from_secs(3);
const OLD: Duration = Duration::from_secs(4);
/// Sets an age so large that nothing reaches it during a case.
const NEVER_OLD: Duration = Duration::from_secs(24 * 3600);

pub(super) async fn expiring(cx: Cx) -> CaseResult {
    let status = cx.status()?;
    let payload = fixture::payload(&mut cx.rng(), 1000);
    let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
    done(status.expire_in(&claim, SOON).await, "let an object expire")?;
    let again = cx.store_one(&*cx.driver().await?, &payload).await?;
    expect_stays(&*status, &again).await?;
    cx.expect_payload(&*cx.driver().await?, &again, &payload).await
}

async fn expect_stays(status: &dyn Status, claim: &Claim) -> CaseResult {
    let left = status.expires_in(claim).await;
    expect(left.is_none_or(|left| left > SOON), format!("an object that stays longer than {SOON:?}"), || {
        format!("it is deleted after {left:?}")
    })
}

pub(super) async fn end_stands(cx: Cx) -> CaseResult {
    let status = cx.status()?;
    let payload = fixture::payload(&mut cx.rng(), 1000);
    let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
    done(status.fix_end(&claim, SOON).await, "fix the end of an object")?;
    match cx.store(&*cx.driver().await?, vec![payload.clone()]).await {
        // It stored another object, which must stay.
        Ok(claims) => {
            for claim in &claims {
                expect_stays(&*status, claim).await?;
            }
        }
        refused => {
            let what = "an object that is soon deleted whatever is written to it";
            expect_located(&cx, &expect_kind(refused, &[ErrorKind::Config], what)?, &claim)?;
        }
    }
    cx.expect_payload(&*cx.driver().await?, &claim, &payload).await
}

pub(super) async fn archived(cx: Cx) -> CaseResult {
    let status = cx.status()?;
    let payload = fixture::payload(&mut cx.rng(), 1000);
    let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
    done(status.archive(&claim).await, "archive an object")?;
    let again = cx.store_one(&*cx.driver().await?, &payload).await?;
    cx.expect_payload(&*cx.driver().await?, &again, &payload).await
}

pub(super) async fn archived_read(cx: Cx) -> CaseResult {
    let status = cx.status()?;
    let claim = cx.store_one(&*cx.driver().await?, &fixture::payload(&mut cx.rng(), 1000)).await?;
    done(status.archive(&claim).await, "archive an object")?;
    let found = cx.retrieve(&*cx.driver().await?, vec![claim.clone()]).await;
    let kinds = [ErrorKind::Config, ErrorKind::Unavailable, ErrorKind::Unsupported];
    let error = expect_kind(found, &kinds, "an archived object")?;
    expect_located(&cx, &error, &claim)
}

pub(super) async fn renewal_refused(cx: Cx) -> CaseResult {
    let (status, clock) = (cx.status()?, cx.clock()?);
    let payload = fixture::payload(&mut cx.rng(), 1000);
    let claim = cx.store_one(&*renewing(&cx, REFRESH_AFTER).await?, &payload).await?;
    clock.make_old(&claim, OLD).await;
    done(status.refuse_renewals().await, "refuse renewals")?;
    let stored = cx.store(&*renewing(&cx, REFRESH_AFTER).await?, vec![payload.clone()]).await;
    let error =
        expect_kind(stored, &[ErrorKind::PermissionDenied], "an old object that must not be renewed")?;
    expect_located(&cx, &error, &claim)?;
    cx.expect_payload(&*cx.driver().await?, &claim, &payload).await
}

/// The canary of a check is new, so that only a check which renews whatever it finds sees the refusal.
pub(super) async fn check_renews(cx: Cx) -> CaseResult {
    let status = cx.status()?;
    let allowed = cx.check(&*renewing(&cx, NEVER_OLD).await?).await;
    allowed.or_fail("a check that succeeds where objects can be renewed")?;
    done(status.refuse_renewals().await, "refuse renewals")?;
    let refused = cx.check(&*renewing(&cx, NEVER_OLD).await?).await;
    expect_kind(refused, &[ErrorKind::PermissionDenied], "a check where renewals are refused").map(drop)
}

/// Makes a fresh driver that renews objects of this age.
async fn renewing(cx: &Cx, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Stop> {
    if !cx.profile().renews {
        return Err(Stop::Unsupported("the profile says that objects are not renewed".into()));
    }
    let driver = cx.inspect(cx.clock()?.driver(cx.scope(), refresh_after).await);
    driver.map_err(|error| Stop::Error(format!("the clock port made no driver: {error}")))
}
