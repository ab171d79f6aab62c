//! Checks that there is one result per input, in the order of the input.  (ES-004)

use extstore::Payload;

use crate::case::{Case, CaseResult, Cx, OrFail, expect_eq, expect_payloads};
use crate::fixture;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "ordering.store",
        &["ES-004"],
        "stores 64 payloads, the largest first, and retrieves each by its own claim",
        "claims in the order of completion hand every payload to a wrong reader",
        |cx| Box::pin(store(cx)),
    ),
    Case::core(
        "ordering.retrieve_permuted",
        &["ES-004"],
        "retrieves claims in a shuffled order",
        "a bulk read that answers in the store's order swaps arguments of activities",
        |cx| Box::pin(retrieve_permuted(cx)),
    ),
    Case::core(
        "ordering.retrieve_duplicates",
        &["ES-004"],
        "retrieves the same claims several times in one batch",
        "a bulk read with the semantics of a set shifts everything behind a duplicate",
        |cx| Box::pin(retrieve_duplicates(cx)),
    ),
];

async fn store(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let mut rng = cx.rng();
    let payloads: Vec<Payload> = (0..64).rev().map(|n| fixture::payload(&mut rng, n * 1000 + 100)).collect();
    let claims = cx.store(&*driver, payloads.clone()).await.or_fail("store succeeds")?;
    expect_eq("number of claims", claims.len(), payloads.len())?;
    for (claim, payload) in claims.iter().zip(&payloads) {
        cx.expect_payload(&*driver, claim, payload).await?;
    }
    Ok(())
}

async fn retrieve_permuted(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let mut rng = cx.rng();
    let payloads = fixture::payloads(&mut rng, 64, 5000);
    let claims = cx.store(&*driver, payloads.clone()).await.or_fail("store succeeds")?;
    expect_eq("number of claims", claims.len(), payloads.len())?;
    let mut order: Vec<usize> = (0..payloads.len()).collect();
    rng.shuffle(&mut order);
    let shuffled = order.iter().map(|index| claims[*index].clone()).collect();
    let found = cx.retrieve(&*driver, shuffled).await.or_fail("retrieve succeeds")?;
    let expected: Vec<Payload> = order.iter().map(|index| payloads[*index].clone()).collect();
    expect_payloads(&found, &expected)
}

async fn retrieve_duplicates(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let mut rng = cx.rng();
    let (a, b) = (fixture::payload(&mut rng, 300), fixture::payload(&mut rng, 400));
    let (first, second) = (cx.store_one(&*driver, &a).await?, cx.store_one(&*driver, &b).await?);
    let claims = vec![first.clone(), second, first.clone(), first];
    let found = cx.retrieve(&*driver, claims).await.or_fail("retrieve succeeds")?;
    expect_payloads(&found, &[a.clone(), b, a.clone(), a])
}
