//! Retrieves a batch: checks every claim, then reads the objects side by side and verifies them while they arrive.

use std::collections::HashMap;

use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};

use super::engine::Engine;
use super::fetched::Fetched;
use super::find::find;
use super::judge::shorter;
use super::retry::Attempts;
use super::{Location, Request, response};
use crate::{Admission, Claim, Digest, Error, Event, Operation, Payload, Result};

/// Pairs a payload with the bytes that the message restored for it.
type Read = (Payload, Admission);

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
    let found: Vec<(Vec<usize>, Read)> =
        work.buffer_unordered(operation.limiter().width()).try_collect().await?;
    let found = found.into_iter().flat_map(|(indices, found)| copies(indices, kept(found)));
    Ok(in_order(found.collect()))
}

/// Reads a batch of which each item has a result of its own.
pub(super) async fn each(engine: &Engine, operation: &Operation, claims: Vec<Claim>) -> Vec<Result<Payload>> {
    let total = claims.len();
    operation.limiter().no_request();
    let (batch, refused) = admit_batch(engine, claims);
    let work = iter(batch).map(|wanted| async move {
        let found = retrieve(engine, operation, &wanted).await;
        (wanted.indices, found)
    });
    // A call that is dropped gives back what the message restored for it: nothing is returned.
    let read: Vec<(Vec<usize>, Result<Read>)> =
        work.buffer_unordered(operation.limiter().width()).collect().await;
    let read = read.into_iter().flat_map(|(indices, found)| copies(indices, found.map(kept)));
    let placed = |(index, payload): (usize, Result<Payload>)| {
        (index, payload.map_err(|error| error.with_index(index, total)))
    };
    let refused = refused.into_iter().map(|(index, error)| (index, Err(error)));
    in_order(read.map(placed).chain(refused).collect())
}

/// Counts a payload that is returned for the rest of the message.
fn kept((payload, admission): Read) -> Payload {
    admission.keep();
    payload
}

/// Repeats the item for each of its places in the batch.
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
async fn retrieve(engine: &Engine, operation: &Operation, wanted: &Wanted) -> Result<Read> {
    let Some(cache) = &engine.options.cache else {
        return share(engine, operation, wanted).await.map(|(found, admission)| (found.payload, admission));
    };
    let key = engine.cache_key(&wanted.location, wanted.digest);
    if let Some(payload) = cache.find(&key) {
        operation.observe(&Event::cache_hit(engine.source()));
        let admission = operation.admit_restore(payload.encoded_len() as u64)?;
        return Ok((payload, admission));
    }
    let (found, admission) = share(engine, operation, wanted).await?;
    cache.keep(key, found.payload.clone(), shorter(engine.options.refresh_after, found.expires_in));
    Ok((found.payload, admission))
}

async fn share(engine: &Engine, operation: &Operation, wanted: &Wanted) -> Result<(Fetched, Admission)> {
    let address = (wanted.location.clone(), wanted.digest);
    let attempts = Attempts::new(engine, operation, "retrieve", &wanted.location);
    let find = find(&attempts, wanted.digest, wanted.size_hint);
    let bytes = response::expected(wanted.size_hint);
    let found = attempts.share(&engine.retrieves, &address, Request::Open, bytes, find).await?;
    // What another message has read counts here all the same.
    let admission = operation
        .admit_restore(found.payload.encoded_len() as u64)
        .map_err(|error| engine.describe(error, "retrieve", &wanted.location))?;
    Ok((found, admission))
}
