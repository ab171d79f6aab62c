use std::sync::Arc;

use extstore::object::{ObjectBackend, ObjectDriver};
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext, async_trait};

use crate::GcsOptions;
use crate::layout::GcsLayout;

/// The driver type that every SDK gives its Google Cloud Storage driver, and the default name.
pub const GCS_DRIVER_TYPE: &str = "gcp.gcsdriver";

/// Stores payloads as objects of a Google Cloud Storage bucket.
///
/// Clones share one engine. See the crate's documentation for what this version can reach.
#[derive(Clone, Debug)]
pub struct GcsDriver(ObjectDriver);

impl GcsDriver {
    /// A driver over a backend of yours. It makes no request.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn with_backend(backend: Arc<dyn ObjectBackend>, options: GcsOptions) -> Result<Self> {
        ObjectDriver::new(GCS_DRIVER_TYPE, backend, Arc::new(GcsLayout), options.object).map(Self)
    }

    /// Writes, stats and reads a canary, so that a wrong bucket or a missing permission is found at start-up.
    ///
    /// # Errors
    ///
    /// The error of the first step that failed; see [`ObjectDriver::check`].
    pub async fn check(&self) -> Result<()> {
        self.0.check().await
    }
}

#[async_trait]
impl StorageDriver for GcsDriver {
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
