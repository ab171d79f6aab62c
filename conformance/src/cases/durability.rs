//! Kills processes that store, and checks what survives.  (ES-024, ES-025)

use std::time::{Duration, Instant};

use extstore::{Claim, StorageDriver};

use crate::case::{Case, CaseResult, Cx, OrFail as _, Stop, expect, expect_eq, expect_payloads, fail};
use crate::child::{self, Child, Line, Role};
use crate::{Durability, fixture};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "durability.driver_killed",
        &["ES-024"],
        "kills a process right after a store returned Ok, and retrieves in another one",
        "a claim in the history must never point at what only a dead process knew",
        |cx| Box::pin(driver_killed(cx)),
    ),
    Case::core(
        "durability.no_torn_objects",
        &["ES-025"],
        "kills processes at random moments of their stores",
        "half an object under a final name is found by the next store and taken for the whole",
        |cx| Box::pin(no_torn_objects(cx)),
    ),
];

fn applies(cx: &Cx) -> Result<(), Stop> {
    match cx.profile().durability {
        Durability::Memory => Err(Stop::Unsupported("the profile declares durability `memory`".into())),
        Durability::ProcessCrash | Durability::PowerLoss | Durability::Replicated => Ok(()),
    }
}

async fn driver_killed(cx: Cx) -> CaseResult {
    applies(&cx)?;
    let mut rng = cx.rng();
    for _ in 0..3 {
        let (seed, size) = (rng.u64(..), rng.usize(1..=64 * 1024));
        let mut child = Child::start(&cx, Role::Store { seed, count: usize::MAX, size })?;
        let mut stored = Stored::default();
        let wanted = rng.usize(1..=8);
        while stored.claims.len() < wanted {
            stored.note(child.line().await?)?;
        }
        for line in child.kill().await? {
            stored.note(Some(line))?;
        }
        stored.expect_all(&cx, &*cx.driver().await?, seed, size).await?;
    }
    Ok(())
}

/// Counts the stores that a child says it began and acknowledged.
#[derive(Default)]
struct Stored {
    claims: Vec<Claim>,
    begun: usize,
}

impl Stored {
    fn note(&mut self, line: Option<Line>) -> CaseResult {
        match line {
            Some(Line::Begin(_)) => self.begun += 1,
            Some(Line::Stored(number, claim)) => {
                expect_eq("number of the payload stored", number, self.claims.len())?;
                self.claims.push(claim.into_iter().collect());
            }
            Some(Line::Failed(_, error)) => return Err(fail("the stores of the child succeed", error)),
            Some(line @ Line::Retrieved(..)) => return Err(Stop::Error(format!("the child said {line:?}"))),
            None => return Err(Stop::Error("the child ended by itself".into())),
        }
        Ok(())
    }

    /// Everything acknowledged is there; what was under way can be stored again.
    async fn expect_all(&self, cx: &Cx, driver: &dyn StorageDriver, seed: u64, size: usize) -> CaseResult {
        let found =
            cx.retrieve(driver, self.claims.clone()).await.or_fail("everything acknowledged is there")?;
        let expected: Vec<_> =
            (0..self.claims.len()).map(|number| child::payload(seed, number, size)).collect();
        expect_payloads(&found, &expected)?;
        if self.begun == self.claims.len() {
            return Ok(());
        }
        let interrupted = child::payload(seed, self.claims.len(), size);
        let stored = cx.store_for(driver, Some(child::target()), vec![interrupted.clone()]).await;
        let claims = stored.or_fail("what was interrupted is stored again")?;
        let found = cx.retrieve(driver, claims).await.or_fail("and retrieved")?;
        expect_payloads(&found, &[interrupted])
    }
}

async fn no_torn_objects(cx: Cx) -> CaseResult {
    applies(&cx)?;
    let mut rng = cx.rng();
    let size = usize::try_from(cx.profile().max_payload_bytes / 2).unwrap_or(usize::MAX).min(128 << 10);
    let mut digests = Vec::new();
    let mut interrupted = Vec::new();
    for _ in 0..cx.profile().kills {
        let seed = rng.u64(..);
        let stored = kill_at_random(&cx, &mut rng, Role::Store { seed, count: usize::MAX, size }).await?;
        let payloads = (0..stored.begun).map(|number| child::payload(seed, number, size).canonical());
        digests.extend(payloads.map(|payload| fixture::sha256(&payload.to_bytes())));
        interrupted.push((seed, stored));
    }
    if let Ok(raw) = cx.raw() {
        for id in raw.list().await {
            let bytes = raw.read_listed(&id).await;
            let len = bytes.as_ref().map_or(0, bytes::Bytes::len);
            let whole = bytes.is_none_or(|bytes| digests.contains(&fixture::sha256(&bytes)));
            expect(whole, "every visible object is one of the payloads", || format!("one of {len} bytes"))?;
        }
    }
    let driver = cx.driver().await?;
    for (seed, stored) in interrupted {
        stored.expect_all(&cx, &*driver, seed, size).await?;
    }
    Ok(())
}

/// Lets a child store a few payloads and kills it at a moment drawn from the length of those stores.
async fn kill_at_random(cx: &Cx, rng: &mut fastrand::Rng, role: Role) -> Result<Stored, Stop> {
    let mut child = Child::start(cx, role)?;
    let mut stored = Stored::default();
    stored.note(child.line().await?)?;
    let started = Instant::now();
    let wanted = rng.usize(1..=2);
    while stored.claims.len() < wanted || stored.begun == stored.claims.len() {
        stored.note(child.line().await?)?;
    }
    let one = started.elapsed() / u32::try_from(wanted).unwrap_or(1);
    #[expect(
        clippy::disallowed_methods,
        reason = "the drawn moment is what the case is about: there is no event to wait for"
    )]
    tokio::time::sleep(one.mul_f64(rng.f64()).min(Duration::from_secs(5))).await;
    for line in child.kill().await? {
        stored.note(Some(line))?;
    }
    Ok(stored)
}
