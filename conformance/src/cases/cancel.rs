//! Checks that a dropped future stops its work and leaves nothing behind.  (ES-022)

use std::future::Future;
use std::sync::Arc;

use extstore::{
    Budgets, Claim, Event, Limiter, Observer, Operation, Payload, RetrieveContext, SelectContext,
    StorageDriver, StoreContext,
};
use tokio::sync::oneshot;

use crate::case::{Case, CaseResult, Cx, OrFail as _, expect, only};
use crate::fault::{Polled, drop_at_poll};
use crate::fixture;

pub(super) const CASES: &[Case] = &[Case::core(
    "cancel.drop_anywhere",
    &["ES-022"],
    "drops stores and retrieves at their first, second, third … poll",
    "a workflow task that is cancelled must give back its permits and stop its requests",
    |cx| Box::pin(drop_anywhere(cx)),
)];

const SIZE: usize = 100 * 1024;
/// Sets the size of the case's limiter: small enough that a permit that was not given back is missed.
const REQUESTS: usize = 2;

async fn drop_anywhere(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let mut rng = cx.rng();
    let mut whole = Vec::new();
    for polls in polls() {
        let payload = fixture::payload(&mut rng, SIZE);
        whole.push(fixture::sha256(&payload.canonical().to_bytes()));
        let operation = Watched::new();
        let context = operation.store(&cx);
        let call = driver.store(&context, vec![payload.clone()]);
        let dropped = drop_at_poll(call, polls).await;
        drop(context);
        operation.expect_free(&cx, &format!("a store that was dropped at poll {polls}")).await?;
        let complete = matches!(dropped, Polled::Ready(_));
        if let Polled::Ready(result) = dropped {
            cx.inspect(result).or_fail("a store that was not dropped succeeds")?;
        }
        let claim = cx.store_one(&*driver, &payload).await?;
        drop_retrieves(&cx, &*driver, &claim, &payload, polls).await?;
        if complete {
            break;
        }
    }
    expect_stopped(&cx, &*driver, fixture::payload(&mut rng, 1000)).await?;
    let Ok(raw) = cx.raw() else { return Ok(()) };
    for id in raw.list().await {
        let bytes = raw.read_listed(&id).await;
        let known = bytes.is_none_or(|bytes| whole.contains(&fixture::sha256(&bytes)));
        expect(known, "every object whole", || "an object that is no payload of the case")?;
    }
    Ok(())
}

/// Every poll at first, then wider steps up to where any future has ended.
fn polls() -> impl Iterator<Item = usize> {
    (1..=12).chain([14, 17, 20, 25, 32, 48, 64, 128, usize::MAX])
}

async fn drop_retrieves(
    cx: &Cx,
    driver: &dyn StorageDriver,
    claim: &Claim,
    payload: &Payload,
    polls: usize,
) -> CaseResult {
    let operation = Watched::new();
    let context = RetrieveContext::new(operation.operation.clone());
    let polled = drop_at_poll(driver.retrieve(&context, vec![claim.clone()]), polls).await;
    drop(context);
    if let Polled::Ready(result) = polled {
        let found = only(cx.inspect(result).or_fail("retrieve succeeds")?)?;
        expect(found == *payload, "the payload that was stored", || "another one")?;
    }
    operation.expect_free(cx, &format!("a retrieve that was dropped at poll {polls}")).await?;
    cx.expect_payload(driver, claim, payload).await
}

/// With no permit to be had, a store can do nothing but wait; dropped, it must be gone.
async fn expect_stopped(cx: &Cx, driver: &dyn StorageDriver, payload: Payload) -> CaseResult {
    let operation = Watched::new();
    let permits = operation.all().await;
    let context = operation.store(cx);
    let polled = drop_at_poll(driver.store(&context, vec![payload]), 1).await;
    drop(context);
    let gone = operation.gone();
    if matches!(polled, Polled::Ready(_)) {
        return Ok(());
    }
    // A driver that aborts a task of its own needs a moment.
    let gone = tokio::time::timeout(cx.profile().deadline, gone).await;
    drop(permits);
    expect(
        gone.is_ok(),
        "a dropped store ends",
        || "something still holds its operation and waits for a permit",
    )
}

/// Holds an operation, and tells whether its permits are free and when nobody holds it any more.
struct Watched {
    operation: Operation,
    limiter: Limiter,
    dropped: oneshot::Receiver<()>,
}

/// Observes nothing, and drops its sender when it is dropped.
struct Nothing {
    _alive: oneshot::Sender<()>,
}

impl Observer for Nothing {
    fn observe(&self, _: &Event<'_>) {}
}

impl Watched {
    fn new() -> Self {
        let budgets = Budgets::default()
            .with_message_budget(REQUESTS)
            .with_shared_budget(REQUESTS)
            .with_bytes_in_flight(SIZE as u64);
        let limiter = Limiter::new(budgets);
        let (alive, dropped) = oneshot::channel();
        let observer = Arc::new(Nothing { _alive: alive });
        let operation = Operation::new().with_limiter(limiter.clone()).with_observer(Some(observer));
        Self { operation, limiter, dropped }
    }

    /// Gives the operation up and ends when nobody else holds it.
    fn gone(self) -> impl Future<Output = ()> {
        let Self { operation, dropped, .. } = self;
        drop(operation);
        async move { drop(dropped.await) }
    }

    fn store(&self, cx: &Cx) -> StoreContext {
        let select = SelectContext::new().with_namespace(Some("conformance")).with_target(Some(cx.target()));
        StoreContext::new(select, self.operation.clone())
    }

    /// Takes every request and every byte of the budget.
    fn all(&self) -> impl Future<Output = Vec<extstore::Permit>> + use<> {
        let limiter = self.limiter.clone();
        async move {
            let mut permits = vec![limiter.acquire(SIZE as u64).await];
            while permits.len() < REQUESTS {
                permits.push(limiter.acquire(0).await);
            }
            permits
        }
    }

    /// Waits until work that cannot be stopped has ended, within the time that the profile declares.
    async fn expect_free(&self, cx: &Cx, what: &str) -> CaseResult {
        let deadline = cx.profile().deadline;
        let free = tokio::time::timeout(deadline, self.all()).await;
        expect(free.is_ok(), format!("all permits free after {what}"), || "permits that are still held")
    }
}
