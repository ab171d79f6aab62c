//! Makes every driver that holds an [`ObjectDriver`] a [`StorageDriver`].

use async_trait::async_trait;

use super::{ObjectDriver, check, retrieve, store};
use crate::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext};

/// Turns a driver that holds an [`ObjectDriver`] into a [`StorageDriver`]: drivers implement it to pass every call
/// on.
///
/// A driver that does more than the engine implements `StorageDriver` itself, and not this trait.
///
/// ```
/// use extstore::object::{ObjectBacked, ObjectDriver};
///
/// #[derive(Clone, Debug)]
/// pub struct MyDriver(ObjectDriver);
///
/// impl ObjectBacked for MyDriver {
///     fn object(&self) -> &ObjectDriver {
///         &self.0
///     }
/// }
/// ```
pub trait ObjectBacked: Send + Sync + 'static {
    /// Returns the driver that does the work.
    fn object(&self) -> &ObjectDriver;
}

impl ObjectBacked for ObjectDriver {
    fn object(&self) -> &ObjectDriver {
        self
    }
}

#[async_trait]
impl<T: ObjectBacked> StorageDriver for T {
    fn name(&self) -> &str {
        &self.object().engine().name
    }

    fn driver_type(&self) -> &str {
        self.object().engine().driver_type
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        store::run(self.object().engine(), context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        retrieve::run(self.object().engine(), context.operation(), claims).await
    }

    async fn retrieve_each(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Vec<Result<Payload>> {
        retrieve::each(self.object().engine(), context.operation(), claims).await
    }

    async fn check(&self, context: &StoreContext) -> Result<()> {
        check::run(self.object().engine(), context).await
    }
}
