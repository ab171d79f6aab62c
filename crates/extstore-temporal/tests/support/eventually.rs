//! Waits for what a real server does in its own time.

use std::time::{Duration, Instant};

/// Sets the pause between two questions to a server.
const PAUSE: Duration = Duration::from_millis(100);
/// Bounds the wait: what has not happened by then does not happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer. Panics after a minute.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "did not happen within {PATIENCE:?}: {what}");
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place of these tests that asks again: the server tells nobody"
        )]
        tokio::time::sleep(PAUSE).await;
    }
}
