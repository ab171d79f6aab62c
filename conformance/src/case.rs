//! A case: an id, the rules that it proves, and a function that can fail.

use std::fmt;
use std::sync::Arc;

use extstore::{
    Claim, Error, Operation, Payload, RetrieveContext, SelectContext, StorageDriver, StoreContext, Target,
};
use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::probe::Probe;
use crate::runner::Watch;
use crate::{Clock, Foreign, Harness, Profile, RawStore, Scope, Wire};

/// One thing that must hold.
#[derive(Clone, Copy)]
pub struct Case {
    /// `group.snake_case`, unique and permanent.
    pub id: &'static str,
    /// The rules of `docs/rules.md` that the case proves.
    pub rules: &'static [&'static str],
    /// Whom the case obliges.
    pub level: Level,
    /// What it does, in one clause.
    pub does: &'static str,
    /// Why it matters, for the report of a failure.
    pub matters: &'static str,
    /// The function.
    pub run: CaseFn,
}

/// The function of a case: `|cx| Box::pin(bit_flip(cx))`.
pub type CaseFn = fn(Cx) -> BoxFuture<'static, CaseResult>;

impl Case {
    /// A case that obliges every driver.
    #[must_use]
    pub const fn core(
        id: &'static str,
        rules: &'static [&'static str],
        does: &'static str,
        matters: &'static str,
        run: CaseFn,
    ) -> Self {
        Self { id, rules, level: Level::Core, does, matters, run }
    }

    /// The same case at another level.
    #[must_use]
    pub const fn at(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// What stands before the dot of the id.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
}

/// Whom a case obliges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Every driver.
    Core,
    /// Drivers whose profile declares the capability.
    Extended,
    /// The core crate, with a scripted driver.
    Host,
    /// Wire forms of other SDKs.
    Interop,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Core => "core",
            Self::Extended => "extended",
            Self::Host => "host",
            Self::Interop => "interop",
        })
    }
}

/// How a case ended without passing.
#[derive(Debug)]
pub enum Stop {
    /// The rule does not hold.
    Fail {
        /// What should have been seen.
        expected: String,
        /// What was seen.
        observed: String,
    },
    /// The harness or the backend could not run the case.
    Error(String),
    /// The profile says that it does not apply.
    Unsupported(String),
    /// A port is missing.
    NotRun(String),
}

/// What a case returns.
pub type CaseResult = Result<(), Stop>;

/// What a case works with.
#[derive(Clone)]
pub struct Cx {
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

    /// The author's side.
    #[must_use]
    pub fn harness(&self) -> &dyn Harness {
        self.harness.as_ref()
    }

    /// What the driver declares.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.harness.profile()
    }

    /// Where the case keeps its data.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The id of the case.
    #[must_use]
    pub fn case_id(&self) -> &'static str {
        self.case
    }

    /// The seed of the run, mixed with the case's id.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A generator of the case's own random numbers: the same ones whenever the seed is the same.
    #[must_use]
    pub fn rng(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }

    /// A fresh driver of the case's scope.
    pub async fn driver(&self) -> Result<Arc<dyn StorageDriver>, Stop> {
        made(self.inspect(self.harness.driver(&self.scope).await))
    }

    /// A fresh driver whose requests are counted where the harness has a wire port.
    pub async fn probe(&self) -> Result<Probe, Stop> {
        match self.harness.wire() {
            Some(wire) => Probe::counting(self, wire.as_ref()).await,
            None => Ok(Probe::blind(self.driver().await?)),
        }
    }

    /// Port P.
    pub fn raw(&self) -> Result<Arc<dyn RawStore>, Stop> {
        self.harness.raw(&self.scope).ok_or_else(|| missing_port("raw"))
    }

    /// Port F.
    pub fn wire(&self) -> Result<Arc<dyn Wire>, Stop> {
        self.harness.wire().ok_or_else(|| missing_port("wire"))
    }

    /// Port G.
    pub fn foreign(&self) -> Result<Arc<dyn Foreign>, Stop> {
        self.harness.foreign(&self.scope).ok_or_else(|| missing_port("foreign"))
    }

    /// Port T.
    pub fn clock(&self) -> Result<Arc<dyn Clock>, Stop> {
        self.harness.clock(&self.scope).ok_or_else(|| missing_port("clock"))
    }

    /// Searches an error for secrets and payload bytes; the run fails if it finds one. Results that do
    /// not come through this context are handed over here.
    pub fn inspect<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.watch.error(self.case, error);
        }
        result
    }

    /// A workflow target whose identity is unique to the case.
    #[must_use]
    pub fn target(&self) -> Target {
        Target::workflow("conformance", "Suite", self.case)
    }

    /// Stores a batch for the case's own target.
    pub async fn store(
        &self,
        driver: &dyn StorageDriver,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>, Error> {
        self.store_for(driver, Some(self.target()), payloads).await
    }

    /// Stores a batch for any target.
    pub async fn store_for(
        &self,
        driver: &dyn StorageDriver,
        target: Option<Target>,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>, Error> {
        let select = SelectContext::new().with_namespace(Some("conformance")).with_target(target);
        self.store_in(driver, select, payloads).await
    }

    /// Stores a batch for any target under any ambient namespace.
    pub async fn store_in(
        &self,
        driver: &dyn StorageDriver,
        select: SelectContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>, Error> {
        self.inspect(driver.store(&StoreContext::new(select, Operation::new()), payloads).await)
    }

    /// Retrieves a batch.
    pub async fn retrieve(
        &self,
        driver: &dyn StorageDriver,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>, Error> {
        self.inspect(driver.retrieve(&RetrieveContext::new(Operation::new()), claims).await)
    }

    /// Stores one payload and expects it to succeed.
    pub async fn store_one(&self, driver: &dyn StorageDriver, payload: &Payload) -> Result<Claim, Stop> {
        only(self.store(driver, vec![payload.clone()]).await.or_fail("store succeeds")?)
    }

    /// Retrieves one payload and expects it to be equal.
    pub async fn expect_payload(
        &self,
        driver: &dyn StorageDriver,
        claim: &Claim,
        payload: &Payload,
    ) -> CaseResult {
        let found = self.retrieve(driver, vec![claim.clone()]).await.or_fail("retrieve succeeds")?;
        expect_payloads(&found, std::slice::from_ref(payload))
    }

    /// Stores a batch, retrieves it through a second driver, and expects every payload in its place.
    pub async fn round_trip(&self, payloads: Vec<Payload>) -> CaseResult {
        let (writer, reader) = (self.driver().await?, self.driver().await?);
        let claims = self.store(&*writer, payloads.clone()).await.or_fail("store succeeds")?;
        expect_eq("number of claims", claims.len(), payloads.len())?;
        let found = self.retrieve(&*reader, claims).await.or_fail("retrieve succeeds")?;
        expect_payloads(&found, &payloads)
    }
}

fn made<T>(driver: Result<T, Error>) -> Result<T, Stop> {
    driver.map_err(|error| Stop::Error(format!("the harness made no driver: {error}")))
}

fn missing_port(name: &str) -> Stop {
    Stop::NotRun(format!("the harness has no {name} port"))
}

/// The only element of a batch of one.
pub fn only<T>(items: Vec<T>) -> Result<T, Stop> {
    let count = items.len();
    let mut items = items.into_iter();
    match (items.next(), count) {
        (Some(item), 1) => Ok(item),
        _ => Err(fail("one result for one input", format!("{count} results"))),
    }
}

/// Fails unless both lists hold the same payloads in the same places. It prints lengths, never bytes.
pub fn expect_payloads(observed: &[Payload], expected: &[Payload]) -> CaseResult {
    expect_eq("number of payloads", observed.len(), expected.len())?;
    let differing = observed.iter().zip(expected).position(|(observed, expected)| observed != expected);
    let Some(index) = differing else { return Ok(()) };
    let place = format!("payload {} of {}", index + 1, expected.len());
    Err(fail(
        format!("{place} equal to what was stored: {:?}", expected[index]),
        format!("another payload: {:?}", observed[index]),
    ))
}

/// A failure with what should have been seen and what was seen. Neither may hold payload bytes.
pub fn fail(expected: impl fmt::Display, observed: impl fmt::Display) -> Stop {
    Stop::Fail { expected: expected.to_string(), observed: observed.to_string() }
}

/// Fails unless `holds`.
pub fn expect<D: fmt::Display>(
    holds: bool,
    expected: impl fmt::Display,
    observed: impl FnOnce() -> D,
) -> CaseResult {
    if holds { Ok(()) } else { Err(fail(expected, observed())) }
}

/// Fails unless both are equal; `what` names them in the report.
pub fn expect_eq<T: PartialEq + fmt::Debug>(what: &str, observed: T, expected: T) -> CaseResult {
    expect(observed == expected, format!("{what}: {expected:?}"), || format!("{observed:?}"))
}

/// Turns an unexpected error into a failure of the case.
pub trait OrFail<T> {
    /// Fails with the error as what was observed.
    fn or_fail(self, expected: &str) -> Result<T, Stop>;
}

impl<T> OrFail<T> for Result<T, Error> {
    fn or_fail(self, expected: &str) -> Result<T, Stop> {
        self.map_err(|error| fail(expected, error))
    }
}

/// Fails unless the result is an error of one of the kinds.
pub fn expect_kind<T>(
    result: Result<T, Error>,
    kinds: &[extstore::ErrorKind],
    what: &str,
) -> Result<Error, Stop> {
    match result {
        Err(error) if kinds.contains(&error.kind()) => Ok(error),
        Err(error) => Err(fail(format!("{what}: an error of kind {kinds:?}"), error)),
        Ok(_) => Err(fail(format!("{what}: an error of kind {kinds:?}"), "Ok")),
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl fmt::Debug for Cx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").field("case", &self.case).field("scope", &self.scope).finish_non_exhaustive()
    }
}
