//! Checks that limits are exact and count encoded bytes.  (ES-013, ES-023, ES-031)

use extstore::{ErrorKind, Payload, Retry};

use crate::case::{
    Case, CaseResult, Cx, Level, OrFail, Stop, expect, expect_eq, expect_kind, expect_payloads,
};
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
    Case::core(
        "size.read_cap",
        &["ES-023"],
        "retrieves objects of exactly the read cap and of one byte more, with fitting digests",
        "whoever can write into the store decides otherwise how much memory a worker takes",
        |cx| Box::pin(read_cap(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "size.read_cap_unannounced",
        &["ES-023", "ES-031"],
        "does the same where the store does not announce lengths",
        "a cap that only an announced length meets is none for a streamed answer",
        |cx| Box::pin(read_cap_unannounced(cx)),
    )
    .at(Level::Extended),
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

async fn read_cap_unannounced(cx: Cx) -> CaseResult {
    match cx.status()?.hide_lengths().await {
        true => read_cap(cx).await,
        false => Err(Stop::NotRun("the status port cannot hide lengths".into())),
    }
}

async fn read_cap(cx: Cx) -> CaseResult {
    let Some(cap) = cx.profile().read_cap else {
        return Err(Stop::Unsupported("the profile declares no read cap that is small enough".into()));
    };
    let (raw, driver) = (cx.raw()?, cx.driver().await?);
    let stored = cx.store_one(&*driver, &fixture::payload(&mut cx.rng(), 500)).await?;
    for (len, is_read) in [(cap, true), (cap + 1, false)] {
        let payload = of_len(&cx, len);
        let claim = fixture::claim_for(&stored, &cx.profile(), &payload.to_bytes());
        raw.write(&claim, payload.to_bytes()).await;
        if is_read {
            cx.expect_payload(&*driver, &claim, &payload).await?;
            continue;
        }
        let found = cx.retrieve(&*driver, vec![claim]).await;
        let error = expect_kind(found, &[ErrorKind::TooLarge], "an object above the read cap")?;
        expect_eq("whether a retry helps", error.retry(), Retry::Never)?;
        expect(error.to_string().contains(&cap.to_string()), format!("an error that names {cap}"), || error)?;
    }
    Ok(())
}
