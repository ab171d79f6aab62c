use std::sync::Arc;

use aws_sdk_s3::Client;
use extstore::object::{ObjectBackend, ObjectDriver};
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext, async_trait};

use crate::S3Options;
use crate::backend::S3Backend;
use crate::layout::S3Layout;

/// The driver's type, the same in every SDK, and the default of its name.
pub const S3_DRIVER_TYPE: &str = "aws.s3driver";

/// Stores payloads in Amazon S3 or a compatible store. Clones share one client, one memory of stored
/// keys and one configuration.
#[derive(Clone, Debug)]
pub struct S3Driver {
    object: ObjectDriver,
    backend: Option<Arc<S3Backend>>,
}

impl S3Driver {
    /// A driver that uses this client's credentials, region, endpoint, HTTP client and interceptors.
    ///
    /// The driver derives a client of its own: the vendor's retries and time-outs are off, because the driver
    /// retries itself, and so are the vendor's checksums, because the driver sends and checks SHA-256. No request
    /// is made.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn new(client: Client, options: S3Options) -> Result<Self> {
        let backend = Arc::new(S3Backend::new(&client, &options));
        let driver = Self::with_backend(Arc::clone(&backend) as Arc<dyn ObjectBackend>, options)?;
        Ok(Self { backend: Some(backend), ..driver })
    }

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
        let object = ObjectDriver::new(S3_DRIVER_TYPE, backend, Arc::new(S3Layout), options.object)?;
        Ok(Self { object, backend: None })
    }

    /// Writes, stats and reads a canary, so that a wrong bucket or a missing permission is found at start-up
    /// and not by the first large payload. The canary is one object under the configured prefix, the same each time.
    ///
    /// # Errors
    ///
    /// The error of the first step that failed; `PermissionDenied` names the permission.
    pub async fn check(&self) -> Result<()> {
        self.object.check().await?;
        match &self.backend {
            // The canary was new, so nothing has shown yet whether the store refuses to create an object twice.
            Some(backend) if backend.conditions().create_is_unknown() => self.object.check().await,
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl StorageDriver for S3Driver {
    fn name(&self) -> &str {
        self.object.name()
    }

    fn driver_type(&self) -> &str {
        self.object.driver_type()
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        self.object.store(context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        self.object.retrieve(context, claims).await
    }
}
