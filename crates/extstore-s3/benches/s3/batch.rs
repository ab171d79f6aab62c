//! Makes the driver as an application would have it, and batches of payloads for it.

use bytes::Bytes;
use extstore::{ENCODING, Operation, Payload, SelectContext, StoreContext, Target};
use extstore_s3::{S3Driver, S3Options};

use crate::Failure;

/// The defaults.
pub fn options() -> S3Options {
    S3Options::new("bench")
}

/// Makes a driver from the environment, as the README shows it.
pub async fn driver(options: S3Options) -> Result<S3Driver, Failure> {
    Ok(S3Driver::from_env(options).await?)
}

pub fn context() -> StoreContext {
    let target = Target::workflow("default", "bench", format!("b-{}", std::process::id()));
    let select = SelectContext::new().with_namespace(Some("default")).with_target(Some(target));
    StoreContext::new(select, Operation::new())
}

/// Makes payloads of random data, each different.
pub fn fresh(size: usize, count: usize) -> Vec<Payload> {
    (0..count).map(|_| payload(random(size))).collect()
}

pub fn random(size: usize) -> Vec<u8> {
    let mut data = vec![0; size];
    fastrand::fill(&mut data);
    data
}

pub fn payload(data: impl Into<Bytes>) -> Payload {
    Payload::new([(ENCODING, "binary/plain")], data)
}
