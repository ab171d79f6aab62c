use std::sync::Arc;

use extstore::object::{ObjectBackend, ObjectDriver};
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext, async_trait};

use crate::S3Options;
use crate::layout::S3Layout;

/// The driver's type, the same in every SDK, and the default of its name.
pub const S3_DRIVER_TYPE: &str = "aws.s3driver";

/// Stores payloads in Amazon S3 or a compatible store. Clones share one client, one memory of stored
/// keys and one configuration.
#[derive(Clone, Debug)]
pub struct S3Driver(ObjectDriver);

impl S3Driver {
    /// Mounts S3's layout, options and claims over another backend: for tests that need the exact keys and
    /// claims of S3 and no server.
    ///
    /// Whatever options say about requests has no effect.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn with_backend(backend: Arc<dyn ObjectBackend>, options: S3Options) -> Result<Self> {
        options.bucket()?;
        ObjectDriver::new(S3_DRIVER_TYPE, backend, Arc::new(S3Layout), options.object).map(Self)
    }

    /// Writes, stats and reads a canary, so that a wrong bucket or a missing permission is found at start-up
    /// and not by the first large payload. The canary is one object under the configured prefix, the same each time.
    ///
    /// # Errors
    ///
    /// The error of the first step that failed; `PermissionDenied` names the permission.
    pub async fn check(&self) -> Result<()> {
        self.0.check().await
    }
}

#[async_trait]
impl StorageDriver for S3Driver {
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
