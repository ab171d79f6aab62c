//! Gives a running case its harness, its scope and its random numbers.

use std::fmt;
use std::sync::Arc;

use extstore::{
    Claim, Error, Operation, Payload, RetrieveContext, SelectContext, StorageDriver, StoreContext, Target,
};

use super::expect::{OrFail as _, expect_eq, expect_payloads, only};
use super::probe::{Counter, Probe};
use super::watch::Watch;
use super::{CaseResult, Stop};
use crate::{Clock, Foreign, Harness, Profile, RawStore, Scope, Status, Wire};

/// Gives a running case its harness, its scope and its random numbers.
#[derive(Clone)]
pub(crate) struct Cx {
    harness: Arc<dyn Harness>,
    scope: Scope,
    case: &'static str,
    seed: u64,
    watch: Arc<Watch>,
}

impl Cx {
    pub(crate) fn new(
        harness: Arc<dyn Harness>,
        scope: Scope,
        case: &'static str,
        seed: u64,
        watch: Arc<Watch>,
    ) -> Self {
        Self { harness, scope, case, seed, watch }
    }

    /// Returns the harness that the driver's author wrote.
    #[must_use]
    pub(crate) fn harness(&self) -> &dyn Harness {
        self.harness.as_ref()
    }

    /// Returns the declarations of the driver.
    #[must_use]
    pub(crate) fn profile(&self) -> Profile {
        self.harness.profile()
    }

    /// Returns the scope in which the case keeps its data.
    #[must_use]
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns the id of the case.
    #[must_use]
    pub(crate) fn case_id(&self) -> &'static str {
        self.case
    }

    /// Returns the seed of the run, mixed with the case's id.
    #[must_use]
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Makes a generator of the case's own random numbers: the same ones whenever the seed is the same.
    #[must_use]
    pub(crate) fn rng(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }

    /// Makes a fresh driver of the case's scope.
    pub(crate) async fn driver(&self) -> Result<Arc<dyn StorageDriver>, Stop> {
        made(self.inspect(self.harness.driver(&self.scope).await))
    }

    /// Makes a fresh driver whose requests are counted where the harness has a wire port.
    pub(crate) async fn probe(&self) -> Result<Probe, Stop> {
        match self.harness.wire() {
            Some(wire) => {
                let counter = Counter::before(wire.as_ref()).await?;
                let driver = made(self.inspect(wire.driver(&self.scope, counter.address()).await))?;
                Ok(Probe::counting(driver, counter))
            }
            None => {
                self.watch.not_seen(self.case, "without a wire port, requests were not counted");
                Ok(Probe::blind(self.driver().await?))
            }
        }
    }

    /// Returns the raw store port, or ends the case as not run.
    pub(crate) fn raw(&self) -> Result<Arc<dyn RawStore>, Stop> {
        self.harness.raw(&self.scope).ok_or_else(|| missing_port("raw"))
    }

    /// Returns the wire port, or ends the case as not run.
    pub(crate) fn wire(&self) -> Result<Arc<dyn Wire>, Stop> {
        self.harness.wire().ok_or_else(|| missing_port("wire"))
    }

    /// Returns the foreign port, or ends the case as not run.
    pub(crate) fn foreign(&self) -> Result<Arc<dyn Foreign>, Stop> {
        self.harness.foreign(&self.scope).ok_or_else(|| missing_port("foreign"))
    }

    /// Returns the clock port, or ends the case as not run.
    pub(crate) fn clock(&self) -> Result<Arc<dyn Clock>, Stop> {
        self.harness.clock(&self.scope).ok_or_else(|| missing_port("clock"))
    }

    /// Returns the status port, or ends the case as not run.
    pub(crate) fn status(&self) -> Result<Arc<dyn Status>, Stop> {
        self.harness.status(&self.scope).ok_or_else(|| missing_port("status"))
    }

    /// Searches an error for secrets and payload bytes; the run fails if it finds one. Results that do not come
    /// through this context are given to this method by the case.
    pub(crate) fn inspect<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.watch.error(self.case, error);
        }
        result
    }

    /// Returns a workflow target whose identity is unique to the case.
    #[must_use]
    pub(crate) fn target(&self) -> Target {
        Target::workflow("conformance", "Suite", self.case)
    }

    /// Stores a batch for the case's own target.
    pub(crate) async fn store(
        &self,
        driver: &dyn StorageDriver,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>, Error> {
        self.store_for(driver, Some(self.target()), payloads).await
    }

    /// Stores a batch for any target.
    pub(crate) async fn store_for(
        &self,
        driver: &dyn StorageDriver,
        target: Option<Target>,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>, Error> {
        self.store_in(driver, select(target), payloads).await
    }

    /// Stores a batch for any target under any ambient namespace.
    pub(crate) async fn store_in(
        &self,
        driver: &dyn StorageDriver,
        select: SelectContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>, Error> {
        self.inspect(driver.store(&StoreContext::new(select, Operation::new()), payloads).await)
    }

    /// Retrieves a batch.
    pub(crate) async fn retrieve(
        &self,
        driver: &dyn StorageDriver,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>, Error> {
        self.inspect(driver.retrieve(&RetrieveContext::new(Operation::new()), claims).await)
    }

    /// Retrieves a batch whose items have results of their own.
    pub(crate) async fn retrieve_each(
        &self,
        driver: &dyn StorageDriver,
        claims: Vec<Claim>,
    ) -> Vec<Result<Payload, Error>> {
        let found = driver.retrieve_each(&RetrieveContext::new(Operation::new()), claims).await;
        found.into_iter().map(|item| self.inspect(item)).collect()
    }

    /// Runs the driver's check at start-up for the case's own target.
    pub(crate) async fn check(&self, driver: &dyn StorageDriver) -> Result<(), Error> {
        let context = StoreContext::new(select(Some(self.target())), Operation::new());
        self.inspect(driver.check(&context).await)
    }

    /// Stores one payload and expects it to succeed.
    pub(crate) async fn store_one(
        &self,
        driver: &dyn StorageDriver,
        payload: &Payload,
    ) -> Result<Claim, Stop> {
        only(self.store(driver, vec![payload.clone()]).await.or_fail("store succeeds")?)
    }

    /// Retrieves one payload and expects it to be equal.
    pub(crate) async fn expect_payload(
        &self,
        driver: &dyn StorageDriver,
        claim: &Claim,
        payload: &Payload,
    ) -> CaseResult {
        let found = self.retrieve(driver, vec![claim.clone()]).await.or_fail("retrieve succeeds")?;
        expect_payloads(&found, std::slice::from_ref(payload))
    }

    /// Stores a batch, retrieves it through a second driver, and expects every payload in its place.
    pub(crate) async fn round_trip(&self, payloads: Vec<Payload>) -> CaseResult {
        let (writer, reader) = (self.driver().await?, self.driver().await?);
        let claims = self.store(&*writer, payloads.clone()).await.or_fail("store succeeds")?;
        expect_eq("number of claims", claims.len(), payloads.len())?;
        let found = self.retrieve(&*reader, claims).await.or_fail("retrieve succeeds")?;
        expect_payloads(&found, &payloads)
    }
}

fn select(target: Option<Target>) -> SelectContext {
    SelectContext::new().with_namespace(Some("conformance")).with_target(target)
}

fn made<T>(driver: Result<T, Error>) -> Result<T, Stop> {
    driver.map_err(|error| Stop::Error(format!("the harness made no driver: {error}")))
}

fn missing_port(name: &str) -> Stop {
    Stop::NotRun(format!("the harness has no {name} port"))
}

impl fmt::Debug for Cx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").field("case", &self.case).field("scope", &self.scope).finish_non_exhaustive()
    }
}
