//! What happens on the way to the store: nobody there, no answer, half an answer.  (ES-019, ES-021, ES-023)

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use extstore::{Claim, Error, ErrorKind, Payload, Retry, StorageDriver};

use crate::case::{Case, CaseResult, Cx, OrFail as _, Stop, expect, expect_eq, expect_kind, fail};
use crate::fault::{Fault, Logged, On, Proxy};
use crate::fixture;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "fault.refused",
        &["ES-019", "ES-022"],
        "stores and retrieves while nobody listens, and again when somebody does",
        "a worker must not hang at the connection, nor take a short outage for the end",
        |cx| Box::pin(refused(cx)),
    ),
    Case::core(
        "fault.blackhole",
        &["ES-023"],
        "stores and retrieves where connections are accepted and nothing is answered",
        "without a time-out of its own a call holds its workflow task for ever",
        |cx| Box::pin(blackhole(cx)),
    ),
    Case::core(
        "fault.ack_lost",
        &["ES-021"],
        "loses the answer to an upload that the store accepted, and stores the payload again",
        "a retried workflow task would orphan the first object",
        |cx| Box::pin(ack_lost(cx)),
    ),
    Case::core(
        "fault.reset_mid_download",
        &["ES-016", "ES-019"],
        "closes the connection in the middle of the answer",
        "the end of a connection is not the end of an object, and no reason to report a broken one",
        |cx| Box::pin(reset_mid_download(cx)),
    ),
    Case::core(
        "fault.throttled_then_ok",
        &["ES-023"],
        "answers 503 with Retry-After: 1, then 503, then normally",
        "a store that asks for time must get it, and the payload must arrive nevertheless",
        |cx| Box::pin(throttled_then_ok(cx)),
    ),
    Case::core(
        "fault.budget_exhausted",
        &["ES-019", "ES-023"],
        "answers 503 for ever",
        "retries at several layers multiply, and a loop without an end blocks the worker",
        |cx| Box::pin(budget_exhausted(cx)),
    ),
    Case::core(
        "fault.no_pointless_retry",
        &["ES-023"],
        "lets requests be forbidden, objects be missing and payloads be too large",
        "repeating what cannot succeed delays the error and loads the store",
        |cx| Box::pin(no_pointless_retry(cx)),
    ),
];

/// A driver behind a proxy that has stored and retrieved one payload already, so that whatever it finds
/// out once about its store is behind it.
struct Behind {
    cx: Cx,
    proxy: Proxy,
    driver: Arc<dyn StorageDriver>,
    rng: fastrand::Rng,
    stored: (Claim, Payload),
}

impl Behind {
    async fn new(cx: &Cx) -> Result<Self, Stop> {
        let wire = cx.wire()?;
        let upstream = wire.upstream();
        let proxy = if wire.speaks_http() { Proxy::http(upstream).await } else { Proxy::tcp(upstream).await };
        let proxy = proxy.map_err(broken)?;
        let driver = cx.inspect(wire.driver(cx.scope(), proxy.address()).await).map_err(broken)?;
        let mut rng = cx.rng();
        let size = usize::try_from(cx.profile().max_payload_bytes / 4).unwrap_or(usize::MAX).min(256 << 10);
        let payload = fixture::payload(&mut rng, size);
        let claim = cx.store_one(&*driver, &payload).await?;
        cx.expect_payload(&*driver, &claim, &payload).await?;
        Ok(Self { cx: cx.clone(), proxy, driver, rng, stored: (claim, payload) })
    }

    /// As [`Behind::new`], where faults must be per request.
    async fn http(cx: &Cx) -> Result<Self, Stop> {
        if cx.wire()?.speaks_http() {
            return Self::new(cx).await;
        }
        Err(Stop::Unsupported("the endpoint does not speak HTTP/1.1".into()))
    }

    fn payload(&mut self) -> Payload {
        fixture::payload(&mut self.rng, 1000)
    }

    async fn store(&self, payload: &Payload) -> Result<Result<Vec<Claim>, Error>, Stop> {
        self.in_time("store", self.cx.store(&*self.driver, vec![payload.clone()])).await
    }

    async fn retrieve(&self) -> Result<Result<Vec<Payload>, Error>, Stop> {
        self.in_time("retrieve", self.cx.retrieve(&*self.driver, vec![self.stored.0.clone()])).await
    }

    /// A call must end within the time that the profile declares.
    async fn in_time<T>(&self, what: &str, call: impl Future<Output = T>) -> Result<T, Stop> {
        let deadline = self.cx.profile().deadline;
        tokio::time::timeout(deadline, call).await.map_err(|_| {
            let requests = self.proxy.requests();
            fail(
                format!("{what} ends within {deadline:?}"),
                format!("it did not; {requests} requests so far"),
            )
        })
    }

    /// What the proxy has seen since it had seen `before` requests.
    fn since(&self, before: usize) -> Vec<Logged> {
        self.proxy.log().split_off(before)
    }

    /// After the fault the same driver works as before.
    async fn expect_recovered(&mut self) -> CaseResult {
        let payload = self.payload();
        let claim = self.cx.store_one(&*self.driver, &payload).await?;
        self.cx.expect_payload(&*self.driver, &claim, &payload).await?;
        self.cx.expect_payload(&*self.driver, &self.stored.0, &self.stored.1).await
    }
}

fn broken(error: impl std::fmt::Display) -> Stop {
    Stop::Error(format!("behind the proxy: {error}"))
}

async fn refused(cx: Cx) -> CaseResult {
    let mut behind = Behind::new(&cx).await?;
    behind.proxy.refuse().await.map_err(broken)?;
    let payload = behind.payload();
    let error = expect_kind(behind.store(&payload).await?, &[ErrorKind::Unavailable], "store")?;
    expect(error.retry() != Retry::Never, "an error that may be retried", || format!("{:?}", error.retry()))?;
    expect_kind(behind.retrieve().await?, &[ErrorKind::Unavailable], "retrieve")?;
    behind.proxy.resume().await.map_err(broken)?;
    behind.expect_recovered().await
}

async fn blackhole(cx: Cx) -> CaseResult {
    let mut behind = Behind::new(&cx).await?;
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

/// The kinds by which a driver says that the way to the store failed.
const LOST: &[ErrorKind] = &[ErrorKind::Unavailable, ErrorKind::Timeout];

async fn ack_lost(cx: Cx) -> CaseResult {
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

async fn reset_mid_download(cx: Cx) -> CaseResult {
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

/// A clock may round; it does not round by more.
const ROUNDING: Duration = Duration::from_millis(20);

async fn throttled_then_ok(cx: Cx) -> CaseResult {
    let mut behind = Behind::http(&cx).await?;
    let attempts = cx.profile().attempts as usize;
    if attempts < 2 {
        return Err(Stop::Unsupported("the profile declares one attempt at a request".into()));
    }
    let (payload, before) = (behind.payload(), behind.proxy.requests());
    behind.proxy.next(On::Any, Fault::Answer { status: 503, retry_after: Some(1) });
    if attempts > 2 {
        behind.proxy.next(On::Any, Fault::status(503));
    }
    let claims = behind.store(&payload).await?.or_fail("store succeeds in the end")?;
    let log = behind.since(before);
    let pause = match log.as_slice() {
        [first, second, ..] => first.ended.map(|ended| second.started.saturating_duration_since(ended)),
        _ => None,
    };
    expect(
        pause.is_some_and(|pause| pause + ROUNDING >= Duration::from_secs(1)),
        "a pause of at least 1 s, as Retry-After asks",
        || format!("{} requests, the first pause {pause:?}", log.len()),
    )?;
    expect(claims.len() == 1, "one claim", || format!("{} claims", claims.len()))?;
    cx.expect_payload(&*behind.driver, &claims[0], &payload).await
}

async fn budget_exhausted(cx: Cx) -> CaseResult {
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

async fn no_pointless_retry(cx: Cx) -> CaseResult {
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
