//! The limit is exact, and about encoded bytes.  (ES-013, ES-023)

use extstore::{ErrorKind, Payload, Retry};

use crate::case::{Case, CaseResult, Cx, OrFail, expect, expect_eq, expect_kind, expect_payloads};
use crate::fixture;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "size.at_max",
        &["ES-023"],
        "stores a payload of exactly the largest encoded size",
        "a limit that is off by one, or about `data` alone, refuses what was promised",
        |cx| Box::pin(at_max(cx)),
    ),
    Case::core(
        "size.over_max",
        &["ES-023"],
        "stores a payload of one byte more than the largest",
        "a payload that the store refuses late costs an upload on every retry",
        |cx| Box::pin(over_max(cx)),
    ),
    Case::core(
        "size.over_max_in_batch",
        &["ES-013"],
        "stores a batch whose second payload is too large",
        "half a batch in the store is garbage that nothing refers to",
        |cx| Box::pin(over_max_in_batch(cx)),
    ),
    Case::core(
        "size.many_small",
        &["ES-023"],
        "stores and retrieves 2,000 payloads of about 100 bytes in one batch",
        "a connection or a thread for each item runs out of ports or memory",
        |cx| Box::pin(many_small(cx)),
    ),
];

fn of_len(cx: &Cx, encoded_len: u64) -> Payload {
    fixture::payload_of_encoded_len(&mut cx.rng(), usize::try_from(encoded_len).unwrap_or(usize::MAX))
}

async fn at_max(cx: Cx) -> CaseResult {
    let payload = of_len(&cx, cx.profile().max_payload_bytes);
    cx.round_trip(vec![payload]).await
}

async fn over_max(cx: Cx) -> CaseResult {
    let max = cx.profile().max_payload_bytes;
    let probe = cx.probe().await?;
    let stored = cx.store(probe.driver(), vec![of_len(&cx, max + 1)]).await;
    let error = expect_kind(stored, &[ErrorKind::TooLarge], "a payload above the limit")?;
    expect_eq("whether a retry helps", error.retry(), Retry::Never)?;
    let text = error.to_string();
    let both = text.contains(&max.to_string()) && text.contains(&(max + 1).to_string());
    expect(both, format!("an error that names {max} and {}", max + 1), || text)?;
    probe.expect_no_request("a payload above the limit")
}

async fn over_max_in_batch(cx: Cx) -> CaseResult {
    let raw = cx.raw()?;
    let probe = cx.probe().await?;
    let mut rng = cx.rng();
    let large = of_len(&cx, cx.profile().max_payload_bytes + 1);
    let batch = vec![fixture::payload(&mut rng, 100), large, fixture::payload(&mut rng, 200)];
    let stored = cx.store(probe.driver(), batch).await;
    let error = expect_kind(stored, &[ErrorKind::TooLarge], "a batch with a payload above the limit")?;
    expect_eq("the index of the error", error.index(), Some(1))?;
    expect_eq("objects in the store", raw.list().await.len(), 0)?;
    probe.expect_no_request("a batch with a payload above the limit")
}

async fn many_small(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let payloads = fixture::payloads(&mut cx.rng(), 2000, 100);
    let claims = cx.store(&*driver, payloads.clone()).await.or_fail("store succeeds")?;
    let found = cx.retrieve(&*driver, claims).await.or_fail("retrieve succeeds")?;
    expect_payloads(&found, &payloads)
}
