//! Runs the golden vectors of the official S3 driver, and the real history that it wrote.

use std::process::ExitCode;
use std::sync::Arc;

use extstore::object::{ClaimFields, DEFAULT_READ_CAP, ObjectBackend};
use extstore::{Result, StorageDriver};
use extstore_s3::{S3_DRIVER_TYPE, S3Driver, S3Options};
use extstore_vectors::{DriverOptions, Subject};

/// Repeats the claim's field names apart from the driver's own layout: what Python writes first, then what TypeScript
/// needs.
const S3: Subject = Subject {
    driver_type: S3_DRIVER_TYPE,
    official_class: "S3StorageDriver",
    claims: ClaimFields::new(&["key"])
        .with_container(&["bucket"])
        .with_hash(&["hash_algorithm", "hashAlgorithm"], &["hash_value", "hashValue"]),
    separator: '/',
    default_prefix: "",
    make,
};

fn make(backend: Arc<dyn ObjectBackend>, from: &DriverOptions) -> Result<Arc<dyn StorageDriver>> {
    let mut options = S3Options::new(from.bucket.as_str());
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
    Ok(Arc::new(S3Driver::with_backend(backend, options)?))
}

fn main() -> ExitCode {
    extstore_vectors::main(Some(S3))
}
