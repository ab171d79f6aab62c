//! Lets the store refuse requests.

use std::time::Duration;

use extstore::ErrorKind;

use super::behind::Behind;
use crate::case::{CaseResult, Cx, OrFail as _, Stop, expect, expect_eq, expect_kind, fail};
use crate::fault::{Fault, Logged, On};
use crate::fixture;

/// Sets the pause that the store asks for.
const ASKED: Duration = Duration::from_secs(1);
/// A clock may round; it does not round by more.
const ROUNDING: Duration = Duration::from_millis(20);

pub(super) async fn throttled_then_ok(cx: Cx) -> CaseResult {
    let mut behind = Behind::http(&cx).await?;
    let attempts = cx.profile().attempts as usize;
    if attempts < 2 {
        return Err(Stop::Unsupported("the profile declares one attempt at a request".into()));
    }
    let (payload, before) = (behind.payload(), behind.proxy.requests());
    // Twice where there are attempts enough: a driver that ignores the store can be held up once by a busy machine.
    let asking = if attempts > 2 { 2 } else { 1 };
    for _ in 0..asking {
        behind.proxy.next(On::Any, Fault::Answer { status: 503, retry_after: Some(1) });
    }
    if attempts > asking + 1 {
        behind.proxy.next(On::Any, Fault::status(503));
    }
    let claims = behind.store(&payload).await?.or_fail("store succeeds in the end")?;
    let log = behind.since(before);
    // From the arrival of one request to that of the next: the answer lies between, so no pause looks shorter than it is.
    let pauses: Vec<Duration> =
        log.windows(2).map(|pair| pair[1].started.saturating_duration_since(pair[0].started)).collect();
    let kept = pauses.len() >= asking && pauses[..asking].iter().all(|pause| *pause + ROUNDING >= ASKED);
    expect(kept, "pauses of at least 1 s, as Retry-After asks", || {
        format!("{} requests, the pauses {pauses:?}", log.len())
    })?;
    expect(claims.len() == 1, "one claim", || format!("{} claims", claims.len()))?;
    cx.expect_payload(&*behind.driver, &claims[0], &payload).await
}

pub(super) async fn budget_exhausted(cx: Cx) -> CaseResult {
    let mut behind = Behind::http(&cx).await?;
    let attempts = cx.profile().attempts as usize;
    let payload = behind.payload();
    behind.proxy.always(On::Any, Fault::status(503));
    let busy = &[ErrorKind::Throttled, ErrorKind::Unavailable];

    let before = behind.proxy.requests();
    let error = expect_kind(behind.store(&payload).await?, busy, "store")?;
    expect_eq("requests of a store", behind.since(before).len(), attempts)?;
    expect_eq("attempts that the error names", error.attempts() as usize, attempts)?;

    let before = behind.proxy.requests();
    let error = expect_kind(behind.retrieve().await?, busy, "retrieve")?;
    expect_eq("requests of a retrieve", behind.since(before).len(), attempts)?;
    expect(
        error.to_string().contains(&format!("attempts {attempts}")),
        format!("a line that says \"attempts {attempts}\""),
        || error,
    )?;
    behind.proxy.clear();
    behind.expect_recovered().await
}

pub(super) async fn no_pointless_retry(cx: Cx) -> CaseResult {
    let mut behind = Behind::http(&cx).await?;
    let payload = behind.payload();

    behind.proxy.always(On::Any, Fault::status(403));
    let before = behind.proxy.requests();
    expect_kind(behind.store(&payload).await?, &[ErrorKind::PermissionDenied], "store, all forbidden")?;
    expect_kind(behind.retrieve().await?, &[ErrorKind::PermissionDenied], "retrieve, all forbidden")?;
    expect_once(&behind.since(before), "403")?;
    behind.proxy.clear();

    match cx.raw() {
        Ok(raw) => raw.delete(&behind.stored.0).await,
        Err(_) => behind.proxy.always(On::Any, Fault::status(404)),
    }
    let before = behind.proxy.requests();
    expect_kind(behind.retrieve().await?, &[ErrorKind::NotFound], "retrieve, the object missing")?;
    expect_once(&behind.since(before), "404")?;
    behind.proxy.clear();

    let too_large = usize::try_from(cx.profile().max_payload_bytes).unwrap_or(usize::MAX) + 1;
    let too_large = fixture::payload_of_encoded_len(&mut behind.rng, too_large);
    let before = behind.proxy.requests();
    expect_kind(behind.store(&too_large).await?, &[ErrorKind::TooLarge], "store, one byte too large")?;
    expect_eq("requests for a payload that is too large", behind.since(before).len(), 0)
}

/// Fails where a request was made, or was made twice.
fn expect_once(log: &[Logged], status: &str) -> CaseResult {
    let same = |one: &Logged, other: &Logged| one.method == other.method && one.path == other.path;
    let repeated = log.iter().enumerate().find(|(at, one)| log[..*at].iter().any(|other| same(one, other)));
    match repeated {
        None if !log.is_empty() => Ok(()),
        None => Err(Stop::Error(format!("the driver sent no request that {status} could answer"))),
        Some((_, request)) => {
            let count = log.iter().filter(|other| same(request, other)).count();
            let expected = format!("a request that was answered {status} is not repeated");
            Err(fail(expected, format!("{} {} made {count} times", request.method, request.path)))
        }
    }
}
