use std::time::Duration;

use extstore::object::{Cache, ObjectOptions, Readable, RetryPolicy, Timeouts};
use extstore::{ErrorKind, Result};

/// What keys begin with unless configured otherwise.
pub const DEFAULT_KEY_PREFIX: &str = "temporalio:payloads";

/// What a [`RedisDriver`](crate::RedisDriver) can be told. Options are checked when the driver is made.
#[derive(Clone, Debug)]
#[must_use]
pub struct RedisOptions {
    object: ObjectOptions,
    ttl: Option<Duration>,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl RedisOptions {
    /// The defaults: keys under [`DEFAULT_KEY_PREFIX`], no time to live.
    pub fn new() -> Self {
        Self { object: ObjectOptions::new("").with_key_prefix(DEFAULT_KEY_PREFIX), ttl: None }
    }

    /// Names the driver instance; [`REDIS_DRIVER_TYPE`](crate::REDIS_DRIVER_TYPE) otherwise. The name is
    /// permanent: references carry it.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        self.map(|object| object.with_name(name))
    }

    /// Replaces [`DEFAULT_KEY_PREFIX`]; claims outside the prefix are refused. Colons at its end do not
    /// count, and an empty prefix means none.
    pub fn with_key_prefix(self, prefix: impl Into<String>) -> Self {
        self.map(|object| object.with_key_prefix(prefix))
    }

    /// Allows claims that point at one more location, such as [`Readable::prefix`].
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

    /// Lets the server delete what is older than this; no limit by default. Choose more than the longest
    /// time that a payload must stay readable.
    pub fn with_ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// The time to live, for a backend of yours.
    #[must_use]
    pub fn ttl(&self) -> Option<Duration> {
        self.ttl
    }

    /// The engine checks all options but the one that only Redis has.
    pub(crate) fn validated(self) -> Result<ObjectOptions> {
        if self.ttl == Some(Duration::ZERO) {
            return Err(ErrorKind::Config.error("ttl must be greater than zero"));
        }
        Ok(self.object)
    }

    fn map(mut self, change: impl FnOnce(ObjectOptions) -> ObjectOptions) -> Self {
        self.object = change(self.object);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ttl_of_zero_is_refused() {
        let error = RedisOptions::new().with_ttl(Duration::ZERO).validated().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains("ttl"), "{error}");
        assert!(RedisOptions::new().with_ttl(Duration::from_millis(1)).validated().is_ok());
    }
}
