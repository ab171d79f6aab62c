//! Runs the golden vectors of the official Google Cloud Storage driver.

use std::process::ExitCode;
use std::sync::Arc;

use extstore::object::{ClaimFields, DEFAULT_READ_CAP, ObjectBackend};
use extstore::{Result, StorageDriver};
use extstore_gcs::{GCS_DRIVER_TYPE, GcsDriver, GcsOptions};
use extstore_vectors::{DriverOptions, Subject};

/// Repeats the claim's field names apart from the driver's own layout: what Python writes first, then what others
/// need.
const GCS: Subject = Subject {
    driver_type: GCS_DRIVER_TYPE,
    official_class: "GCSStorageDriver",
    claims: ClaimFields::new(&["object_name", "key", "object"])
        .with_container(&["bucket"])
        .with_hash(&["hash_algorithm", "hashAlgorithm"], &["hash_value", "hashValue"]),
    separator: '/',
    default_prefix: "",
    make,
};

fn make(backend: Arc<dyn ObjectBackend>, from: &DriverOptions) -> Result<Arc<dyn StorageDriver>> {
    let mut options = GcsOptions::new(from.bucket.as_str());
    if let Some(name) = &from.name {
        options = options.with_name(name);
    }
    if let Some(prefix) = &from.key_prefix {
        options = options.with_key_prefix(prefix);
    }
    if let Some(bytes) = from.max_payload_size {
        options = options.with_max_payload_size(bytes).with_read_cap(bytes.max(DEFAULT_READ_CAP));
    }
    for location in &from.readable {
        options = options.with_readable(location.clone());
    }
    Ok(Arc::new(GcsDriver::with_backend(backend, options)?))
}

fn main() -> ExitCode {
    extstore_vectors::main(Some(GCS))
}
