//! Hashing that does not hold up the async threads.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::sync::Semaphore;

use crate::{Body, Digest, Hasher};

/// Hashing this many bytes takes about 40 µs: below it, moving to another thread costs more.
const INLINE_UP_TO: usize = 64 * 1024;

/// What arrives is hashed in pieces of this size: moving smaller ones to another thread costs more than it saves, and
/// larger ones would hold up the end of the object.
const PIECE: usize = 1 << 20;

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

    /// Hashes what has arrived, once it is a piece.
    pub(super) async fn advance(&self, content: HashedBuffer) -> HashedBuffer {
        if content.rest.len() < PIECE {
            return content;
        }
        self.run(move || content.hash_rest()).await
    }

    /// Hashes what is left and returns everything.
    pub(super) async fn finish(&self, content: HashedBuffer) -> (Bytes, Digest) {
        let content = if content.rest.len() <= INLINE_UP_TO {
            content.hash_rest()
        } else {
            self.run(move || content.hash_rest()).await
        };
        (content.hashed.freeze(), content.hasher.finish())
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

/// One buffer that is hashed from its beginning while it is filled at its end.
#[derive(Debug)]
pub(super) struct HashedBuffer {
    hasher: Hasher,
    hashed: BytesMut,
    rest: BytesMut,
}

impl HashedBuffer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let mut rest = BytesMut::with_capacity(bytes);
        // Two halves of one allocation, which are joined again without a copy.
        Self { hasher: Hasher::default(), hashed: rest.split(), rest }
    }

    pub(super) fn push(&mut self, chunk: &[u8]) {
        self.rest.extend_from_slice(chunk);
    }

    fn hash_rest(mut self) -> Self {
        let piece = self.rest.split();
        self.hasher.update(&piece);
        self.hashed.unsplit(piece);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_are_hashed_as_one_body_and_stay_in_one_allocation() {
        let chunk = vec![7_u8; 300_000];
        let mut content = HashedBuffer::with_capacity(9 * chunk.len());
        let start = content.rest.as_ptr();
        for _ in 0..9 {
            content.push(&chunk);
            content = HashPool::default().advance(content).await;
        }
        let (bytes, digest) = HashPool::default().finish(content).await;
        assert_eq!((bytes.len(), bytes.as_ptr()), (2_700_000, start));
        assert_eq!(digest, Digest::of(&Body::from(bytes)));
    }

    #[tokio::test]
    async fn a_buffer_that_was_announced_too_small_grows() {
        let mut content = HashedBuffer::with_capacity(10);
        for chunk in [vec![1_u8; PIECE], vec![2; PIECE], vec![3; 5]] {
            content.push(&chunk);
            content = HashPool::default().advance(content).await;
        }
        let (bytes, digest) = HashPool::default().finish(content).await;
        assert_eq!(bytes.len(), 2 * PIECE + 5);
        assert_eq!(digest, Digest::of(&Body::from(bytes)));
    }
}
