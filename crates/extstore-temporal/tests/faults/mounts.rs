//! Makes the mounts of the tests.

use std::sync::Arc;

use extstore::{ExternalStorage, StorageDriver};
use extstore_temporal::Mount;

use crate::observed::Observed;

/// Payloads of this many bytes or more are offloaded: few, so that the tests move little.
pub(crate) const THRESHOLD: u64 = 4096;

/// Makes a mount of one driver.
pub(crate) fn mount(driver: impl StorageDriver + 'static) -> Mount {
    mount_with(driver, &Observed::default())
}

/// Makes a mount of one driver with an observer.
pub(crate) fn mount_with(driver: impl StorageDriver + 'static, observed: &Observed) -> Mount {
    let storage = ExternalStorage::builder()
        .with_driver(Arc::new(driver))
        .with_payload_size_threshold(THRESHOLD)
        .with_observer(observed.clone());
    Mount::new(storage.build().unwrap())
}
