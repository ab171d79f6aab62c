//! Defines the calls of a host: a message offloads and restores its payloads.

use std::time::Duration;

use tokio::time::Instant;

use super::ExternalStorage;
use super::elapsed::Elapsed;
use crate::{Limiter, Operation, Payload, ReferenceContext, Result, SelectContext, Target};

/// Offloads and restores the payloads of one message: of an activation, an activity task, a client request or a Nexus
/// operation.
///
/// It carries the message's own budget, its deadline, its restore cap, and the time it spent on storage.
#[derive(Clone, Debug)]
pub struct Message {
    pub(super) storage: ExternalStorage,
    namespace: String,
    operation: Operation,
    pub(super) elapsed: Elapsed,
    /// The bytes that the message may restore.
    restore_cap: u64,
}

impl Message {
    pub(super) fn new(storage: ExternalStorage, namespace: &str) -> Self {
        let shared = &storage.0;
        let operation = Operation::new()
            .with_limiter(shared.pool.limiter())
            .with_deadline(shared.deadline.and_then(|after| Instant::now().checked_add(after)))
            .with_observer(shared.observer.clone())
            .with_restore_cap(shared.restore_cap);
        let restore_cap = shared.restore_cap;
        Self { namespace: namespace.to_owned(), operation, elapsed: Elapsed::default(), restore_cap, storage }
    }

    /// Replaces the configured deadline by a nearer or later one.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Option<Instant>) -> Self {
        self.operation = self.operation.with_deadline(deadline);
        self
    }

    /// Lowers the bytes that this message may restore: to the room that the host has for them. A cap above the
    /// configured one changes nothing. Call it before the message restores anything.
    #[must_use]
    pub fn with_restore_cap(mut self, bytes: u64) -> Self {
        self.restore_cap = self.restore_cap.min(bytes);
        self.operation = self.operation.with_restore_cap(self.restore_cap);
        self
    }

    /// Returns the bytes that this message may restore.
    #[must_use]
    pub fn restore_cap(&self) -> u64 {
        self.restore_cap
    }

    /// Returns the time at which the message's work ends, if it has one.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.operation.deadline()
    }

    /// Replaces payloads at or above the threshold by references.
    ///
    /// # Shape
    ///
    /// One payload per input, same order. Payloads below the threshold, those the selector leaves
    /// inline, and references are returned as they are.
    ///
    /// # Guarantees
    ///
    /// `Ok` means that everything behind the references is durable. The selector's choices are checked for the
    /// whole message before a request is made; sizes are checked by each driver for its own payloads. Groups of
    /// one driver and one target run concurrently; what one group stored before another failed is harmless.
    ///
    /// # Errors
    ///
    /// The error's index is the payload's place in `payloads`. See [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests. Objects already written stay and are harmless.
    pub async fn offload(&self, payloads: Vec<(Option<Target>, Payload)>) -> Result<Vec<Payload>> {
        super::offload::run(self, payloads, self.storage.payload_size_threshold()).await
    }

    /// Replaces payloads of any size by references, also those below the threshold: for a host that must make a message
    /// smaller. All else is as in [`offload`](Self::offload); what the selector leaves inline stays.
    ///
    /// # Errors
    ///
    /// As of [`offload`](Self::offload).
    ///
    /// # Cancellation
    ///
    /// As of [`offload`](Self::offload).
    pub async fn offload_any_size(&self, payloads: Vec<(Option<Target>, Payload)>) -> Result<Vec<Payload>> {
        super::offload::run(self, payloads, 0).await
    }

    /// Replaces references by the payloads they stand for, untouched.
    ///
    /// # Shape
    ///
    /// One payload per input, same order; what is no reference is returned as it is. One level only:
    /// a stored payload that is itself a reference is returned as it stands.
    ///
    /// All restores of one message together return no more bytes than the restore cap says. Each copy of a payload counts:
    /// it was read once, and the message that is encoded next holds it as often as it has references. A restore that fails
    /// counts nothing.
    ///
    /// # Errors
    ///
    /// The error's index is the payload's place in `payloads`. All references are read, and all
    /// drivers looked up, before a request is made.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests.
    pub async fn restore(&self, payloads: Vec<Payload>) -> Result<Vec<Payload>> {
        super::restore::run(self, payloads).await
    }

    /// Replaces references by the payloads they stand for, and lets each that fails fail alone: for lists, whose rows
    /// have nothing to do with one another.
    ///
    /// # Shape
    ///
    /// One result per input, same order; what is no reference is returned as it is. The index of an error is the
    /// payload's place in `payloads`. Where the restore cap does not hold all payloads, those that do not fit fail with
    /// `TooLarge`; earlier ones are asked for first, and no order is promised beyond that.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests.
    pub async fn restore_each(&self, payloads: Vec<Payload>) -> Vec<Result<Payload>> {
        super::restore::each(self, payloads).await
    }

    /// Returns the time that this message has spent on storage; overlapping requests count once.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed.total()
    }

    /// Returns the ambient namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(super) fn select(&self, target: Option<Target>) -> SelectContext {
        SelectContext::new().with_namespace(Some(self.namespace.as_str())).with_target(target)
    }

    /// Describes the references of one target to the user's codec.
    pub(super) fn reference_context(&self, target: Option<&Target>) -> ReferenceContext {
        ReferenceContext::new(self.operation.clone())
            .with_namespace(Some(&self.namespace))
            .with_target(target.cloned())
    }

    /// Makes the operation for one call of one driver, with a participation flag of its own.
    pub(super) fn call(&self) -> (Operation, Limiter) {
        let operation = self.operation.for_call();
        let limiter = operation.limiter().clone();
        (operation, limiter)
    }

    pub(super) fn operation(&self) -> &Operation {
        &self.operation
    }
}
