//! Says why the payloads of a part were not restored.

use std::future::Future;

use extstore::Error;
use tokio::time::{Instant, timeout_at};

use crate::failure::Undelivered;

/// Says why the payloads of a part were not restored.
#[derive(Debug)]
pub(super) enum Unrestored {
    /// Storage failed; the failure is reported.
    Failed(Error),
    /// The storage work was ended, and the task of the part goes back to Temporal.
    Ended(Undelivered),
}

/// Restores the payloads of a task until its worker stops or the time is over.
///
/// # Cancellation
///
/// Where it ends the storage work, it drops the future of it.
pub(super) async fn until_ended<T>(
    worker_stops: impl Future<Output = ()>,
    time: Option<Instant>,
    restoring: impl Future<Output = Result<T, Error>>,
) -> Result<T, Unrestored> {
    let ended = async {
        match time {
            Some(time) => {
                timeout_at(time, worker_stops).await.map_or(Undelivered::Slow, |()| Undelivered::Stopped)
            }
            None => {
                worker_stops.await;
                Undelivered::Stopped
            }
        }
    };
    tokio::select! {
        biased;
        why = ended => Err(Unrestored::Ended(why)),
        restored = restoring => restored.map_err(Unrestored::Failed),
    }
}
