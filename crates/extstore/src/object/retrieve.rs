//! Retrieves a batch: checks every claim, then reads the objects side by side and verifies them while they arrive.

use std::collections::HashMap;

use bytes::Bytes;
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};

use super::engine::Engine;
use super::hash::HashedBuffer;
use super::response::{self, Response, Stop};
use super::retry::Attempts;
use super::{Location, Request};
use crate::{Admission, Claim, Digest, Error, ErrorKind, Event, Hasher, Operation, Payload, Result};

/// Groups the claims of a batch that point at the same object.
struct Wanted {
    location: Location,
    digest: Digest,
    size_hint: u64,
    indices: Vec<usize>,
}

/// Reads a batch of which every item must succeed. The first failure drops the others, which ends their requests.
pub(super) async fn run(engine: &Engine, operation: &Operation, claims: Vec<Claim>) -> Result<Vec<Payload>> {
    let total = claims.len();
    operation.limiter().no_request();
    let (batch, refused) = admit_batch(engine, claims);
    if let Some((_, error)) = refused.into_iter().next() {
        return Err(error);
    }
    let work = iter(batch).map(|wanted| async move {
        let found = retrieve(engine, operation, &wanted).await;
        found
            .map(|found| (wanted.indices.clone(), found))
            .map_err(|error| error.with_index(wanted.indices[0], total))
    });
    // Where one fails, all give back what the message restored for them: nothing is returned.
    let found: Vec<(Vec<usize>, (Payload, Admission))> =
        work.buffer_unordered(operation.limiter().width()).try_collect().await?;
    let kept = found.into_iter().flat_map(|(indices, (payload, admission))| {
        admission.keep();
        copies(indices, payload)
    });
    Ok(in_order(kept.collect()))
}

/// Reads a batch of which each item has a result of its own.
pub(super) async fn each(engine: &Engine, operation: &Operation, claims: Vec<Claim>) -> Vec<Result<Payload>> {
    let total = claims.len();
    operation.limiter().no_request();
    let (batch, refused) = admit_batch(engine, claims);
    let work = iter(batch).map(|wanted| async move {
        let found = retrieve(engine, operation, &wanted).await;
        let payload = found.map(|(payload, admission)| {
            admission.keep();
            payload
        });
        (wanted.indices, payload)
    });
    let read: Vec<(Vec<usize>, Result<Payload>)> =
        work.buffer_unordered(operation.limiter().width()).collect().await;
    let read = read.into_iter().flat_map(|(indices, payload)| copies(indices, payload));
    let placed = |(index, payload): (usize, Result<Payload>)| {
        (index, payload.map_err(|error| error.with_index(index, total)))
    };
    let refused = refused.into_iter().map(|(index, error)| (index, Err(error)));
    in_order(read.map(placed).chain(refused).collect())
}

/// One item for each place in the batch.
fn copies<T: Clone>(indices: Vec<usize>, item: T) -> impl Iterator<Item = (usize, T)> {
    indices.into_iter().map(move |index| (index, item.clone()))
}

fn in_order<T>(mut items: Vec<(usize, T)>) -> Vec<T> {
    items.sort_unstable_by_key(|(index, _)| *index);
    items.into_iter().map(|(_, item)| item).collect()
}

/// Checks every claim before the first request, and asks for each object once. Claims that are refused are returned
/// with their places, the lowest first.  (ES-017, ES-018)
fn admit_batch(engine: &Engine, claims: Vec<Claim>) -> (Vec<Wanted>, Vec<(usize, Error)>) {
    let total = claims.len();
    let mut order: Vec<Wanted> = Vec::with_capacity(total);
    let mut refused = Vec::new();
    let mut places: HashMap<(Location, Digest), usize> = HashMap::new();
    for (index, claim) in claims.iter().enumerate() {
        let (location, digest) = match admit_claim(engine, claim) {
            Ok(admitted) => admitted,
            Err(error) => {
                let error = error.with_operation("retrieve").with_driver(&engine.name);
                refused.push((index, error.with_index(index, total)));
                continue;
            }
        };
        let place = *places.entry((location.clone(), digest)).or_insert_with(|| {
            let size_hint = claim.size_hint().unwrap_or(0).min(engine.options.read_cap);
            order.push(Wanted { location, digest, size_hint, indices: Vec::new() });
            order.len() - 1
        });
        order[place].indices.push(index);
    }
    (order, refused)
}

fn admit_claim(engine: &Engine, claim: &Claim) -> Result<(Location, Digest)> {
    let (location, digest) = engine.policy.admit(claim, engine.layout.as_ref())?;
    engine.layout.admit(&location)?;
    Ok((location, digest))
}

/// Takes the payload from the cache, from a request that is under way already, or from the store.
async fn retrieve(engine: &Engine, operation: &Operation, wanted: &Wanted) -> Result<(Payload, Admission)> {
    let Some(cache) = &engine.options.cache else { return share(engine, operation, wanted).await };
    let key = engine.cache_key(&wanted.location, wanted.digest);
    if let Some(payload) = cache.find(&key) {
        operation.observe(&Event::cache_hit(engine.source()));
        let admission = operation.admit_restore(payload.encoded_len() as u64)?;
        return Ok((payload, admission));
    }
    let (payload, admission) = share(engine, operation, wanted).await?;
    cache.keep(key, payload.clone(), engine.options.refresh_after);
    Ok((payload, admission))
}

async fn share(engine: &Engine, operation: &Operation, wanted: &Wanted) -> Result<(Payload, Admission)> {
    let address = (wanted.location.clone(), wanted.digest);
    let attempts = Attempts::new(engine, operation, "retrieve", &wanted.location);
    let fetch = fetch(&attempts, wanted.digest, wanted.size_hint);
    let bytes = response::expected(wanted.size_hint);
    let payload = attempts.share(&engine.retrieves, &address, Request::Open, bytes, fetch).await;
    let lost = |error: &Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Integrity);
    if payload.as_ref().is_err_and(lost) {
        engine.known.forget(&wanted.location);
    }
    let payload = payload?;
    // What another message has read counts here all the same.
    let admission = operation
        .admit_restore(payload.encoded_len() as u64)
        .map_err(|error| engine.describe(error, "retrieve", &wanted.location))?;
    Ok((payload, admission))
}

/// Reads one object and proves that it is what the claim says.
pub(super) async fn fetch(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Payload> {
    response::read(attempts, size_hint, |response| async move {
        let (bytes, found) = read(attempts, response).await?;
        if found != digest {
            Err(ErrorKind::Integrity.error("content does not match the claim"))?;
        }
        Ok(Payload::decode(bytes)?)
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
