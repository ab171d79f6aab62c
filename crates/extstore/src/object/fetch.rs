//! Reads one object and verifies it while it arrives.

use bytes::Bytes;

use super::Request;
use super::fetched::Fetched;
use super::hash::HashedBuffer;
use super::response::{self, Response, Stop};
use super::retry::Attempts;
use crate::{Digest, ErrorKind, Hasher, Payload, Result};

/// Bounds how often the engine reads an object whose content does not match.
const READS: u32 = 2;

/// Reads one object and proves that it is what the claim says.
///
/// Content that does not match is read once more before it is called damaged: a bit that flipped on the way and a
/// proxy's page are gone then.
pub(super) async fn fetch(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Fetched> {
    for _ in 0..READS {
        if let Some(fetched) = fetch_matching(attempts, digest, size_hint).await? {
            return Ok(fetched);
        }
    }
    let error = ErrorKind::Integrity.error("content does not match the claim");
    Err(attempts.describe(Request::Open, error, READS))
}

/// Reads one object; `None` where its content is not what the claim says.
async fn fetch_matching(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Option<Fetched>> {
    response::read(attempts, size_hint, |response| async move {
        let expires_in = response.expires_in();
        let (bytes, found) = read(attempts, response).await?;
        if found != digest {
            return Ok(None);
        }
        Ok(Some(Fetched { payload: Payload::decode(bytes)?, expires_in }))
    })
    .await
}

/// Reads the object without keeping it and returns its digest; `None` where its length is not `expected` any more.
pub(super) async fn digest(attempts: &Attempts<'_>, expected: u64) -> Result<Option<Digest>> {
    response::read(attempts, expected, |mut response| async move {
        let (mut hasher, mut len) = (Hasher::default(), 0_u64);
        while let Some(chunk) = response.next().await? {
            len += chunk.len() as u64;
            if len > expected {
                return Ok(None);
            }
            hasher = attempts.engine.hashing.update(hasher, chunk).await;
        }
        Ok((len == expected).then(|| hasher.finish()))
    })
    .await
}

/// Reads the content once into one buffer, which the payload then keeps; one chunk is not copied at all.
async fn read(attempts: &Attempts<'_>, mut response: Response<'_>) -> Result<(Bytes, Digest), Stop> {
    let hashing = &attempts.engine.hashing;
    let announced = response.announced();
    // Nothing is read that the message may not restore. Given back when the attempt ends, whatever comes of it.
    let mut admission = attempts.operation.admit_restore(announced.unwrap_or(0))?;
    let mut chunk = response.next().await?;
    if let Some(whole) = chunk.take_if(|chunk| announced == Some(chunk.len() as u64)) {
        while response.next().await?.is_some() {}
        // A slice of a client's larger buffer would keep that buffer in memory for as long as the cache keeps the payload.
        let cache = attempts.engine.options.cache.as_ref();
        let is_kept = cache.is_some_and(|cache| cache.fits_len(whole.len()));
        return Ok(hashing.whole(whole, is_kept && !response.is_exact()).await);
    }
    let mut content = HashedBuffer::with_capacity(usize::try_from(announced.unwrap_or(0)).unwrap_or(0));
    while let Some(bytes) = chunk {
        if announced.is_none() {
            admission.extend(bytes.len() as u64)?;
        }
        content.push(&bytes);
        // Given back before the next one is waited for, so that the client can fill the same buffer again.
        drop(bytes);
        content = hashing.advance(content).await;
        chunk = response.next().await?;
    }
    Ok(hashing.finish(content).await)
}
