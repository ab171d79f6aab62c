//! Hashes and copies large bodies on blocking threads, so that the async threads are not held up.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::sync::Semaphore;

use crate::{Body, Digest, Hasher, Payload};

/// Hashing this many bytes takes about 40 µs: moving fewer to another thread costs more.
const INLINE_UP_TO: usize = 64 * 1024;

/// Sets the size of the pieces in which arriving content is hashed: moving smaller ones to another thread costs more
/// than it saves, and larger ones would hold up the end of the object.
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
    /// Hashes a whole body.
    pub(super) async fn digest(&self, body: &Body) -> Digest {
        if body.len() <= INLINE_UP_TO {
            return Digest::of(body);
        }
        let body = body.clone();
        self.run(move || Digest::of(&body)).await
    }

    /// Hashes an object that arrived in one chunk, and copies it where the chunk is a part of a larger buffer that must
    /// not stay in memory.
    pub(super) async fn whole(&self, chunk: Bytes, copies: bool) -> (Bytes, Digest) {
        let chunk_len = chunk.len();
        let work = move || {
            let own = if copies { Bytes::copy_from_slice(&chunk) } else { chunk };
            let digest = Digest::of(&Body::from(own.clone()));
            (own, digest)
        };
        if chunk_len <= INLINE_UP_TO { work() } else { self.run(work).await }
    }

    /// Copies a payload into a buffer of its own.
    pub(super) async fn copy(&self, payload: &Payload) -> Payload {
        if payload.encoded_len() <= INLINE_UP_TO {
            return payload.copied();
        }
        let payload = payload.clone();
        self.run(move || payload.copied()).await
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
        content.into_parts()
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        // The semaphore is never closed, and neither hashing nor copying panics.
        let permit = Arc::clone(&self.0).acquire_owned().await.expect("never closed");
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.expect("the work does not panic and the runtime outlives its tasks")
    }
}

/// Hashes one buffer from its beginning while it is filled at its end.
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

    /// Returns the content, without spare memory: a buffer that grew has room for more than it holds.
    fn into_parts(self) -> (Bytes, Digest) {
        drop(self.rest);
        let mut content = Vec::from(self.hashed);
        content.shrink_to_fit();
        (Bytes::from(content), self.hasher.finish())
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
    async fn large_payloads_are_copied_on_blocking_threads() {
        use futures_util::FutureExt as _;
        let pool = HashPool::default();
        let every = u32::try_from(pool.0.available_permits()).unwrap();
        let busy = pool.0.acquire_many(every).await.unwrap();
        let [small, large] = [INLINE_UP_TO / 2, 2 * INLINE_UP_TO].map(|len| Bytes::from(vec![7; len]));
        let payload = |data: &Bytes| Payload::new([("encoding", "binary/plain")], data.clone());
        let copied = pool.copy(&payload(&small)).now_or_never().expect("it needs no thread");
        assert!(copied == payload(&small) && copied.data().as_ptr() != small.as_ptr());
        assert!(pool.copy(&payload(&large)).now_or_never().is_none());
        assert!(pool.whole(large.clone(), true).now_or_never().is_none());
        drop(busy);
        let copied = pool.copy(&payload(&large)).await;
        assert!(copied == payload(&large) && copied.body().segments().len() == 1);
        let digest = Digest::of(&Body::from(large.clone()));
        for copies in [false, true] {
            let (bytes, found) = pool.whole(large.clone(), copies).await;
            assert_eq!((found, bytes.as_ptr() != large.as_ptr()), (digest, copies));
        }
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
        assert_eq!(digest, Digest::of(&Body::from(bytes.clone())));
        let buffer = bytes.try_into_mut().expect("nobody else has it");
        assert_eq!(buffer.capacity(), buffer.len(), "it keeps no spare memory");
    }
}
