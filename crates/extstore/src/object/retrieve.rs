//! Retrieves a batch: checks every claim, then reads the objects side by side and verifies them while they arrive.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};

use super::engine::Engine;
use super::hash::HashedBuffer;
use super::retry::Attempts;
use super::{Attempt, Location, Open, OpenObject, Request};
use crate::{Claim, Digest, Error, ErrorKind, Event, Hasher, Operation, Payload, Result};

/// Claims of a batch that point at the same object.
struct Wanted {
    location: Location,
    digest: Digest,
    size_hint: u64,
    indices: Vec<usize>,
}

pub(super) async fn run(engine: &Engine, operation: &Operation, claims: Vec<Claim>) -> Result<Vec<Payload>> {
    let total = claims.len();
    operation.limiter().no_request();
    let wanted = validate(engine, claims)?;
    let work = iter(wanted).map(|wanted| async move {
        let payload = retrieve(engine, operation, &wanted).await;
        payload
            .map(|payload| (wanted.indices.clone(), payload))
            .map_err(|error| error.with_index(wanted.indices[0], total))
    });
    let found: Vec<(Vec<usize>, Payload)> =
        work.buffer_unordered(operation.limiter().width()).try_collect().await?;
    let mut payloads: Vec<(usize, Payload)> = found
        .into_iter()
        .flat_map(|(indices, payload)| indices.into_iter().map(move |index| (index, payload.clone())))
        .collect();
    payloads.sort_unstable_by_key(|(index, _)| *index);
    Ok(payloads.into_iter().map(|(_, payload)| payload).collect())
}

/// Checks every claim before the first request, and asks for each object once.  (ES-017, ES-018)
fn validate(engine: &Engine, claims: Vec<Claim>) -> Result<Vec<Wanted>> {
    let total = claims.len();
    let mut order: Vec<Wanted> = Vec::with_capacity(total);
    let mut places: HashMap<(Location, Digest), usize> = HashMap::new();
    for (index, claim) in claims.iter().enumerate() {
        let (location, digest) = admit_claim(engine, claim).map_err(|error| {
            error.with_operation("retrieve").with_driver(&engine.name).with_index(index, total)
        })?;
        let place = *places.entry((location.clone(), digest)).or_insert_with(|| {
            let size_hint = claim.size_hint().unwrap_or(0).min(engine.options.read_cap);
            order.push(Wanted { location, digest, size_hint, indices: Vec::new() });
            order.len() - 1
        });
        order[place].indices.push(index);
    }
    Ok(order)
}

fn admit_claim(engine: &Engine, claim: &Claim) -> Result<(Location, Digest)> {
    let (location, digest) = engine.policy.admit(claim, engine.layout.as_ref())?;
    engine.layout.admit(&location)?;
    Ok((location, digest))
}

/// From the cache, from a request that is under way already, or from the store.
async fn retrieve(engine: &Engine, operation: &Operation, wanted: &Wanted) -> Result<Payload> {
    let Some(cache) = &engine.options.cache else { return share(engine, operation, wanted).await };
    let key = engine.cache_key(&wanted.location, wanted.digest);
    if let Some(payload) = cache.find(&key) {
        operation.observers().observe(&Event::CacheHit { driver_type: engine.driver_type });
        operation.admit_restore(payload.encoded_len() as u64)?;
        return Ok(payload);
    }
    let payload = share(engine, operation, wanted).await?;
    cache.keep(key, payload.clone(), engine.options.refresh_after);
    Ok(payload)
}

async fn share(engine: &Engine, operation: &Operation, wanted: &Wanted) -> Result<Payload> {
    let address = (wanted.location.clone(), wanted.digest);
    let attempts = Attempts::new(engine, operation, "retrieve", &wanted.location);
    // Attempts after the first read the same bytes again: they count against the message once.
    let admitted = AtomicBool::new(false);
    let fetch = fetch(engine, &attempts, wanted.digest, wanted.size_hint, &admitted);
    let payload = engine.retrieves.run(&address, attempts.patience(), fetch).await;
    let lost = |error: &Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Integrity);
    if payload.as_ref().is_err_and(lost) {
        engine.known.forget(&wanted.location);
    }
    let payload = payload?;
    // What another message has read counts here all the same.
    admit(&attempts, &admitted, payload.encoded_len() as u64)
        .map_err(|error| engine.describe(error, "retrieve", &wanted.location))?;
    Ok(payload)
}

/// Reads one object and proves that it is what the claim says.
pub(super) async fn fetch(
    engine: &Engine,
    attempts: &Attempts<'_>,
    digest: Digest,
    size_hint: u64,
    admitted: &AtomicBool,
) -> Result<Payload> {
    let call = |attempt: Attempt| async move {
        let object = open(engine, attempts, &attempt).await?;
        if let Some(len) = object.len {
            admit(attempts, admitted, len)?;
        }
        let (bytes, found) = read(engine, attempts, object).await?;
        admit(attempts, admitted, bytes.len() as u64)?;
        if found != digest {
            return Err(ErrorKind::Integrity.error("content does not match the claim"));
        }
        Payload::decode(bytes)
    };
    attempts.run(Request::Open, size_hint, call).await
}

/// The digest of the object, read without keeping it; `None` where its length is not `expected` any more.
pub(super) async fn digest(
    engine: &Engine,
    attempts: &Attempts<'_>,
    expected: u64,
) -> Result<Option<Digest>> {
    let call = |attempt: Attempt| async move {
        let mut object = open(engine, attempts, &attempt).await?;
        let (mut hasher, mut len) = (Hasher::default(), 0_u64);
        while let Some(chunk) = next(engine, attempts, &mut object).await? {
            len += chunk.len() as u64;
            if len > expected {
                return Ok(None);
            }
            hasher = engine.hashing.update(hasher, chunk).await;
        }
        Ok((len == expected).then(|| hasher.finish()))
    };
    attempts.run(Request::Open, 0, call).await
}

fn admit(attempts: &Attempts<'_>, admitted: &AtomicBool, len: u64) -> Result<()> {
    if admitted.swap(true, Ordering::Relaxed) { Ok(()) } else { attempts.operation.admit_restore(len) }
}

async fn open(engine: &Engine, attempts: &Attempts<'_>, attempt: &Attempt) -> Result<OpenObject> {
    let open = Open::new(attempt, attempts.location, engine.options.read_cap);
    let object = attempts.idle(engine.options.timeouts.idle, engine.backend.open(open)).await?;
    if let Some(len) = object.len {
        open.check_len(len)?;
        attempt.permit().cover(len).await;
    }
    Ok(object)
}

fn cap(engine: &Engine, len: u64) -> Result<()> {
    let cap = engine.options.read_cap;
    if len <= cap {
        return Ok(());
    }
    let text = format!(
        "the object has {len} bytes or more, above the read cap of {cap} bytes; raise it with `with_read_cap`"
    );
    Err(ErrorKind::TooLarge.error(text))
}

async fn next(engine: &Engine, attempts: &Attempts<'_>, object: &mut OpenObject) -> Result<Option<Bytes>> {
    attempts.idle(engine.options.timeouts.idle, object.chunks.try_next()).await
}

/// Reads the content once into one buffer, which the payload then keeps; one chunk is not copied at all.
async fn read(engine: &Engine, attempts: &Attempts<'_>, mut object: OpenObject) -> Result<(Bytes, Digest)> {
    let announced = object.len;
    let mut chunk = next(engine, attempts, &mut object).await?;
    if let Some(whole) = chunk.take_if(|chunk| announced == Some(chunk.len() as u64)) {
        while let Some(more) = next(engine, attempts, &mut object).await? {
            check_len(announced, (whole.len() + more.len()) as u64)?;
        }
        // A slice of a client's larger buffer would keep that buffer in memory for as long as the cache keeps the payload.
        let is_pinning = engine.options.cache.is_some() && !object.is_exact;
        let whole = if is_pinning { Bytes::copy_from_slice(&whole) } else { whole };
        let digest = engine.hashing.digest(&whole.clone().into()).await;
        return Ok((whole, digest));
    }
    let mut content = HashedBuffer::with_capacity(usize::try_from(announced.unwrap_or(0)).unwrap_or(0));
    let mut len = 0_u64;
    while let Some(bytes) = chunk {
        len += bytes.len() as u64;
        cap(engine, len)?;
        content.push(&bytes);
        // Given back before the next one is waited for, so that the client can fill the same buffer again.
        drop(bytes);
        content = engine.hashing.advance(content).await;
        chunk = next(engine, attempts, &mut object).await?;
    }
    check_len(announced, len)?;
    Ok(engine.hashing.finish(content).await)
}

fn check_len(announced: Option<u64>, len: u64) -> Result<()> {
    if announced.is_none_or(|announced| announced == len) { Ok(()) } else { Err(ended_early()) }
}

fn ended_early() -> Error {
    ErrorKind::Unavailable.error("the store sent another number of bytes than it announced")
}
