//! Runs the golden vectors of the official Redis sample.

use std::process::ExitCode;
use std::sync::Arc;

use extstore::object::{ClaimFields, DEFAULT_READ_CAP, ObjectBackend};
use extstore::{Result, StorageDriver};
use extstore_redis::{REDIS_DRIVER_TYPE, RedisDriver, RedisOptions};
use extstore_vectors::{DriverOptions, Subject};

/// Repeats the claim's field names apart from the driver's own layout: what Python writes first, then what ours adds.
const REDIS: Subject = Subject {
    driver_type: REDIS_DRIVER_TYPE,
    official_class: "RedisStorageDriver",
    claims: ClaimFields::new(&["key"])
        .with_hash(&["hash_algorithm", "hashAlgorithm"], &["hash_value", "hashValue"]),
    separator: ':',
    default_prefix: "temporalio:payloads",
    make,
};

fn make(backend: Arc<dyn ObjectBackend>, from: &DriverOptions) -> Result<Arc<dyn StorageDriver>> {
    let mut options = RedisOptions::new();
    if let Some(name) = &from.name {
        options = options.with_name(name);
    }
    if let Some(prefix) = &from.key_prefix {
        options = options.with_key_prefix(prefix);
    }
    if let Some(ttl) = from.ttl {
        options = options.with_ttl(ttl);
    }
    if let Some(bytes) = from.max_payload_size {
        options = options.with_max_payload_size(bytes).with_read_cap(bytes.max(DEFAULT_READ_CAP));
    }
    for location in &from.readable {
        options = options.with_readable(location.clone());
    }
    Ok(Arc::new(RedisDriver::with_backend(backend, options)?))
}

fn main() -> ExitCode {
    extstore_vectors::main(Some(REDIS))
}
