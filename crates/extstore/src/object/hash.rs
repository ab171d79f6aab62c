//! Hashing that does not hold up the async threads.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Semaphore;

use crate::{Body, Digest, Hasher};

/// Hashing this many bytes takes about 40 µs: below it, moving to another thread costs more.
const INLINE_UP_TO: usize = 64 * 1024;

/// Hashes large bodies on blocking threads, no more of them at once than the machine has cores.
#[derive(Clone, Debug)]
pub(super) struct HashPool(Arc<Semaphore>);

impl Default for HashPool {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores)))
    }
}

impl HashPool {
    /// The digest of a whole body.
    pub(super) async fn digest(&self, body: &Body) -> Digest {
        if body.len() <= INLINE_UP_TO {
            return Digest::of(body);
        }
        let body = body.clone();
        self.run(move || Digest::of(&body)).await
    }

    /// Adds one chunk to a running hash.
    pub(super) async fn update(&self, mut hasher: Hasher, chunk: Bytes) -> Hasher {
        if chunk.len() <= INLINE_UP_TO {
            hasher.update(&chunk);
            return hasher;
        }
        self.run(move || {
            hasher.update(&chunk);
            hasher
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        // The semaphore is never closed, and hashing does not panic.
        let permit = Arc::clone(&self.0).acquire_owned().await.expect("never closed");
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.expect("hashing does not panic and the runtime outlives its tasks")
    }
}
