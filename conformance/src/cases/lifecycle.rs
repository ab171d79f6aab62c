//! Checks that a payload that is stored again stays as long as a new one.  (ES-026)

use std::time::Duration;

use extstore::{Claim, Payload, StorageDriver};
use tokio::time::Instant;

use crate::Clock;
use crate::case::{Case, CaseResult, Cx, Level, Stop, expect, expect_eq};
use crate::fixture;

pub(super) const CASES: &[Case] = &[Case::core(
    "lifecycle.restore_extends",
    &["ES-026"],
    "lets an object grow old and stores its payload again through a new driver and the old one",
    "a claim to an object that an expiry rule deletes tomorrow loses a workflow that runs for a month",
    |cx| Box::pin(restore_extends(cx)),
)
.at(Level::Extended)];

/// Sets an age that is long enough for clocks of whole seconds, and short enough to wait for where no clock can be
/// moved.
const REFRESH_AFTER: Duration = Duration::from_secs(3);
const OLD: Duration = Duration::from_secs(4);
/// A store's clock may count whole seconds, and differ from ours a little.
const ROUNDING: Duration = Duration::from_secs(2);

async fn restore_extends(cx: Cx) -> CaseResult {
    if !cx.profile().renews {
        return Err(Stop::Unsupported("the profile says that objects are not renewed".into()));
    }
    let clock = cx.clock()?;
    let driver = || async {
        let driver = cx.inspect(clock.driver(cx.scope(), REFRESH_AFTER).await);
        driver.map_err(|error| Stop::Error(format!("the clock port made no driver: {error}")))
    };
    let payload = fixture::payload(&mut cx.rng(), 1000);
    let old = driver().await?;
    let stored = Instant::now();
    let claim = cx.store_one(&*old, &payload).await?;
    renewed_through(&cx, &*clock, &*driver().await?, &payload, &claim).await?;
    // The port moves the store's clock and not the driver's: what a driver remembers must have ended too.
    #[expect(clippy::disallowed_methods, reason = "the port moves the store's clock and not the driver's")]
    tokio::time::sleep_until(stored + OLD).await;
    let again = renewed_through(&cx, &*clock, &*old, &payload, &claim).await?;
    cx.expect_payload(&*driver().await?, &again, &payload).await
}

/// Makes the object old, stores its payload again through this driver, and expects it to be young.
async fn renewed_through(
    cx: &Cx,
    clock: &dyn Clock,
    driver: &dyn StorageDriver,
    payload: &Payload,
    claim: &Claim,
) -> Result<Claim, Stop> {
    clock.make_old(claim, OLD).await;
    let age = clock.age(claim).await;
    if age.is_none_or(|age| age < REFRESH_AFTER) {
        return Err(Stop::Error(format!("the clock port did not make the object old: {age:?}")));
    }
    let began = Instant::now();
    let again = cx.store_one(driver, payload).await?;
    if cx.profile().content_addressed {
        expect_eq("the claim", &again, claim)?;
    }
    let age = clock.age(&again).await;
    // However long the machine took: an object that was not renewed is older by all of `OLD`.
    let limit = began.elapsed() + ROUNDING;
    expect(age.is_some_and(|age| age < limit), format!("an object younger than {limit:?}"), || {
        format!("its age: {age:?}")
    })?;
    Ok(again)
}
