//! Forges claims and expects a driver to refuse them.

use extstore::{Claim, Error, ErrorKind, Payload, Retry};

use crate::case::{Cx, Probe, Stop, expect, expect_eq, expect_kind};
use crate::fixture;

/// Holds a driver, and a valid claim of it to start from.
pub(super) struct Forger<'a> {
    pub(super) cx: &'a Cx,
    pub(super) probe: Probe,
    pub(super) payload: Payload,
    pub(super) claim: Claim,
}

/// An error is one line in a log, whatever the claim holds.
const LONGEST_ERROR: usize = 8192;

impl<'a> Forger<'a> {
    pub(super) async fn new(cx: &'a Cx) -> Result<Self, Stop> {
        let payload = fixture::payload(&mut cx.rng(), 500);
        let claim = cx.store_one(&*cx.driver().await?, &payload).await?;
        Ok(Self { cx, probe: cx.probe().await?, payload, claim })
    }

    /// Expects that a claim is refused with one of these kinds, for good, and before any request.
    pub(super) async fn refused(&self, claim: Claim, kinds: &[ErrorKind], what: &str) -> Result<Error, Stop> {
        self.batch_refused(vec![claim], kinds, what).await
    }

    /// Expects that a batch is refused because of one claim in it.
    pub(super) async fn batch_refused(
        &self,
        claims: Vec<Claim>,
        kinds: &[ErrorKind],
        what: &str,
    ) -> Result<Error, Stop> {
        let error = expect_kind(self.cx.retrieve(self.probe.driver(), claims).await, kinds, what)?;
        expect_eq(&format!("{what}: whether a retry helps"), error.retry(), Retry::Never)?;
        let length = error.to_string().len();
        expect(length <= LONGEST_ERROR, format!("{what}: an error of one readable line"), || {
            format!("{length} bytes")
        })?;
        self.probe.expect_no_request(what)?;
        Ok(error)
    }
}
