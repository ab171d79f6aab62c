//! Defines the driver: a newtype over the object engine.

use std::sync::Arc;

use aws_sdk_s3::Client;
use extstore::Result;
use extstore::object::{ObjectBacked, ObjectBackend, ObjectDriver};

use crate::S3Options;
use crate::backend::S3Backend;
use crate::layout::S3Layout;
use crate::store::Store;

/// Names the driver's type, the same in every SDK, and the default of its name.
pub const S3_DRIVER_TYPE: &str = "aws.s3driver";

/// Stores payloads in Amazon S3 or a compatible store. Clones share one client, one memory of stored
/// keys and one configuration.
#[derive(Clone, Debug)]
pub struct S3Driver(ObjectDriver);

impl S3Driver {
    /// Makes a driver that uses this client's credentials, region, endpoint, HTTP client and interceptors.
    ///
    /// The driver derives a client of its own: the vendor's retries and time-outs are off, because the driver
    /// retries itself, and so are the vendor's checksums, because the driver sends and checks SHA-256. No request
    /// is made.
    ///
    /// Drivers made of clones of one client share what they put into a common [cache](S3Options::with_cache). Which
    /// stores two other clients reach cannot be seen, so the cache never answers a driver of one with what a driver
    /// of the other has stored.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn new(client: Client, options: S3Options) -> Result<Self> {
        Self::of_store(Store::of_injected(client), options)
    }

    pub(crate) fn of_store(store: Arc<Store>, options: S3Options) -> Result<Self> {
        Self::with_backend(Arc::new(S3Backend::new(store, &options)), options)
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
        ObjectDriver::new(S3_DRIVER_TYPE, backend, Arc::new(S3Layout), options.object).map(Self)
    }
}

impl ObjectBacked for S3Driver {
    fn object(&self) -> &ObjectDriver {
        &self.0
    }
}
