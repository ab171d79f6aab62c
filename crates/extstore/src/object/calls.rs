//! Defines the arguments of each call of an [`ObjectBackend`](super::ObjectBackend), one type per call.

use super::{Attempt, Content, Location, ObjectStat, ObjectVersion};
use crate::{ErrorKind, Result, StoreContext, Target};

/// Asks for an object to be created unless one is there.
#[derive(Clone, Copy, Debug)]
pub struct Create<'a> {
    attempt: &'a Attempt,
    location: &'a Location,
    content: &'a Content,
    context: Option<&'a StoreContext>,
}

/// Asks for an object to be opened for reading.
#[derive(Clone, Copy, Debug)]
pub struct Open<'a> {
    attempt: &'a Attempt,
    location: &'a Location,
    limit: u64,
}

/// Asks what the store knows about an object.
#[derive(Clone, Copy, Debug)]
pub struct Stat<'a> {
    attempt: &'a Attempt,
    location: &'a Location,
}

/// Asks for an object to be renewed: its lifetime starts again, or wrong content becomes right.
#[derive(Clone, Copy, Debug)]
pub struct Renew<'a> {
    attempt: &'a Attempt,
    location: &'a Location,
    content: &'a Content,
    reason: RenewReason,
    seen: Option<&'a ObjectStat>,
    version: Option<&'a ObjectVersion>,
    context: Option<&'a StoreContext>,
}

/// Says why an object is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenewReason {
    /// The content was verified and only the lifetime must start again: a store that can restart the
    /// clock that its expiry rule reads need not send the content.
    Lifetime,
    /// The object as it stands does not serve: its content is wrong, it is archived, or nobody may look.
    /// Everything must be written.
    Content,
}

impl<'a> Create<'a> {
    /// Makes a create without a context.
    #[must_use]
    pub fn new(attempt: &'a Attempt, location: &'a Location, content: &'a Content) -> Self {
        Self { attempt, location, content, context: None }
    }

    /// Says for whom the object is stored.
    #[must_use]
    pub fn with_context(mut self, context: &'a StoreContext) -> Self {
        self.context = Some(context);
        self
    }

    /// Replaces the content, for a backend around a backend.
    #[must_use]
    pub fn with_content(mut self, content: &'a Content) -> Self {
        self.content = content;
        self
    }

    /// Returns the attempt that the call belongs to.
    #[must_use]
    pub fn attempt(&self) -> &'a Attempt {
        self.attempt
    }

    /// Returns the object's location.
    #[must_use]
    pub fn location(&self) -> &'a Location {
        self.location
    }

    /// Returns the bytes to store.
    #[must_use]
    pub fn content(&self) -> &'a Content {
        self.content
    }

    /// Returns the namespace that the payload belongs to, for tags and keys per tenant; `None` where the host does
    /// not know it.
    #[must_use]
    pub fn namespace(&self) -> Option<&'a str> {
        self.context.and_then(|context| context.select().effective_namespace())
    }

    /// Returns the execution that reads the payload again; `None` where the host does not know it.
    #[must_use]
    pub fn target(&self) -> Option<&'a Target> {
        self.context.and_then(StoreContext::target)
    }
}

impl<'a> Open<'a> {
    /// Makes a call that accepts at most `limit` bytes.
    #[must_use]
    pub fn new(attempt: &'a Attempt, location: &'a Location, limit: u64) -> Self {
        Self { attempt, location, limit }
    }

    /// Returns the attempt that the call belongs to.
    #[must_use]
    pub fn attempt(&self) -> &'a Attempt {
        self.attempt
    }

    /// Returns the object's location.
    #[must_use]
    pub fn location(&self) -> &'a Location {
        self.location
    }

    /// Returns the largest number of bytes that the caller takes: the driver's read cap.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Refuses an object that is longer than the limit. A backend that loads a whole value asks the store
    /// for its length first and calls this before it loads it; the engine checks all others.
    ///
    /// # Errors
    ///
    /// `TooLarge` that names the option.
    pub fn check_len(&self, len: u64) -> Result<()> {
        if len <= self.limit {
            return Ok(());
        }
        Err(ErrorKind::TooLarge.error(format!(
            "the object has {len} bytes or more, above the read cap of {} bytes; raise it with `with_read_cap`",
            self.limit
        )))
    }
}

impl<'a> Stat<'a> {
    /// Makes a call that asks about one object.
    #[must_use]
    pub fn new(attempt: &'a Attempt, location: &'a Location) -> Self {
        Self { attempt, location }
    }

    /// Returns the attempt that the call belongs to.
    #[must_use]
    pub fn attempt(&self) -> &'a Attempt {
        self.attempt
    }

    /// Returns the object's location.
    #[must_use]
    pub fn location(&self) -> &'a Location {
        self.location
    }
}

impl<'a> Renew<'a> {
    /// Makes a call that renews an object unconditionally, without an earlier answer about it.
    #[must_use]
    pub fn new(
        attempt: &'a Attempt,
        location: &'a Location,
        content: &'a Content,
        reason: RenewReason,
    ) -> Self {
        Self { attempt, location, content, reason, seen: None, version: None, context: None }
    }

    /// Says what the store answered when it was asked about the object.
    #[must_use]
    pub fn with_seen(mut self, seen: Option<&'a ObjectStat>) -> Self {
        self.seen = seen;
        self
    }

    /// Renews only while the object has this version.
    #[must_use]
    pub fn with_version(mut self, version: Option<&'a ObjectVersion>) -> Self {
        self.version = version;
        self
    }

    /// Says for whom the object is stored.
    #[must_use]
    pub fn with_context(mut self, context: &'a StoreContext) -> Self {
        self.context = Some(context);
        self
    }

    /// Replaces the content, for a backend around a backend.
    #[must_use]
    pub fn with_content(mut self, content: &'a Content) -> Self {
        self.content = content;
        self
    }

    /// Returns the attempt that the call belongs to.
    #[must_use]
    pub fn attempt(&self) -> &'a Attempt {
        self.attempt
    }

    /// Returns the object's location.
    #[must_use]
    pub fn location(&self) -> &'a Location {
        self.location
    }

    /// Returns the bytes that the object must hold afterwards.
    #[must_use]
    pub fn content(&self) -> &'a Content {
        self.content
    }

    /// Returns the reason of the renewal.
    #[must_use]
    pub fn reason(&self) -> RenewReason {
        self.reason
    }

    /// Returns the store's last answer about the object; `None` where the engine did not ask or may not ask.
    #[must_use]
    pub fn seen(&self) -> Option<&'a ObjectStat> {
        self.seen
    }

    /// Returns the version that the object must still have; `None` for an unconditional renewal.
    #[must_use]
    pub fn version(&self) -> Option<&'a ObjectVersion> {
        self.version
    }

    /// Returns the namespace that the payload belongs to, for tags and keys per tenant; `None` where the host does
    /// not know it.
    #[must_use]
    pub fn namespace(&self) -> Option<&'a str> {
        self.context.and_then(|context| context.select().effective_namespace())
    }

    /// Returns the execution that reads the payload again; `None` where the host does not know it.
    #[must_use]
    pub fn target(&self) -> Option<&'a Target> {
        self.context.and_then(StoreContext::target)
    }
}
