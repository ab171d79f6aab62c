use std::time::Duration;

use extstore::object::{Cache, Container, ObjectOptions, Readable, RetryPolicy, Timeouts};

/// What a [`GcsDriver`](crate::GcsDriver) can be told. Options are checked when the driver is made.
///
/// A bucket per payload is a [`Container::per_payload`]; it needs [`with_readable`](Self::with_readable)
/// for every bucket that claims may name.
#[derive(Clone, Debug)]
#[must_use]
pub struct GcsOptions {
    pub(crate) object: ObjectOptions,
}

impl GcsOptions {
    /// Options for objects in `bucket`.
    pub fn new(bucket: impl Into<Container>) -> Self {
        Self { object: ObjectOptions::new(bucket) }
    }

    /// Names the driver instance; [`GCS_DRIVER_TYPE`](crate::GCS_DRIVER_TYPE) otherwise. The name is
    /// permanent: references carry it.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        self.map(|object| object.with_name(name))
    }

    /// Puts all objects under a prefix, and refuses claims outside it; none by default.
    pub fn with_key_prefix(self, prefix: impl Into<String>) -> Self {
        self.map(|object| object.with_key_prefix(prefix))
    }

    /// Allows claims that point at one more location.
    pub fn with_readable(self, location: impl Into<Readable>) -> Self {
        self.map(|object| object.with_readable(location))
    }

    /// Refuses to store payloads of more encoded bytes than this; 50 MiB by default.
    pub fn with_max_payload_size(self, bytes: u64) -> Self {
        self.map(|object| object.with_max_payload_size(bytes))
    }

    /// Refuses to read objects of more bytes than this; 128 MiB by default.
    pub fn with_read_cap(self, bytes: u64) -> Self {
        self.map(|object| object.with_read_cap(bytes))
    }

    /// Renews an existing object once it is this old; see [`ObjectOptions::with_refresh_after`].
    pub fn with_refresh_after(self, age: Duration) -> Self {
        self.map(|object| object.with_refresh_after(age))
    }

    /// Sets how often one request is tried.
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        self.map(|object| object.with_retry(retry))
    }

    /// Sets how long the engine waits.
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        self.map(|object| object.with_timeouts(timeouts))
    }

    /// Sets how many stored keys are remembered; 16,384 by default.
    pub fn with_known_keys(self, keys: usize) -> Self {
        self.map(|object| object.with_known_keys(keys))
    }

    /// Keeps payloads in memory, so that reading them again makes no request; without it nothing is kept.
    pub fn with_cache(self, cache: Cache) -> Self {
        self.map(|object| object.with_cache(cache))
    }

    fn map(mut self, change: impl FnOnce(ObjectOptions) -> ObjectOptions) -> Self {
        self.object = change(self.object);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use extstore::{ErrorKind, MemoryBackend, StorageDriver as _};

    use super::*;
    use crate::GcsDriver;

    fn make(options: GcsOptions) -> extstore::Result<GcsDriver> {
        GcsDriver::with_backend(Arc::new(MemoryBackend::default()), options)
    }

    #[test]
    fn a_wrong_option_is_named() {
        let per_payload = Container::per_payload(|_, _| Ok("payments".to_owned()));
        let cases = [
            (GcsOptions::new(""), "bucket"),
            (GcsOptions::new("payments").with_name(""), "name"),
            (GcsOptions::new("payments").with_max_payload_size(0), "max_payload_size"),
            (GcsOptions::new(per_payload), "with_readable"),
        ];
        for (options, text) in cases {
            let error = make(options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains(text), "{error}");
        }
    }

    #[test]
    fn the_name_is_the_type_unless_it_is_given() {
        assert_eq!(make(GcsOptions::new("payments")).unwrap().name(), "gcp.gcsdriver");
        assert_eq!(make(GcsOptions::new("payments").with_name("eu")).unwrap().name(), "eu");
    }
}
