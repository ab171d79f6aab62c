//! One cell of the matrix in a process of its own, so that its peak memory belongs to it.

use extstore::{RetrieveContext, StorageDriver as _};

use crate::Outcome;
use crate::batch::{context, driver, fresh};
use crate::meter::Meter;

/// The phases:
///
/// * `fresh`: content that the server does not have;
/// * `repeated`: the same batch again, which this driver remembers;
/// * `existing`: the same batch, stored by a driver that remembers nothing;
/// * `retrieve`: all of it, each object once.
pub async fn run(size: usize, batch: usize, calls: usize) -> Outcome {
    let (driver, forgetful) = (driver(None).await?, driver(Some(0)).await?);
    // Connections, the signing key and lazily built tables are there before the first measured call.
    for driver in [&driver, &forgetful] {
        driver.store(&context(), fresh(1000, batch)).await?;
    }
    let first = fresh(size, batch);
    let mut stored = Vec::with_capacity(calls);
    let mut meter = Meter::start()?;
    for call in 0..calls {
        let payloads = if call == 0 { first.clone() } else { fresh(size, batch) };
        stored.push(meter.call(driver.store(&context(), payloads)).await?);
    }
    meter.print("fresh", size, batch)?;
    for (phase, driver) in [("repeated", &driver), ("existing", &forgetful)] {
        let mut meter = Meter::start()?;
        for _ in 0..calls.max(3) {
            meter.call(driver.store(&context(), first.clone())).await?;
        }
        meter.print(phase, size, batch)?;
    }
    drop(first);
    let mut meter = Meter::start()?;
    for claims in stored {
        let context = RetrieveContext::default();
        // The payloads are dropped inside of the measurement, as the other clients drop theirs.
        meter.call(async { driver.retrieve(&context, claims).await.map(drop) }).await?;
    }
    meter.print("retrieve", size, batch)
}
