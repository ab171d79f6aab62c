//! Makes a workflow task's completion fit the requests that the server takes.
//!
//! The server refuses a request above 4 MiB; the SDK reports that, and the server ends the run. An SDK cuts a large
//! completion into pages where the namespace takes them, but measures before payloads are offloaded: where a single
//! command is larger than a page then, it sends one request. So the gateway cuts what is still too large. Where the
//! namespace takes no pages, or a command does not fit a page, it offloads the largest payloads below the threshold.
//! Where that does not help it fails the task, which is retried, and the run goes on.

use bytes::Bytes;
use extstore::{Error, Event, ExternalStorage, Message};
use extstore_wire::{Rewrite, Rope, Scan};

use super::batch;
use super::room::{Load, Room};
use crate::Status;
use crate::completion::{Completion, MAX_PAGE, MAX_REQUEST};
use crate::exchange::Exchange;
use crate::limits::Exceeded;
use crate::state::NamespaceLimits;

/// Bounds from below, in bytes, the payloads that are offloaded to make a completion smaller: a reference takes some
/// hundred bytes itself.
const WORTHWHILE: usize = 1 << 10;
/// These texts begin the message with which a gRPC server refuses a request above its limit. `MAXIMUM` stands before that
/// limit.
const TOO_LARGE: [&str; 3] = [
    "grpc: received message larger than max",
    "grpc: message after decompression larger than max",
    "grpc: received message after decompression larger than max",
];
const MAXIMUM: &str = "vs. ";

/// Says why a completion does not fit.
pub(super) enum Misfit {
    /// A payload below the threshold could not be stored.
    Storage(Error),
    /// It stays too large.
    TooLarge(Exceeded),
}

/// Holds a completion that was made to fit: its intermediate pages, if any, and its last request.
pub(super) struct Fitted {
    pub(super) pages: Vec<Bytes>,
    pub(super) last: Bytes,
}

/// Makes a completion fit, of which the SDK sent `sent`. Returns none where it fits as it stands.
///
/// # Errors
///
/// The completion fits no way, or storage failed.
pub(super) async fn fit(
    exchange: &Exchange,
    storage: &ExternalStorage,
    work: &Message,
    limits: NamespaceLimits,
    sent: &Bytes,
    body: &Rope,
) -> Result<Option<Fitted>, Misfit> {
    let Some(completion) = Completion::read(body.to_bytes()) else { return Ok(None) };
    if completion.body().len() <= MAX_PAGE && !completion.is_page() {
        return Ok(None);
    }
    let room = Room::of(exchange, limits, &completion);
    let (completion, payloads) = shrunk(exchange, storage, work, &room, completion).await?;
    let (pages, last) = match room.in_pages && completion.body().len() > MAX_PAGE {
        true => {
            let sent = Completion::read(sent.clone());
            completion.cut(MAX_PAGE, sent.as_ref().unwrap_or(&completion))
        }
        false => (Vec::new(), completion.body().clone()),
    };
    if pages.is_empty() && payloads == 0 {
        return Ok(None);
    }
    Room::of(exchange, limits, &completion);
    exchange.observe(&Event::completion_cut(pages.len() + 1, payloads));
    Ok(Some(Fitted { pages, last }))
}

/// Offloads payloads below the threshold until a completion has room. Returns their number too.
async fn shrunk(
    exchange: &Exchange,
    storage: &ExternalStorage,
    work: &Message,
    room: &Room,
    mut completion: Completion,
) -> Result<(Completion, usize), Misfit> {
    // With that threshold nothing is offloaded, such as before every worker can read references.
    let may_offload = exchange.state.options.offloads_to_fit && storage.payload_size_threshold() < u64::MAX;
    let mut payloads = 0;
    while let Some(excess) = room.excess(&Load::of(&completion)) {
        let smaller = match may_offload {
            true => offload(exchange, work, room, &completion).await.map_err(Misfit::Storage)?,
            false => None,
        };
        // A selector may leave payloads inline: then nothing gets smaller.
        let next = smaller.and_then(|(body, offloaded)| Some((Completion::read(body)?, offloaded)));
        let Some((next, offloaded)) = next else { return Err(Misfit::TooLarge(excess.exceeded())) };
        completion = next;
        payloads += offloaded;
    }
    Ok((completion, payloads))
}

/// Offloads the largest payloads until the completion should fit. Returns the new body and the number of payloads; none
/// where it would not fit, or did not get smaller.
async fn offload(
    exchange: &Exchange,
    work: &Message,
    room: &Room,
    completion: &Completion,
) -> Result<Option<(Bytes, usize)>, Error> {
    let inline = &exchange.state.options.inline;
    let scan = Scan::select(exchange.rpc.request(), completion.body().clone(), |found| {
        found.bytes().len() >= WORTHWHILE && !inline.contains(&found.policy)
    });
    let Ok(scan) = scan else { return Ok(None) };
    let plan = batch::Plan::new(&scan, exchange);
    let Some(chosen) = room.choose(completion, plan.sizes()) else { return Ok(None) };
    let mut rewrite = Rewrite::new(&scan);
    plan.only(&chosen).store(exchange, work).await?.write(
        exchange,
        &scan,
        &mut rewrite,
        |length, reference| reference < length,
    );
    let smaller = rewrite.finish().ok().filter(|body| body.len() < completion.body().len());
    Ok(smaller.map(|body| (body.to_bytes(), chosen.len())))
}

/// Returns the limit by which the server refused a completion that the gateway took for small enough; none for any other
/// status.
pub(super) fn refused(status: &Status, size: usize) -> Option<Exceeded> {
    TOO_LARGE.iter().any(|text| status.message.starts_with(text)).then(|| {
        let digits = status.message.split(MAXIMUM).nth(1).unwrap_or_default();
        let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
        Exceeded::completion(size as u64, digits.parse().unwrap_or(MAX_REQUEST as u64))
    })
}
