//! Reports what went wrong, where, and what to do about it.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

mod kind;
mod render;
mod vendor;

pub use kind::{ErrorKind, Retry};
pub use vendor::Vendor;

/// Says what failed, where, and what the reader can do. It is the only error of this project.
///
/// An error is one pointer wide and cheap to clone, because duplicates in a batch and callers that
/// shared one request all receive the same failure.
///
/// # Shape
///
/// `Display` is one line of facts. It never holds the text of the source, a payload byte, a secret
/// or the digest that was found. `Debug` is many lines and ends with the chain of sources.
/// [`Error::source`](StdError::source) reaches the vendor's own error. [`Error::public`] is the part that may leave the process.
///
/// # Conformance
///
/// ES-019, ES-020.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    code: Option<&'static str>,
    retry: Option<Retry>,
    operation: Option<&'static str>,
    driver: Option<String>,
    location: Option<String>,
    index: Option<usize>,
    total: Option<usize>,
    attempts: u32,
    vendor: Vendor,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    failures: Vec<Error>,
    over_cap: Option<u64>,
}

/// Names the result that every fallible function of this project returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl ErrorKind {
    /// Makes an error of this kind. `message` says in one clause what is wrong and, where it can, what to change.
    ///
    /// The message must not hold payload bytes, secrets or text that came from the vendor.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> Error {
        Error(Arc::new(Inner {
            kind: self,
            message: message.into(),
            code: None,
            retry: None,
            operation: None,
            driver: None,
            location: None,
            index: None,
            total: None,
            attempts: 0,
            vendor: Vendor::default(),
            source: None,
            failures: Vec::new(),
            over_cap: None,
        }))
    }
}

impl Error {
    /// Makes one error of several: of the drivers that failed a check, of the copies that could not be read.
    ///
    /// Kind and retry class are those of the first failure that a retry cannot mend, else those of `first`, so that
    /// nobody waits for what somebody must change. `message` says in one clause what the failures have in common.
    #[must_use]
    pub fn several(message: impl Into<String>, first: Self, others: impl IntoIterator<Item = Self>) -> Self {
        let mut failures = vec![first];
        failures.extend(others);
        let lasting = failures.iter().find(|failure| failure.retry() == Retry::Never);
        let leading = lasting.unwrap_or(&failures[0]);
        let (error, over_cap) =
            (leading.kind().error(message).with_retry(leading.retry()), leading.over_restore_cap());
        error.edit(|inner| (inner.failures, inner.over_cap) = (failures, over_cap))
    }

    /// Returns the failures that this error stands for; empty unless [`several`](Self::several) made it.
    #[must_use]
    pub fn failures(&self) -> &[Self] {
        &self.0.failures
    }

    /// Classifies what the operator has to do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the clause that says what is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the code of an error that Temporal's documentation knows, such as `TMPRL1105`.
    ///
    /// Only this crate sets it, together with a message that holds no identity: that message may leave the process
    /// beside [`public`](Self::public).
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        self.0.code
    }

    /// Says whether *this process* may try again. What Temporal is told is decided by its host.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.0.retry.unwrap_or_else(|| self.0.kind.default_retry())
    }

    /// Returns the bytes that the message would have restored, or more, where its restore cap is the reason of the
    /// failure and not the payload itself.
    #[must_use]
    pub fn over_restore_cap(&self) -> Option<u64> {
        self.0.over_cap
    }

    /// Names the operation that failed: `store`, `retrieve`, `check`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Names the driver that failed.
    #[must_use]
    pub fn driver(&self) -> Option<&str> {
        self.0.driver.as_deref()
    }

    /// Says where the driver was working, safe to print: `bucket=payments key=v0/…`.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.0.location.as_deref()
    }

    /// Returns the place of the failed item in its batch, counted from 0. `Display` counts from 1.
    ///
    /// The lowest index is promised for validation errors; for I/O it is the item that failed.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        self.0.index
    }

    /// Counts the attempts that were made before giving up; 0 where no request was made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns what the store itself answered: status, code, request id.
    #[must_use]
    pub fn vendor(&self) -> &Vendor {
        &self.0.vendor
    }

    /// Prints what may leave the process: kind, what to do, and the store's request id.
    ///
    /// It holds no identity, location or text of the vendor, so it is fit for a failure that other
    /// people read in the Web UI.
    #[must_use]
    pub fn public(&self) -> String {
        match render::request_id(&self.0.vendor) {
            Some(id) => format!("{}: {} (request id {id})", self.0.kind, self.0.kind.advice()),
            None => format!("{}: {}", self.0.kind, self.0.kind.advice()),
        }
    }

    /// Replaces the clause that says what is wrong; the code that belonged to the old one goes with it.
    #[must_use]
    pub fn with_message(self, message: impl Into<String>) -> Self {
        let message = message.into();
        self.edit(|inner| (inner.code, inner.message) = (None, message))
    }

    /// Marks an error of this crate whose message is for other people's eyes.
    pub(crate) fn with_code(self, code: &'static str) -> Self {
        self.edit(|inner| inner.code = Some(code))
    }

    /// Says that the message's restore cap is the reason, which would have restored this many bytes.
    pub(crate) fn with_over_restore_cap(self, bytes: u64) -> Self {
        self.edit(|inner| inner.over_cap = Some(bytes))
    }

    /// Overrides the retry class that the kind implies.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        self.edit(|inner| inner.retry = Some(retry))
    }

    /// Names the operation unless an inner layer has named it already.
    #[must_use]
    pub fn with_operation(self, operation: &'static str) -> Self {
        self.edit(|inner| inner.operation = inner.operation.or(Some(operation)))
    }

    /// Names the driver unless an inner layer has named it already.
    #[must_use]
    pub fn with_driver(self, name: &str) -> Self {
        self.edit(|inner| {
            inner.driver.get_or_insert_with(|| name.to_owned());
        })
    }

    /// Says where the driver was working, in the store's own words: `bucket=payments key=v0/…`.
    #[must_use]
    pub fn with_location(self, location: impl Into<String>) -> Self {
        let location = location.into();
        self.edit(|inner| inner.location = Some(location))
    }

    /// Says which item of a batch of `total` failed, counted from 0.
    #[must_use]
    pub fn with_index(self, index: usize, total: usize) -> Self {
        self.edit(|inner| (inner.index, inner.total) = (Some(index), Some(total)))
    }

    /// Says how many attempts were made.
    #[must_use]
    pub fn with_attempts(self, attempts: u32) -> Self {
        self.edit(|inner| inner.attempts = attempts)
    }

    /// Records what the store answered.
    #[must_use]
    pub fn with_vendor(self, vendor: Vendor) -> Self {
        self.edit(|inner| inner.vendor = vendor)
    }

    /// Adds one printable fact about the client, such as its region.
    #[must_use]
    pub fn with_detail(self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.edit(|inner| inner.vendor.details.push((name, value)))
    }

    /// Keeps the cause, for `source()` and `Debug`. `Display` never prints it.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = Arc::from(source.into());
        self.edit(|inner| inner.source = Some(source))
    }

    fn edit(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        render::line(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        render::report(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// Returns the time that the store asked us to wait, where it said so.
pub(crate) fn suggested_delay(error: &Error) -> Option<Duration> {
    match error.retry() {
        Retry::After(delay) => Some(delay),
        Retry::Never | Retry::Later => None,
    }
}

#[cfg(test)]
mod tests;
