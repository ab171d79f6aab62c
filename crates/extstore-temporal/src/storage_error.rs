//! Defines the error that a codec reports when storage fails.

use std::fmt;

use extstore_gateway::STORAGE_FAILURE;
use temporalio_common::data_converters::PayloadConversionError;

/// Wraps a failure of External Storage inside a codec.
///
/// The SDK writes the `Display` text of a codec's error into failures that go to Temporal, so that text is the
/// [public part](extstore::Error::public) of the error. Everything else is in [`StorageError::error`] and was logged.
#[derive(Clone)]
pub struct StorageError(extstore::Error);

impl StorageError {
    /// Returns the whole error, with location, driver and number of attempts. It must not be sent to Temporal.
    #[must_use]
    pub fn error(&self) -> &extstore::Error {
        &self.0
    }
}

/// Logs the whole error and wraps its public part for the SDK.
pub(crate) fn report(error: extstore::Error) -> PayloadConversionError {
    tracing::error!(%error, "external storage failed in the payload codec");
    PayloadConversionError::EncodingError(Box::new(StorageError(error)))
}

/// `TMPRL…` texts are constant and meant to be read by people.
impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.code() {
            Some(_) => f.write_str(self.0.message()),
            None => write!(f, "{STORAGE_FAILURE}{}", self.0.public()),
        }
    }
}

/// Prints as much as `Display`: what prints an error chain in full must not reach Temporal either.
impl fmt::Debug for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StorageError({self})")
    }
}

impl std::error::Error for StorageError {}
