//! Mounts a scripted driver in the core's host.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use extstore::{
    Claim, Error, ErrorKind, ExternalStorage, MemoryDriver, Payload, RetrieveContext, StorageDriver,
    StoreContext, Target,
};

use crate::case::{CaseResult, Cx, OrFail as _, Stop, expect, expect_kind};
use crate::fixture;

/// Says how the scripted driver misbehaves, each time when it is armed.
#[derive(Clone, Copy)]
enum Defect {
    Panics,
    OneTooFew,
    OneTooMany,
}

/// Wraps a memory driver, which misbehaves once after it was armed.
struct Scripted {
    inner: MemoryDriver,
    defect: Defect,
    armed: AtomicBool,
}

impl Scripted {
    fn new(defect: Defect) -> Arc<Self> {
        Arc::new(Self { inner: MemoryDriver::default(), defect, armed: AtomicBool::new(false) })
    }

    fn misbehave<T: Clone>(&self, mut items: Vec<T>) -> Vec<T> {
        if !self.armed.swap(false, Ordering::Relaxed) {
            return items;
        }
        match self.defect {
            // Unwinds without the hook that prints: the panic is no news.
            Defect::Panics => std::panic::resume_unwind(Box::new("scripted")),
            Defect::OneTooFew => drop(items.pop()),
            Defect::OneTooMany => items.extend(items.last().cloned()),
        }
        items
    }
}

#[async_trait]
impl StorageDriver for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn driver_type(&self) -> &str {
        "scripted"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>, Error> {
        self.inner.store(context, payloads).await.map(|claims| self.misbehave(claims))
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>, Error> {
        self.inner.retrieve(context, claims).await.map(|payloads| self.misbehave(payloads))
    }
}

/// Returns the host's results of an offload and of a restore during which the driver misbehaves. Afterwards the same
/// host with the same driver must work.
async fn provoke(cx: &Cx, defect: Defect) -> Result<(Error, Error), Stop> {
    let driver = Scripted::new(defect);
    let storage = ExternalStorage::builder().with_driver(driver.clone()).with_payload_size_threshold(0);
    let storage = storage.build().or_fail("a host with one driver")?;
    let payloads = fixture::payloads(&mut cx.rng(), 3, 1000);
    let target = Some(Target::workflow("conformance", "Suite", cx.case_id()));
    let items: Vec<_> = payloads.iter().map(|payload| (target.clone(), payload.clone())).collect();
    let internal = &[ErrorKind::Internal];

    driver.armed.store(true, Ordering::Relaxed);
    let result = storage.message("conformance").offload(items.clone()).await;
    let offload = expect_kind(cx.inspect(result), internal, "offload")?;
    let message = storage.message("conformance");
    let references = cx.inspect(message.offload(items).await).or_fail("the next offload succeeds")?;

    driver.armed.store(true, Ordering::Relaxed);
    let result = storage.message("conformance").restore(references.clone()).await;
    let restore = expect_kind(cx.inspect(result), internal, "restore")?;
    let restored = cx.inspect(message.restore(references).await).or_fail("the next restore succeeds")?;
    expect(restored == payloads, "the payloads that were offloaded", || "others")?;
    Ok((offload, restore))
}

pub(super) async fn panic_contained(cx: Cx) -> CaseResult {
    let (offload, restore) = provoke(&cx, Defect::Panics).await?;
    for error in [offload, restore] {
        let line = error.to_string();
        expect(line.contains("panicked") && line.contains("scripted"), "a panic of that driver", || &line)?;
    }
    Ok(())
}

pub(super) async fn count_mismatch(cx: Cx) -> CaseResult {
    for (defect, got) in [(Defect::OneTooFew, 2), (Defect::OneTooMany, 4)] {
        let (offload, restore) = provoke(&cx, defect).await?;
        for (error, noun) in [(offload, "claims"), (restore, "payloads")] {
            let expected = format!("returned {got} {noun}, expected 3");
            let line = error.to_string();
            let named = line.contains(&expected) && line.contains("scripted");
            expect(named, format!("driver \"scripted\" {expected}"), || &line)?;
        }
    }
    Ok(())
}
