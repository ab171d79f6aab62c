//! Measures shapes of load beside the matrix.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use extstore::{RetrieveContext, StorageDriver as _};
use extstore_s3::S3Driver;
use serde_json::json;

use crate::Outcome;
use crate::batch::{context, driver, fresh, options, payload, random};
use crate::meter::{Meter, millis, requests};

/// Stores one payload many times in one batch, and counts the requests.
pub async fn copies(size: usize, count: usize) -> Outcome {
    let driver = driver(options()).await?;
    let before = requests()?;
    let claims = driver.store(&context(), vec![payload(random(size)); count]).await?;
    let stored = requests()?;
    driver.retrieve(&RetrieveContext::default(), claims).await?;
    let retrieved = requests()?;
    println!(
        "{}",
        json!({ "shape": "copies", "store_requests": stored - before, "retrieve_requests": retrieved - stored })
    );
    Ok(())
}

/// Stores batches of 10 × 256 KiB while 8 MiB payloads are stored without a pause: whether the large ones hold up the small.
pub async fn mixed(calls: usize) -> Outcome {
    let driver = driver(options()).await?;
    let end = Arc::new(AtomicBool::new(false));
    let large = tokio::spawn(store_until(driver.clone(), Arc::clone(&end)));
    let mut meter = Meter::start()?;
    for _ in 0..calls {
        meter.call(driver.store(&context(), fresh(256 << 10, 10))).await?;
    }
    end.store(true, Ordering::Relaxed);
    large.await??;
    let (p50, p99) = (millis(meter.percentile(50)), millis(meter.percentile(99)));
    println!("{}", json!({ "shape": "mixed", "p50_ms": p50, "p99_ms": p99 }));
    Ok(())
}

/// Stores 8 MiB payloads one after the other. They differ in their first bytes only: drawing new ones would load the
/// same cores.
async fn store_until(driver: S3Driver, end: Arc<AtomicBool>) -> extstore::Result<()> {
    let mut data = random(8 << 20);
    let mut number = 0_u64;
    while !end.load(Ordering::Relaxed) {
        number += 1;
        data[..8].copy_from_slice(&number.to_le_bytes());
        driver.store(&context(), vec![payload(data.clone())]).await?;
    }
    Ok(())
}
