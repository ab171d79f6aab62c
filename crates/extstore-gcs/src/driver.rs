//! Defines the driver: a newtype over the object engine.

use std::sync::Arc;

use extstore::Result;
use extstore::object::{ObjectBacked, ObjectBackend, ObjectDriver};

use crate::GcsOptions;
use crate::layout::GcsLayout;

/// Names the driver's type, which every SDK gives its Google Cloud Storage driver; it is also the default name.
pub const GCS_DRIVER_TYPE: &str = "gcp.gcsdriver";

/// Stores payloads as objects of a Google Cloud Storage bucket.
///
/// Clones share one engine. See the crate's documentation for what this version can reach.
#[derive(Clone, Debug)]
pub struct GcsDriver(ObjectDriver);

impl GcsDriver {
    /// Makes a driver over a backend of yours, without a request.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn with_backend(backend: Arc<dyn ObjectBackend>, options: GcsOptions) -> Result<Self> {
        ObjectDriver::new(GCS_DRIVER_TYPE, backend, Arc::new(GcsLayout), options.object).map(Self)
    }
}

impl ObjectBacked for GcsDriver {
    fn object(&self) -> &ObjectDriver {
        &self.0
    }
}
