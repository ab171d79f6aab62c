use std::path::PathBuf;
use std::sync::Arc;

use extstore::Result;
use extstore::object::{ObjectBacked, ObjectDriver, ObjectOptions};

use crate::backend::SqliteBackend;
use crate::layout::SqliteLayout;

/// Names the driver's type. It is permanent: operators see it in metrics and heartbeats.
pub const DRIVER_TYPE: &str = "example.sqlite";

/// Configures the file's place and the engine.
#[derive(Clone, Debug)]
#[must_use]
pub struct SqliteOptions {
    pub(crate) path: PathBuf,
    pub(crate) object: ObjectOptions,
}

impl SqliteOptions {
    /// Makes options for the SQLite file at `path`, which is created on first use.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        // SQLite has no buckets: the container is empty.
        Self { path: path.into(), object: ObjectOptions::new("") }
    }

    // The options of the engine: name, key prefix, limits, retries and all others.
    extstore::object_setters!(object);
}

/// Stores payloads in one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteDriver(ObjectDriver);

impl SqliteDriver {
    /// Checks the options. It opens nothing.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn new(options: SqliteOptions) -> Result<Self> {
        let backend = Arc::new(SqliteBackend::new(options.path));
        ObjectDriver::new(DRIVER_TYPE, backend, Arc::new(SqliteLayout), options.object).map(Self)
    }
}

impl ObjectBacked for SqliteDriver {
    fn object(&self) -> &ObjectDriver {
        &self.0
    }
}
