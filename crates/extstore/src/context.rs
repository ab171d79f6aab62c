//! Carries what a host tells a driver beside the payloads and claims.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::allowance::{Allowance, CallAllowance};
use crate::observer::Observers;
use crate::{Admission, Event, Limiter, Observer, Result, Target};

/// Carries the limiter, the deadline, the observer and the restore cap of one message's work on storage.
///
/// An operation is cancelled by dropping its future, so cancellation has no member here.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    limiter: Limiter,
    deadline: Option<Instant>,
    observers: Observers,
    restore: Option<Allowance>,
}

impl Operation {
    /// Makes an operation with default budgets of its own, no deadline and no observer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the limiter.
    #[must_use]
    pub fn with_limiter(mut self, limiter: Limiter) -> Self {
        self.limiter = limiter;
        self
    }

    /// Sets the moment after which the operation fails with `Timeout`.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Option<Instant>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the receiver of events.
    #[must_use]
    pub fn with_observer(mut self, observer: Option<Arc<dyn Observer>>) -> Self {
        self.observers = Observers::new(observer);
        self
    }

    /// Bounds the bytes that retrieves of this operation may read together. A driver counts a payload that it reads once
    /// and returns several times once; [`Message::restore`](crate::Message::restore) counts each copy.
    #[must_use]
    pub fn with_restore_cap(mut self, bytes: u64) -> Self {
        self.restore = Some(Allowance::new(bytes));
        self
    }

    /// Returns the limiter, which hands out permits for requests.
    #[must_use]
    pub fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Returns the moment after which nothing may be waited for.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns the time that is left, zero once the deadline has passed; `None` where there is no deadline.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Counts `bytes` that are about to be restored against the message's cap.
    ///
    /// A driver calls it when it has learnt the length of an object and before it reads it. What it admitted is given
    /// back unless it is [kept](Admission::keep), so an object or a batch that fails counts nothing, and a caller may
    /// read the same payload from another driver.
    ///
    /// ```
    /// # use extstore::{Operation, Payload, Result};
    /// # async fn read(len: u64) -> Result<Payload> { Ok(Payload::new([("encoding", "binary/plain")], "a")) }
    /// # async fn example(operation: &Operation, len: u64) -> Result<Payload> {
    /// let admission = operation.admit_restore(len)?;
    /// let payload = read(len).await?; // a failure gives the bytes back
    /// admission.keep(); // as the last step before `Ok`
    /// # Ok(payload)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `TooLarge` where the message would restore more than its cap; nothing is counted then.
    pub fn admit_restore(&self, bytes: u64) -> Result<Admission> {
        Admission::new(self.restore.as_ref(), bytes)
    }

    /// Gives back `bytes` of payloads that another driver returned under this operation and that the caller does not
    /// return: a driver over two others compared the first one's answer and reads the second one's instead.
    ///
    /// A driver that returned an error has given back what it had admitted.
    pub fn release_restore(&self, bytes: u64) {
        if let Some(allowance) = &self.restore {
            allowance.release(bytes);
        }
    }

    /// Makes the operation of one call of one driver: it tells whether the call used the limiter, and what it was admitted
    /// to restore.
    pub(crate) fn for_call(&self) -> Self {
        let restore = self.restore.as_ref().map(Allowance::for_call);
        Self { restore, ..self.clone() }.with_limiter(self.limiter.for_call())
    }

    /// Returns what this call restores.
    pub(crate) fn call_allowance(&self) -> CallAllowance {
        CallAllowance::new(self.restore.as_ref())
    }

    /// Hands an event to the operation's observer, for drivers that do not use the object engine.
    ///
    /// An observer that panics loses the event; the operation goes on.
    pub fn observe(&self, event: &Event<'_>) {
        self.observers.observe(event);
    }
}

/// Tells a selector where a payload belongs.
#[derive(Clone, Debug, Default)]
pub struct SelectContext {
    namespace: Option<String>,
    target: Option<Target>,
}

/// Tells a driver where the payloads that it stores belong, and which operation stores them.
#[derive(Clone, Debug, Default)]
pub struct StoreContext {
    select: SelectContext,
    operation: Operation,
}

/// Tells a driver which operation retrieves: nothing else, so that any worker can read.
#[derive(Clone, Debug, Default)]
pub struct RetrieveContext {
    operation: Operation,
}

impl SelectContext {
    /// Makes a context without namespace and target.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the ambient namespace: that of the client or worker at work.
    #[must_use]
    pub fn with_namespace(mut self, namespace: Option<&str>) -> Self {
        self.namespace = namespace.filter(|namespace| !namespace.is_empty()).map(str::to_owned);
        self
    }

    /// Sets the target.
    #[must_use]
    pub fn with_target(mut self, target: Option<Target>) -> Self {
        self.target = target;
        self
    }

    /// Returns the ambient namespace.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the execution that reads the payload again, where the host knows it.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Returns the target's namespace where there is one, else the ambient namespace.
    #[must_use]
    pub fn effective_namespace(&self) -> Option<&str> {
        let of_target = match &self.target {
            Some(Target::Workflow(execution) | Target::Activity(execution)) => execution.namespace.as_str(),
            Some(Target::Nexus(_)) | None => "",
        };
        if of_target.is_empty() { self.namespace() } else { Some(of_target) }
    }
}

impl StoreContext {
    /// Makes a context for one batch: where it belongs, and the operation that it is part of.
    #[must_use]
    pub fn new(select: SelectContext, operation: Operation) -> Self {
        Self { select, operation }
    }

    /// Returns the ambient namespace.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.select.namespace()
    }

    /// Returns the execution that reads the payloads again, where the host knows it.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.select.target()
    }

    /// Returns the part that selectors see.
    #[must_use]
    pub fn select(&self) -> &SelectContext {
        &self.select
    }

    /// Returns the operation that this batch is part of.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }
}

impl RetrieveContext {
    /// Makes a context for one batch.
    #[must_use]
    pub fn new(operation: Operation) -> Self {
        Self { operation }
    }

    /// Returns the operation that this batch is part of.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }
}
