//! Checks what an error says, and that a misbehaving driver cannot harm its host.  (ES-019, ES-029)

mod host;

use extstore::{Claim, Error, ErrorKind, StorageDriver};

use crate::case::{Case, CaseResult, Cx, Level, OrFail as _, Stop, expect, expect_eq, expect_kind, fail};
use crate::fault::Proxy;
use crate::fixture;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "errors.names_everything",
        &["ES-019"],
        "fails on one item of a batch: a claim, an object, a request",
        "whoever reads the log must know which payload, which driver and which place without asking",
        |cx| Box::pin(names_everything(cx)),
    ),
    Case::core(
        "errors.panic_contained",
        &["ES-029"],
        "mounts a driver that panics in the host",
        "one defect of one driver must not take the worker down",
        |cx| Box::pin(host::panic_contained(cx)),
    )
    .at(Level::Host),
    Case::core(
        "errors.count_mismatch",
        &["ES-004", "ES-029"],
        "mounts a driver that returns one result too few and one too many",
        "payloads would be handed to the wrong fields",
        |cx| Box::pin(host::count_mismatch(cx)),
    )
    .at(Level::Host),
];

async fn names_everything(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let payloads = fixture::payloads(&mut cx.rng(), 3, 1000);
    let claims = cx.store(&*driver, payloads).await.or_fail("store succeeds")?;
    let [first, second, third] = claims.as_slice() else {
        return expect_eq("number of claims", claims.len(), 3);
    };

    let batch = vec![first.clone(), Claim::new(), third.clone()];
    let result = cx.retrieve(&*driver, batch).await;
    let error = expect_kind(result, &[ErrorKind::InvalidClaim], "an empty claim in a batch")?;
    expect_named(&error, "retrieve", &*driver, Some(1))?;

    let missing = missing_object(&cx, &*driver, [first, second, third]).await;
    let unreachable = unreachable_store(&cx).await;
    match (missing, unreachable) {
        (Err(Stop::NotRun(_)), unreachable) => unreachable,
        (missing, Err(Stop::NotRun(_))) => missing,
        (missing, unreachable) => missing.and(unreachable),
    }
}

/// The second of three objects is deleted behind the driver's back.
async fn missing_object(cx: &Cx, driver: &dyn StorageDriver, claims: [&Claim; 3]) -> CaseResult {
    cx.raw()?.delete(claims[1]).await;
    let result = cx.retrieve(driver, claims.map(Claim::clone).to_vec()).await;
    let error = expect_kind(result, &[ErrorKind::NotFound], "a missing object in a batch")?;
    expect_named(&error, "retrieve", driver, Some(1))?;
    expect_located(&error)
}

async fn unreachable_store(cx: &Cx) -> CaseResult {
    let wire = cx.wire()?;
    let broken = |error: &dyn std::fmt::Display| Stop::Error(format!("behind the proxy: {error}"));
    let proxy = Proxy::tcp(wire.upstream()).await.map_err(|error| broken(&error))?;
    let driver = wire.driver(cx.scope(), proxy.address()).await.map_err(|error| broken(&error))?;
    proxy.refuse().await.map_err(|error| broken(&error))?;
    let payloads = fixture::payloads(&mut cx.rng(), 3, 100);
    let deadline = cx.profile().deadline;
    let stored = tokio::time::timeout(deadline, cx.store(&*driver, payloads)).await;
    let stored = stored.map_err(|_| fail(format!("a store that ends within {deadline:?}"), "it did not"))?;
    let error = expect_kind(stored, &[ErrorKind::Unavailable], "a batch while nobody listens")?;
    expect_named(&error, "store", &*driver, None)?;
    expect_located(&error)?;
    let attempts = error.attempts();
    expect(attempts > 0 && error.to_string().contains(&attempts.to_string()), "the attempts named", || error)
}

/// Expects operation, driver and item, as fields and on one line.
fn expect_named(
    error: &Error,
    operation: &str,
    driver: &dyn StorageDriver,
    index: Option<usize>,
) -> CaseResult {
    let line = error.to_string();
    expect(!line.contains('\n'), "one line", || &line)?;
    expect_eq("operation of the error", error.operation(), Some(operation))?;
    expect_eq("driver of the error", error.driver(), Some(driver.name()))?;
    match index {
        Some(index) => expect_eq("index of the error", error.index(), Some(index))?,
        None => expect(error.index().is_some_and(|index| index < 3), "an index below 3", || {
            format!("{:?}", error.index())
        })?,
    }
    let place = format!("{} of 3", error.index().unwrap_or_default() + 1);
    let parts = [operation, driver.name(), &place, &error.kind().to_string()];
    let absent = parts.iter().find(|part| !line.contains(**part));
    expect(absent.is_none(), format!("a line with {parts:?} in it"), || &line)
}

fn expect_located(error: &Error) -> CaseResult {
    let line = error.to_string();
    let located = error.location().is_some_and(|location| !location.is_empty() && line.contains(location));
    expect(located, "a line that says where", || &line)
}
