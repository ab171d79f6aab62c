//! Counts a driver's requests where the harness has a wire port.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use extstore::StorageDriver;

use super::expect::fail;
use super::{CaseResult, Stop};
use crate::fault::{Logged, Proxy};
use crate::ports::Wire;

/// Holds a driver, and the proxy that counts the requests that it sends.
///
/// Without a wire port nothing is counted, and only the rest of the case's assertions count.
pub(crate) struct Probe {
    driver: Arc<dyn StorageDriver>,
    /// The proxy, and how many requests it had seen when the driver was made.
    wire: Option<(Counter, usize)>,
}

/// Counts requests in a proxy before the endpoint of a wire port.
pub(super) struct Counter {
    proxy: Proxy,
    speaks_http: bool,
}

impl Counter {
    pub(super) async fn before(wire: &dyn Wire) -> Result<Self, Stop> {
        let (upstream, speaks_http) = (wire.upstream(), wire.speaks_http());
        let proxy = if speaks_http { Proxy::http(upstream).await } else { Proxy::tcp(upstream).await };
        let proxy = proxy.map_err(|error| Stop::Error(format!("no proxy: {error}")))?;
        Ok(Self { proxy, speaks_http })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.proxy.address()
    }
}

impl Probe {
    pub(super) fn blind(driver: Arc<dyn StorageDriver>) -> Self {
        Self { driver, wire: None }
    }

    /// Counts from now on: another case checks what a constructor sends.
    pub(super) fn counting(driver: Arc<dyn StorageDriver>, counter: Counter) -> Self {
        let before = counter.proxy.requests();
        Self { driver, wire: Some((counter, before)) }
    }

    /// Returns the driver.
    #[must_use]
    pub(crate) fn driver(&self) -> &dyn StorageDriver {
        self.driver.as_ref()
    }

    /// Counts the requests that the driver has sent since it was made; `None` where that cannot be seen.
    #[must_use]
    pub(crate) fn requests(&self) -> Option<usize> {
        self.wire.as_ref().map(|(counter, before)| counter.proxy.requests() - before)
    }

    /// Counts the uploads (`PUT` or `POST`) that the store took; `None` where that cannot be seen.
    #[must_use]
    pub(crate) fn uploads(&self) -> Option<usize> {
        let (Counter { proxy, .. }, before) =
            self.wire.as_ref().filter(|(counter, _)| counter.speaks_http)?;
        let taken = |request: &&Logged| {
            let is_upload = matches!(request.method.as_str(), "PUT" | "POST");
            is_upload && request.status.is_some_and(|status| (200..300).contains(&status))
        };
        Some(proxy.log().iter().skip(*before).filter(taken).count())
    }

    /// Fails where the driver is seen to have sent anything.
    pub(crate) fn expect_no_request(&self, what: &str) -> CaseResult {
        match self.requests() {
            None | Some(0) => Ok(()),
            Some(count) => Err(fail(format!("{what}: no request"), format!("{count} requests"))),
        }
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("requests", &self.requests()).finish_non_exhaustive()
    }
}
