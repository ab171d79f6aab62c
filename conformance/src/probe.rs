//! A driver whose requests are counted at the wire, where there is one.

use std::fmt;
use std::sync::Arc;

use extstore::StorageDriver;

use crate::case::{CaseResult, Cx, Stop, fail};
use crate::fault::Proxy;
use crate::harness::Wire;

/// A driver, and the proxy that counts what it sends.
///
/// Without a wire port nothing is counted, and only the rest of the case's assertions count.
pub struct Probe {
    driver: Arc<dyn StorageDriver>,
    wire: Option<(Proxy, usize)>,
    speaks_http: bool,
}

impl Probe {
    pub(crate) fn blind(driver: Arc<dyn StorageDriver>) -> Self {
        Self { driver, wire: None, speaks_http: false }
    }

    pub(crate) async fn counting(cx: &Cx, wire: &dyn Wire) -> Result<Self, Stop> {
        let upstream = wire.upstream();
        let speaks_http = wire.speaks_http();
        let proxy = if speaks_http { Proxy::http(upstream).await } else { Proxy::tcp(upstream).await };
        let proxy = proxy.map_err(|error| Stop::Error(format!("no proxy: {error}")))?;
        let driver = wire.driver(cx.scope(), proxy.address()).await;
        let driver = cx.inspect(driver).map_err(|error| Stop::Error(format!("no driver: {error}")))?;
        // What a constructor sends is another case's business.
        let before = proxy.requests();
        Ok(Self { driver, wire: Some((proxy, before)), speaks_http })
    }

    /// The driver.
    #[must_use]
    pub fn driver(&self) -> &dyn StorageDriver {
        self.driver.as_ref()
    }

    /// How many requests the driver has sent since it was made, where that can be seen.
    #[must_use]
    pub fn requests(&self) -> Option<usize> {
        self.wire.as_ref().map(|(proxy, before)| proxy.requests() - before)
    }

    /// How many of those were uploads (`PUT` or `POST`) that the store took, where that can be seen.
    #[must_use]
    pub fn uploads(&self) -> Option<usize> {
        let (proxy, before) = self.wire.as_ref().filter(|_| self.speaks_http)?;
        let log = proxy.log();
        let taken = |status: Option<u16>| status.is_some_and(|status| (200..300).contains(&status));
        let sent = log.iter().skip(*before).filter(|request| taken(request.status));
        Some(sent.filter(|request| matches!(request.method.as_str(), "PUT" | "POST")).count())
    }

    /// Fails where the driver is seen to have sent anything.
    pub fn expect_no_request(&self, what: &str) -> CaseResult {
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
