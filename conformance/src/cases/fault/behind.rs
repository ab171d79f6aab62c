//! Puts a proxy that the case controls between a driver and its store.

use std::future::Future;
use std::sync::Arc;

use extstore::{Claim, Error, Payload, StorageDriver};

use crate::case::{CaseResult, Cx, Stop, fail};
use crate::fault::{Logged, Proxy};
use crate::fixture;

/// A driver behind a proxy that has stored and retrieved one payload already, so that whatever it finds
/// out once about its store is behind it.
pub(super) struct Behind {
    cx: Cx,
    pub(super) proxy: Proxy,
    pub(super) driver: Arc<dyn StorageDriver>,
    pub(super) rng: fastrand::Rng,
    pub(super) stored: (Claim, Payload),
}

impl Behind {
    pub(super) async fn new(cx: &Cx) -> Result<Self, Stop> {
        let (wire, proxy) = (cx.wire()?, proxy(cx).await?);
        let driver = wire.driver(cx.scope(), proxy.address()).await;
        Self::with(cx, proxy, cx.inspect(driver).map_err(broken)?).await
    }

    /// Does the same as [`Behind::new`], with short time-outs.
    pub(super) async fn impatient(cx: &Cx) -> Result<Self, Stop> {
        let (wire, proxy) = (cx.wire()?, proxy(cx).await?);
        let driver = wire.impatient(cx.scope(), proxy.address()).await;
        Self::with(cx, proxy, cx.inspect(driver).map_err(broken)?).await
    }

    async fn with(cx: &Cx, proxy: Proxy, driver: Arc<dyn StorageDriver>) -> Result<Self, Stop> {
        let mut rng = cx.rng();
        let size = usize::try_from(cx.profile().max_payload_bytes / 4).unwrap_or(usize::MAX).min(256 << 10);
        let payload = fixture::payload(&mut rng, size);
        let claim = cx.store_one(&*driver, &payload).await?;
        cx.expect_payload(&*driver, &claim, &payload).await?;
        Ok(Self { cx: cx.clone(), proxy, driver, rng, stored: (claim, payload) })
    }

    /// Does the same as [`Behind::new`], where faults must be per request.
    pub(super) async fn http(cx: &Cx) -> Result<Self, Stop> {
        if cx.wire()?.speaks_http() {
            return Self::new(cx).await;
        }
        Err(Stop::Unsupported("the endpoint does not speak HTTP/1.1".into()))
    }

    pub(super) fn payload(&mut self) -> Payload {
        fixture::payload(&mut self.rng, 1000)
    }

    pub(super) async fn store(&self, payload: &Payload) -> Result<Result<Vec<Claim>, Error>, Stop> {
        self.in_time("store", self.cx.store(&*self.driver, vec![payload.clone()])).await
    }

    pub(super) async fn retrieve(&self) -> Result<Result<Vec<Payload>, Error>, Stop> {
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

    /// Returns the requests that the proxy has seen after the first `before`.
    pub(super) fn since(&self, before: usize) -> Vec<Logged> {
        self.proxy.log().split_off(before)
    }

    /// Expects that the same driver works as before after the fault.
    pub(super) async fn expect_recovered(&mut self) -> CaseResult {
        let payload = self.payload();
        let claim = self.cx.store_one(&*self.driver, &payload).await?;
        self.cx.expect_payload(&*self.driver, &claim, &payload).await?;
        self.cx.expect_payload(&*self.driver, &self.stored.0, &self.stored.1).await
    }
}

async fn proxy(cx: &Cx) -> Result<Proxy, Stop> {
    let wire = cx.wire()?;
    let upstream = wire.upstream();
    let proxy = if wire.speaks_http() { Proxy::http(upstream).await } else { Proxy::tcp(upstream).await };
    proxy.map_err(broken)
}

pub(super) fn broken(error: impl std::fmt::Display) -> Stop {
    Stop::Error(format!("behind the proxy: {error}"))
}
