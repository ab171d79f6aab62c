//! Sets up one driver of a vector on its recording store.

use std::sync::Arc;
use std::time::Duration;

use extstore::object::Readable;
use extstore::{ErrorKind, ExternalStorage, MemoryBackend, Payload, Result, StorageDriver, Target};

use crate::backend::Recorder;
use crate::schema::DriverSpec;
use crate::subject::{DriverOptions, Subject};

/// Stands in for the bucket, which configuration vectors do not name.
const SOME_BUCKET: &str = "payload-bucket";
/// Is the ambient namespace wherever a target is set, to prove that it never fills an empty namespace of the target.
const AMBIENT: &str = "ambient";

pub(crate) struct Rig {
    pub(crate) recorder: Recorder,
    pub(crate) driver: Arc<dyn StorageDriver>,
}

impl Rig {
    /// Makes a driver as the vector describes it. It fails as the driver's construction does.
    pub(crate) fn new(subject: &Subject, spec: &DriverSpec) -> Result<Self> {
        Self::over(subject, spec, MemoryBackend::default(), Vec::new())
    }

    /// Makes a driver over objects that are there already.
    pub(crate) fn over(
        subject: &Subject,
        spec: &DriverSpec,
        memory: MemoryBackend,
        readable: Vec<Readable>,
    ) -> Result<Self> {
        let recorder = Recorder::new(spec, memory);
        let options = DriverOptions {
            name: spec.given_name().map(str::to_owned),
            bucket: spec.bucket.clone().unwrap_or_else(|| SOME_BUCKET.to_owned()),
            key_prefix: spec.key_prefix.clone(),
            ttl: spec.ttl_seconds.map(ttl).transpose()?,
            max_payload_size: spec.max_payload_size.map(max_payload_size).transpose()?,
            readable,
        };
        let driver = (subject.make)(Arc::new(recorder.clone()), &options)?;
        Ok(Self { recorder, driver })
    }

    /// Offloads payloads to this driver.
    pub(crate) async fn offload(
        &self,
        threshold: i64,
        target: Option<&Target>,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Payload>> {
        let storage = ExternalStorage::builder()
            .with_driver(Arc::clone(&self.driver))
            .with_payload_size_threshold(size_threshold(threshold)?)
            .build()?;
        let namespace = if target.is_some() { AMBIENT } else { "" };
        let items = payloads.into_iter().map(|payload| (target.cloned(), payload)).collect();
        storage.message(namespace).offload(items).await
    }
}

/// Returns the threshold; what our type cannot hold counts as refused.
pub(crate) fn size_threshold(value: i64) -> Result<u64> {
    let text = "ExternalStorage.payload_size_threshold must be greater than or equal to zero.";
    u64::try_from(value).map_err(|_| ErrorKind::Config.error(text))
}

fn max_payload_size(value: i64) -> Result<u64> {
    u64::try_from(value).map_err(|_| ErrorKind::Config.error("max_payload_size must be greater than zero"))
}

fn ttl(seconds: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|_| ErrorKind::Config.error("ttl must be greater than zero"))
}
