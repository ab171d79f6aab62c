//! Checks that a missing object is reported as missing, and looked for again.  (ES-019, ES-027)

use extstore::{ErrorKind, Retry};

use super::integrity::expect_located;
use crate::case::{Case, CaseResult, Cx, Stop, expect, expect_eq, expect_kind, fail};
use crate::fixture;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "missing.deleted",
        &["ES-019"],
        "deletes a stored object and retrieves it",
        "data that is lost is not found by retrying, and an operator needs to know which object",
        |cx| Box::pin(deleted(cx)),
    ),
    Case::core(
        "missing.container",
        &["ES-019"],
        "stores where the bucket, table or directory does not exist",
        "a wrong bucket must not look like a lost payload",
        |cx| Box::pin(container(cx)),
    ),
    Case::core(
        "missing.no_negative_cache",
        &["ES-027"],
        "deletes an object, fails to retrieve it, stores it again and retrieves it",
        "a remembered `not found`, or a remembered store, hides what is there or what is gone",
        |cx| Box::pin(no_negative_cache(cx)),
    ),
];

async fn deleted(cx: Cx) -> CaseResult {
    let raw = cx.raw()?;
    let writer = cx.driver().await?;
    let claim = cx.store_one(&*writer, &fixture::payload(&mut cx.rng(), 500)).await?;
    raw.delete(&claim).await;
    for driver in [writer, cx.driver().await?] {
        let found = cx.retrieve(&*driver, vec![claim.clone()]).await;
        let error = expect_kind(found, &[ErrorKind::NotFound], "a deleted object")?;
        expect_eq("whether a retry helps", error.retry(), Retry::Never)?;
        expect_located(&cx, &error, &claim)?;
    }
    Ok(())
}

/// Lists the words of stores for the place that objects are in.
const CONTAINER_WORDS: [&str; 7] =
    ["container", "bucket", "table", "root", "directory", "database", "instance"];

async fn container(cx: Cx) -> CaseResult {
    let driver = match cx.harness().absent_container(cx.scope()).await {
        Some(Ok(driver)) => driver,
        Some(Err(error)) => return Err(fail("a driver, because construction does no I/O", error)),
        None => return Err(Stop::NotRun("the harness cannot point at an absent container".into())),
    };
    let stored = cx.store(&*driver, vec![fixture::payload(&mut cx.rng(), 500)]).await;
    let error = expect_kind(stored, &[ErrorKind::Config, ErrorKind::NotFound], "an absent container")?;
    expect_eq("whether a retry helps", error.retry(), Retry::Never)?;
    let text = error.message().to_lowercase();
    let says_so = CONTAINER_WORDS.iter().any(|word| text.contains(word));
    expect(says_so, "an error that says that the container is missing", || error)
}

async fn no_negative_cache(cx: Cx) -> CaseResult {
    let raw = cx.raw()?;
    for through_new_driver in [false, true] {
        let first = cx.driver().await?;
        let payload = fixture::payload(&mut cx.rng(), 500);
        let claim = cx.store_one(&*first, &payload).await?;
        raw.delete(&claim).await;
        let found = cx.retrieve(&*first, vec![claim.clone()]).await;
        expect_kind(found, &[ErrorKind::NotFound], "a deleted object")?;
        let second = if through_new_driver { cx.driver().await? } else { first.clone() };
        let again = cx.store_one(&*second, &payload).await?;
        cx.expect_payload(&*second, &again, &payload).await?;
        cx.expect_payload(&*first, &again, &payload).await?;
    }
    Ok(())
}
