//! Stores a batch: checks every payload, then hashes and uploads them side by side.

use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};

use super::engine::Engine;
use super::retry::Attempts;
use super::verify::{self, Upload};
use super::{Content, Location, Request};
use crate::{Claim, ErrorKind, Event, Payload, Result, StoreContext};

/// Holds one payload of a batch that passed every check.
struct Item {
    index: usize,
    container: String,
    payload: Payload,
}

pub(super) async fn run(
    engine: &Engine,
    context: &StoreContext,
    payloads: Vec<Payload>,
) -> Result<Vec<Claim>> {
    let total = payloads.len();
    let limiter = context.operation().limiter();
    // Whoever finds all answers known, or joins requests under way, takes no permit and is not to be warned about.
    limiter.no_request();
    let items = validate(engine, context, payloads)?;
    let work = iter(items).map(|item| async move {
        let index = item.index;
        let claim = store(engine, context, item).await;
        claim.map(|claim| (index, claim)).map_err(|error| error.with_index(index, total))
    });
    // The first failure drops its siblings, which ends their requests.
    let mut claims: Vec<(usize, Claim)> = work.buffer_unordered(limiter.width()).try_collect().await?;
    claims.sort_unstable_by_key(|(index, _)| *index);
    Ok(claims.into_iter().map(|(_, claim)| claim).collect())
}

/// Checks the whole batch before the first request, so that one bad item stores nothing.  (ES-013)
fn validate(engine: &Engine, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Item>> {
    let total = payloads.len();
    let max = engine.options.max_payload_size;
    let check = |(index, payload): (usize, Payload)| {
        let placed = |error: crate::Error| {
            error.with_operation("store").with_driver(&engine.name).with_index(index, total)
        };
        let size = payload.encoded_len();
        if size as u64 > max {
            let text = format!(
                "Payload size {size} bytes exceeds the configured max_payload_size of {max} bytes; \
                 raise it with `with_max_payload_size`"
            );
            return Err(placed(ErrorKind::TooLarge.error(text)));
        }
        let container = engine.choose_container(context, &payload).map_err(placed)?;
        Ok(Item { index, container, payload })
    };
    payloads.into_iter().enumerate().map(check).collect()
}

async fn store(engine: &Engine, context: &StoreContext, item: Item) -> Result<Claim> {
    let payload = item.payload.canonical();
    let body = payload.body().clone();
    let digest = engine.hashing.digest(&body).await;
    let keys = engine.layout.keys();
    let key = keys.key(&engine.policy.key_prefix, context.namespace(), context.target(), &digest);
    let location = Location::new(item.container, key);
    let content = Content::new(body, digest);
    let operation = context.operation();
    let lasts = if let Some(left) = engine.known.left(&location) {
        operation.observe(&Event::known_key(engine.source()));
        Some(left)
    } else {
        let attempts = Attempts::new(engine, operation, "store", &location);
        let stored = verify::ensure(engine, &attempts, Upload { content: &content, context });
        let bytes = content.len() as u64;
        attempts.share(&engine.stores, &location, Request::Create, bytes, stored).await?
    };
    if let Some(cache) = &engine.options.cache {
        let key = engine.cache_key(&location, digest);
        if cache.fits(&payload) && cache.find(&key).is_none() {
            cache.keep(key, engine.hashing.copy(&payload).await, lasts);
        }
    }
    Ok(engine.layout.claims().write(&location, &digest))
}
