//! Decides when a backend reads its credentials again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Error, Retry};

/// The shortest time between two refreshes: a key that was revoked for good costs one look-up a minute.
const INTERVAL: Duration = Duration::from_secs(60);

/// Decides when a backend reads its credentials again because the store rejected them: at most once a minute.
///
/// The vendors' clients keep credentials until they expire, and do not read them again when the store rejects
/// them: after a rotation each request would fail until then. A backend notes the
/// [`generation`](Self::generation) before a request, and passes an error that says that the store does not
/// accept *these credentials* (expired, revoked, unknown) to [`rejected`](Self::rejected). A missing
/// permission, a wrong signature and a wrong clock are no such errors: new credentials do not help.
///
/// # Concurrency
///
/// All requests of a backend share one value. Requests that were sent with the same credentials cause one refresh.
///
/// ```
/// use extstore::object::CredentialRefresh;
/// use extstore::{ErrorKind, Retry};
///
/// let credentials = CredentialRefresh::default();
/// let used = credentials.generation();
/// let error = ErrorKind::Unauthenticated.error("the store did not accept the credentials");
/// let error = credentials.rejected(error, used, || { /* empty the client's cache of credentials */ });
/// assert_eq!(error.retry(), Retry::Later);
/// ```
#[derive(Debug, Default)]
pub struct CredentialRefresh(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    generation: u64,
    refreshed: Option<Instant>,
}

impl CredentialRefresh {
    /// The number of refreshes so far. A backend notes it before it sends a request.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.state().generation
    }

    /// Calls `refresh` unless it was called within the last minute, or since the request noted `used`.
    ///
    /// Returns the error with [`Retry::Later`] where the next attempt is made with other credentials, and
    /// unchanged where it is not. `refresh` must not wait: it empties a cache or replaces a client.
    #[must_use]
    pub fn rejected(&self, error: Error, used: u64, refresh: impl FnOnce()) -> Error {
        let mut state = self.state();
        if state.generation == used {
            let now = Instant::now();
            if state.refreshed.is_some_and(|at| now.duration_since(at) < INTERVAL) {
                return error;
            }
            refresh();
            *state = State { generation: used + 1, refreshed: Some(now) };
            tracing::info!("the store rejected the credentials; they are read again");
        }
        error.with_retry(Retry::Later)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::ErrorKind;

    fn rejected(credentials: &CredentialRefresh, used: u64, refreshes: &Cell<u32>) -> Retry {
        let error = ErrorKind::Unauthenticated.error("rejected");
        credentials.rejected(error, used, || refreshes.set(refreshes.get() + 1)).retry()
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_are_read_again_at_most_once_a_minute() {
        let (credentials, refreshes) = (CredentialRefresh::default(), Cell::new(0));
        let reject = |used| rejected(&credentials, used, &refreshes);
        assert_eq!(reject(0), Retry::Later);
        assert_eq!(reject(1), Retry::Never, "the new credentials were rejected too");
        tokio::time::advance(INTERVAL - Duration::from_millis(1)).await;
        assert_eq!(reject(1), Retry::Never);
        assert_eq!(refreshes.get(), 1);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(reject(1), Retry::Later);
        assert_eq!((refreshes.get(), credentials.generation()), (2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_failed_with_the_same_credentials_cause_one_refresh() {
        let (credentials, refreshes) = (CredentialRefresh::default(), Cell::new(0));
        for _ in 0..3 {
            assert_eq!(rejected(&credentials, 0, &refreshes), Retry::Later);
        }
        assert_eq!(refreshes.get(), 1);
    }
}
