//! Defines the driver: a newtype over the object engine.

use std::sync::Arc;

use extstore::Result;
use extstore::object::{ObjectBacked, ObjectBackend, ObjectDriver};

use crate::RedisOptions;
use crate::layout::RedisLayout;

/// Names the driver's type, as the official sample does; it is also the default name.
pub const REDIS_DRIVER_TYPE: &str = "redis";

/// Stores payloads as strings in Redis or Valkey.
///
/// Clones share one engine. See the crate's documentation for what this version can reach.
#[derive(Clone, Debug)]
pub struct RedisDriver(ObjectDriver);

impl RedisDriver {
    /// Makes a driver over a backend of yours, without a request.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn with_backend(backend: Arc<dyn ObjectBackend>, options: RedisOptions) -> Result<Self> {
        ObjectDriver::new(REDIS_DRIVER_TYPE, backend, Arc::new(RedisLayout), options.validated()?).map(Self)
    }
}

impl ObjectBacked for RedisDriver {
    fn object(&self) -> &ObjectDriver {
        &self.0
    }
}
