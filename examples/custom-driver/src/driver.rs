use std::path::PathBuf;
use std::sync::Arc;

use extstore::object::{ObjectDriver, ObjectOptions};
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext, async_trait};

use crate::backend::SqliteBackend;
use crate::layout::SqliteLayout;

/// The driver's type. It is permanent: operators see it in metrics and heartbeats.
pub const DRIVER_TYPE: &str = "example.sqlite";

/// Where the file is, and everything that the engine can be told.
#[derive(Clone, Debug)]
#[must_use]
pub struct SqliteOptions {
    pub(crate) path: PathBuf,
    pub(crate) object: ObjectOptions,
}

impl SqliteOptions {
    /// Payloads in the SQLite file at `path`, which is created on first use.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        // SQLite has no buckets: the container is empty.
        Self { path: path.into(), object: ObjectOptions::new("") }
    }

    /// Changes what the engine is told: name, limits, retries, `refresh_after`.
    pub fn with_object(mut self, change: impl FnOnce(ObjectOptions) -> ObjectOptions) -> Self {
        self.object = change(self.object);
        self
    }
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

#[async_trait]
impl StorageDriver for SqliteDriver {
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
