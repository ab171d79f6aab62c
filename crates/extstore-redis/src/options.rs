//! Collects the driver's options: the engine's and Redis's own.

use std::time::Duration;

use extstore::object::ObjectOptions;
use extstore::{ErrorKind, Result};

/// Begins all keys unless configured otherwise.
pub const DEFAULT_KEY_PREFIX: &str = "temporalio:payloads";

/// Configures a [`RedisDriver`](crate::RedisDriver). Options are checked when the driver is made.
///
/// [`with_key_prefix`](Self::with_key_prefix) replaces [`DEFAULT_KEY_PREFIX`]; Redis has no containers, so claims are
/// allowed with [`Readable::prefix`](extstore::object::Readable::prefix).
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
    /// Makes the defaults: keys under [`DEFAULT_KEY_PREFIX`], no time to live.
    pub fn new() -> Self {
        Self { object: ObjectOptions::new("").with_key_prefix(DEFAULT_KEY_PREFIX), ttl: None }
    }

    extstore::object_setters!(object);

    /// Lets the server delete what is older than this; no limit by default. Choose more than the longest
    /// time that a payload must stay readable.
    pub fn with_ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Returns the time to live, for a backend of yours.
    #[must_use]
    pub fn ttl(&self) -> Option<Duration> {
        self.ttl
    }

    /// Checks the one option that only Redis has; the engine checks all others.
    pub(crate) fn validated(self) -> Result<ObjectOptions> {
        if self.ttl == Some(Duration::ZERO) {
            return Err(ErrorKind::Config.error("ttl must be greater than zero"));
        }
        Ok(self.object)
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
