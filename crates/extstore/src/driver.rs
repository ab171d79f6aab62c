//! Defines the contract between hosts and drivers.

use async_trait::async_trait;
use futures_util::stream::{StreamExt as _, iter};

use crate::{Claim, ENCODING, ErrorKind, Payload, Result, RetrieveContext, StoreContext};

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
/// The first four methods are required. The others have bodies that use only those four; a driver replaces one where
/// it can do better.
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
    /// Returns the name that references carry: permanent, non-empty, unique within a configuration.
    ///
    /// The references of a driver that was renamed are read only with
    /// [`with_driver_alias`](crate::ExternalStorageBuilder::with_driver_alias). The name is never part of a key.  (ES-001)
    fn name(&self) -> &str;

    /// Returns the implementation's id, which is the same for every instance and in every SDK: `aws.s3driver`.
    /// (ES-002)
    fn driver_type(&self) -> &str;

    /// Stores payloads and returns one claim for each, in the same order.
    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>>;

    /// Reads payloads back, one for each claim, in the same order.
    ///
    /// Every claim is checked before the first request, because anyone who can start a workflow can
    /// forge one. What is returned is what was stored, byte for byte.  (ES-016, ES-017, ES-018)
    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>>;

    /// Reads what can be read: one result for each claim, so that an item that fails does not take its siblings along.
    ///
    /// For callers that can do something about a missing item, such as a driver that reads from one store after another.
    /// The provided body calls [`retrieve`](Self::retrieve) once for each claim, a bounded number at a time. The object
    /// engine reads all claims as one batch, and each object once.
    ///
    /// # Shape
    ///
    /// One result per claim, same order; duplicates stay duplicates; an empty batch is empty without I/O. The index of
    /// an error is the claim's place in `claims`.  (ES-004, ES-005, ES-033)
    ///
    /// # Guarantees
    ///
    /// `Ok` is what was stored, byte for byte. Every claim is checked before the first request for *it*: a claim that is
    /// refused fails alone. The restore cap of the context holds for all items together, in no promised order.
    /// (ES-017, ES-033)
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests; results that were there already are lost.
    async fn retrieve_each(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Vec<Result<Payload>> {
        let limiter = context.operation().limiter();
        if claims.is_empty() {
            limiter.no_request();
        }
        let total = claims.len();
        let single = |(index, claim)| async move {
            let found = self.retrieve(context, vec![claim]).await.and_then(only);
            found.map_err(|error| {
                error.with_operation("retrieve").with_driver(self.name()).with_index(index, total)
            })
        };
        iter(claims.into_iter().enumerate()).map(single).buffered(limiter.width()).collect().await
    }

    /// Shows at start-up that the driver can store and retrieve, so that a wrong bucket or a missing permission is not
    /// found by the first large payload.
    ///
    /// The provided body stores one small payload, the same each time, reads it back and compares. It proves nothing
    /// about a driver that answers from memory, and it leaves an object behind with each call where the place of an
    /// object does not follow from its content: such a driver replaces it. The object engine writes, stats and reads its
    /// canary past all memories.
    ///
    /// # Shape
    ///
    /// The canary is stored as a payload of this context would be: its namespace and target choose container and key.
    ///
    /// # Errors
    ///
    /// The error of the first step that failed; `PermissionDenied` names the permission. `Integrity` where the canary
    /// comes back changed. A driver that renews objects renews the canary too.  (ES-034)
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests; the canary may stay and is harmless.
    async fn check(&self, context: &StoreContext) -> Result<()> {
        let claims = self.store(context, vec![canary()]).await?;
        let found = self.retrieve(&RetrieveContext::new(context.operation().clone()), claims).await?;
        if found == [canary()] {
            return Ok(());
        }
        let error = ErrorKind::Integrity.error("the canary was stored and something else was read back");
        Err(error.with_operation("check").with_driver(self.name()))
    }
}

/// Takes the single payload out of a batch of one.
fn only(mut payloads: Vec<Payload>) -> Result<Payload> {
    let got = payloads.len();
    match payloads.pop() {
        Some(payload) if got == 1 => Ok(payload),
        _ => Err(ErrorKind::Internal.error(format!("the driver returned {got} payloads, expected 1"))),
    }
}

/// Makes the payload that checks store.
pub(crate) fn canary() -> Payload {
    Payload::new([(ENCODING, "binary/plain")], "extstore check")
}

#[cfg(test)]
mod tests;
