use std::sync::Arc;

use extstore::object::{ObjectBackend, ObjectDriver};
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext, async_trait};

use crate::RedisOptions;
use crate::layout::RedisLayout;

/// The driver type that the official sample has, and the default name.
pub const REDIS_DRIVER_TYPE: &str = "redis";

/// Stores payloads as strings in Redis or Valkey.
///
/// Clones share one engine. See the crate's documentation for what this version can reach.
#[derive(Clone, Debug)]
pub struct RedisDriver(ObjectDriver);

impl RedisDriver {
    /// A driver over a backend of yours. It makes no request.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn with_backend(backend: Arc<dyn ObjectBackend>, options: RedisOptions) -> Result<Self> {
        ObjectDriver::new(REDIS_DRIVER_TYPE, backend, Arc::new(RedisLayout), options.validated()?).map(Self)
    }

    /// Writes, stats and reads a canary, so that a wrong address or a missing permission is found at start-up.
    ///
    /// # Errors
    ///
    /// The error of the first step that failed; see [`ObjectDriver::check`].
    pub async fn check(&self) -> Result<()> {
        self.0.check().await
    }
}

#[async_trait]
impl StorageDriver for RedisDriver {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn driver_type(&self) -> &str {
        self.0.driver_type()
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        self.0.store(context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        self.0.retrieve(context, claims).await
    }
}
