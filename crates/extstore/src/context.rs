//! What a host tells a driver beside the payloads and claims.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::observer::Observers;
use crate::{ErrorKind, Limiter, Observer, Result, Target};

/// What belongs to one message's work on storage: its limiter, its deadline, its observer, its restore cap.
///
/// Cancellation is dropping the future, so it has no member here.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    limiter: Limiter,
    deadline: Option<Instant>,
    observers: Observers,
    restore: Option<Arc<Allowance>>,
}

/// Bytes that one message may still restore.
#[derive(Debug)]
struct Allowance {
    cap: u64,
    used: AtomicU64,
}

impl Operation {
    /// An operation with default budgets of its own, no deadline and no observer.
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

    /// Bounds the bytes that retrieves of this operation may return together.
    #[must_use]
    pub fn with_restore_cap(mut self, bytes: u64) -> Self {
        self.restore = Some(Arc::new(Allowance { cap: bytes, used: AtomicU64::new(0) }));
        self
    }

    /// The permits for requests.
    #[must_use]
    pub fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// The moment after which nothing may be waited for.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The time that is left, zero once the deadline has passed; `None` where there is no deadline.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Counts `bytes` that are about to be restored against the message's cap.
    ///
    /// # Errors
    ///
    /// `TooLarge` where the message would restore more than its cap. A driver calls it when it has
    /// learnt the length of an object and before it reads it.
    pub fn admit_restore(&self, bytes: u64) -> Result<()> {
        let Some(allowance) = &self.restore else { return Ok(()) };
        let used = allowance.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if used <= allowance.cap {
            return Ok(());
        }
        Err(ErrorKind::TooLarge.error(format!(
            "the message restores {used} bytes or more, above its cap of {} bytes; raise it with `with_restore_cap`",
            allowance.cap
        )))
    }

    pub(crate) fn observers(&self) -> &Observers {
        &self.observers
    }
}

/// What a selector knows about a payload beside its bytes.
#[derive(Clone, Debug, Default)]
pub struct SelectContext {
    namespace: Option<String>,
    target: Option<Target>,
}

/// What a driver knows when it stores.
#[derive(Clone, Debug, Default)]
pub struct StoreContext {
    select: SelectContext,
    operation: Operation,
}

/// What a driver knows when it retrieves: nothing but the operation, so that any worker can read.
#[derive(Clone, Debug, Default)]
pub struct RetrieveContext {
    operation: Operation,
}

impl SelectContext {
    /// A context without namespace and target.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the ambient namespace: that of the client or worker at work.
    #[must_use]
    pub fn with_namespace(mut self, namespace: Option<impl Into<String>>) -> Self {
        self.namespace = namespace.map(Into::into).filter(|namespace| !namespace.is_empty());
        self
    }

    /// Sets the target.
    #[must_use]
    pub fn with_target(mut self, target: Option<Target>) -> Self {
        self.target = target;
        self
    }

    /// The ambient namespace.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The execution that reads the payload again, where the host knows it.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// The target's namespace where there is one, else the ambient namespace.
    #[must_use]
    pub fn effective_namespace(&self) -> Option<&str> {
        match &self.target {
            Some(Target::Workflow(execution) | Target::Activity(execution)) => Some(&execution.namespace),
            Some(Target::Nexus(_)) | None => self.namespace(),
        }
    }
}

impl StoreContext {
    /// A context for one batch: where it belongs, and the operation that it is part of.
    #[must_use]
    pub fn new(select: SelectContext, operation: Operation) -> Self {
        Self { select, operation }
    }

    /// The ambient namespace.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.select.namespace()
    }

    /// The execution that reads the payloads again, where the host knows it.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.select.target()
    }

    /// The part that selectors see.
    #[must_use]
    pub fn select(&self) -> &SelectContext {
        &self.select
    }

    /// The operation that this batch is part of.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }
}

impl RetrieveContext {
    /// A context for one batch.
    #[must_use]
    pub fn new(operation: Operation) -> Self {
        Self { operation }
    }

    /// The operation that this batch is part of.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }
}
