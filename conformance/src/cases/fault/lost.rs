//! Breaks the connection to the store.

use extstore::{ErrorKind, Retry};

use super::behind::{Behind, broken};
use crate::case::{CaseResult, Cx, OrFail as _, Stop, expect, expect_eq, expect_kind, fail};
use crate::fault::{Fault, On};

pub(super) async fn refused(cx: Cx) -> CaseResult {
    let mut behind = Behind::new(&cx).await?;
    behind.proxy.refuse().await.map_err(broken)?;
    let payload = behind.payload();
    let error = expect_kind(behind.store(&payload).await?, &[ErrorKind::Unavailable], "store")?;
    expect(error.retry() != Retry::Never, "an error that may be retried", || format!("{:?}", error.retry()))?;
    expect_kind(behind.retrieve().await?, &[ErrorKind::Unavailable], "retrieve")?;
    behind.proxy.resume().await.map_err(broken)?;
    behind.expect_recovered().await
}

pub(super) async fn blackhole(cx: Cx) -> CaseResult {
    let mut behind = Behind::impatient(&cx).await?;
    if !cx.wire()?.speaks_http() {
        // Faults are per connection there: those that are open must go.
        behind.proxy.refuse().await.map_err(broken)?;
        behind.proxy.resume().await.map_err(broken)?;
    }
    behind.proxy.always(On::Any, Fault::Blackhole);
    let payload = behind.payload();
    let (stored, retrieved) = tokio::join!(behind.store(&payload), behind.retrieve());
    expect_kind(stored?, &[ErrorKind::Timeout], "store")?;
    expect_kind(retrieved?, &[ErrorKind::Timeout], "retrieve")?;
    behind.proxy.clear();
    behind.expect_recovered().await
}

/// Lists the kinds by which a driver says that the way to the store failed.
const LOST: &[ErrorKind] = &[ErrorKind::Unavailable, ErrorKind::Timeout];

pub(super) async fn ack_lost(cx: Cx) -> CaseResult {
    let mut behind = Behind::http(&cx).await?;
    let raw = cx.raw().ok();
    let objects = if let Some(raw) = &raw { raw.list().await.len() } else { 0 };
    let (payload, before) = (behind.payload(), behind.proxy.requests());
    behind.proxy.next(On::Upload, Fault::CutAfterUpstream);
    let first = behind.store(&payload).await?;
    if !behind.since(before).iter().any(|request| request.status.is_none()) {
        return Err(Stop::Error("the driver sent no PUT or POST whose answer could be lost".into()));
    }
    let driver = cx.driver().await?;
    let second = cx.store_one(&*driver, &payload).await?;
    cx.expect_payload(&*driver, &second, &payload).await?;
    match first {
        Err(error) if LOST.contains(&error.kind()) => {}
        Err(error) => return Err(fail(format!("Ok, or an error of kind {LOST:?}"), error)),
        Ok(_) if !cx.profile().content_addressed => return Ok(()),
        Ok(claims) => expect(claims == [second], "both claims equal", || "claims that differ")?,
    }
    let Some(raw) = raw.filter(|_| cx.profile().content_addressed) else { return Ok(()) };
    expect_eq("objects after both stores", raw.list().await.len(), objects + 1)
}

pub(super) async fn reset_mid_download(cx: Cx) -> CaseResult {
    let mut behind = Behind::http(&cx).await?;
    let half = behind.stored.1.encoded_len() as u64 / 2;
    for after in [0, half] {
        behind.proxy.next(On::Download, Fault::CutResponse { after });
        match behind.retrieve().await? {
            Err(error) if LOST.contains(&error.kind()) => {}
            other => expect(
                other.or_fail("Ok, or an error that says the connection was lost")?
                    == [behind.stored.1.clone()],
                "the payload that was stored",
                || "another one",
            )?,
        }
    }
    let before = behind.proxy.requests();
    behind.proxy.always(On::Download, Fault::CutResponse { after: half });
    expect_kind(behind.retrieve().await?, LOST, "retrieve while every answer is cut")?;
    if behind.since(before).is_empty() {
        return Err(Stop::Error("the driver sent no GET whose answer could be cut".into()));
    }
    behind.proxy.clear();
    behind.expect_recovered().await
}
