//! The contract between hosts and stores.

use async_trait::async_trait;

use crate::{Claim, Payload, Result, RetrieveContext, StoreContext};

/// Moves payloads between a Temporal host and one external store.
///
/// # Contract
///
/// Drivers implement it; [`ExternalStorage`](crate::ExternalStorage) calls it. The host never passes
/// a reference to be stored, and passes a claim only to the driver that the reference names. The
/// driver takes a permit of the context's limiter around each request that it makes, and says
/// [`no_request`](crate::Limiter::no_request) where it makes none. A payload is opaque: a driver
/// does not parse or log it. Drivers are always held as `Arc<dyn StorageDriver>` and compared by identity.
///
/// Most stores are bytes under a key: implement [`ObjectBackend`](crate::object::ObjectBackend)
/// instead, and [`ObjectDriver`](crate::object::ObjectDriver) is the driver.
///
/// # Shape
///
/// One result per input, same order; duplicates stay duplicates; an empty batch is `Ok` without I/O.  (ES-004, ES-005)
///
/// # Guarantees
///
/// `Ok` of `store` means that every payload is durable to the level that the driver documents, and
/// readable by any process that holds the claim and the configuration. Repeating a call is safe. If
/// one item is invalid, nothing was stored.  (ES-007, ES-013, ES-021, ES-024)
///
/// # Errors
///
/// See [`ErrorKind`](crate::ErrorKind). The error names operation, driver, location and the item's index.  (ES-019)
///
/// # Cancellation
///
/// Dropping the future stops all requests; objects already written stay and are harmless.  (ES-022)
///
/// # Concurrency
///
/// Shared freely between tasks; requests in flight are bounded by the limiter.  (ES-023)
///
/// # Conformance
///
/// The crate `extstore-conformance` proves each rule named here; see `docs/writing-a-driver.md`.
#[async_trait]
pub trait StorageDriver: Send + Sync + 'static {
    /// The name that references carry: permanent, non-empty, unique within a configuration.
    ///
    /// Renaming a driver makes its references unreadable. The name is never part of a key.  (ES-001)
    fn name(&self) -> &str;

    /// The implementation's id, the same for every instance and in every SDK: `aws.s3driver`.  (ES-002)
    fn driver_type(&self) -> &str;

    /// Stores payloads and returns one claim for each, in the same order.
    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>>;

    /// Reads payloads back, one for each claim, in the same order.
    ///
    /// Every claim is checked before the first request, because anyone who can start a workflow can
    /// forge one. What is returned is what was stored, byte for byte.  (ES-016, ES-017, ES-018)
    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>>;
}
