//! Mounts of the scenarios.

use std::sync::Arc;

use extstore::{ExternalStorage, StorageDriver};
use extstore_temporal::Mount;

use crate::watch::Watch;

/// Payloads of this many bytes or more leave: small, so that scenarios move little.
pub(crate) const THRESHOLD: u64 = 4096;

/// A mount of one driver that nobody watches.
pub(crate) fn mount(driver: impl StorageDriver + 'static) -> Mount {
    watched(driver, &Watch::default())
}

/// A mount of one driver.
pub(crate) fn watched(driver: impl StorageDriver + 'static, watch: &Watch) -> Mount {
    let storage = ExternalStorage::builder()
        .with_driver(Arc::new(driver))
        .with_payload_size_threshold(THRESHOLD)
        .with_observer(watch.clone());
    Mount::new(storage.build().unwrap())
}
