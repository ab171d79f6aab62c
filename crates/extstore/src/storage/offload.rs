//! Offloads the payloads of a message: decides for each, stores them in groups, and puts references in their place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::Shared;
use super::call::{self, Call};
use super::message::Message;
use crate::reference::{Detected, Reference, mark};
use crate::{
    Claim, ErrorKind, Payload, ReferenceForm, Result, SelectContext, Selector, StorageDriver, StoreContext,
    Target,
};

/// Names the user's reference codec in errors.
pub(super) const CODEC: &str = "the reference codec";

/// Groups the payloads of one message that one driver stores for one target.
struct Group {
    driver: Arc<dyn StorageDriver>,
    context: SelectContext,
    indices: Vec<usize>,
    payloads: Vec<Payload>,
}

/// Stores the payloads of at least `threshold` encoded bytes.
pub(super) async fn run(
    message: &Message,
    items: Vec<(Option<Target>, Payload)>,
    threshold: u64,
) -> Result<Vec<Payload>> {
    let total = items.len();
    let (groups, mut payloads) = plan(message, items, threshold)?;
    let stored = call::all(groups.iter().map(|group| store(message, group, total))).await?;
    for (index, reference) in stored.into_iter().flatten() {
        payloads[index] = reference;
    }
    Ok(payloads)
}

/// Decides for every payload before anything is stored.
fn plan(
    message: &Message,
    items: Vec<(Option<Target>, Payload)>,
    threshold: u64,
) -> Result<(Vec<Group>, Vec<Payload>)> {
    let total = items.len();
    let mut groups: Vec<Group> = Vec::new();
    let mut payloads = Vec::with_capacity(total);
    for (index, (target, payload)) in items.into_iter().enumerate() {
        payloads.push(payload.clone());
        if !eligible(&payload, threshold) {
            continue;
        }
        let context = message.select(target);
        let chosen = select(&message.storage.0, &context, &payload)
            .map_err(|error| error.with_operation("store").with_index(index, total))?;
        if let Some(driver) = chosen {
            add(&mut groups, driver, context, index, payload);
        }
    }
    Ok((groups, payloads))
}

/// A reference is never offloaded again, however small the threshold is.
fn eligible(payload: &Payload, threshold: u64) -> bool {
    payload.encoded_len() as u64 >= threshold && Reference::detect(payload) == Detected::No
}

fn select(
    shared: &Shared,
    context: &SelectContext,
    payload: &Payload,
) -> Result<Option<Arc<dyn StorageDriver>>> {
    let Some(selector) = &shared.selector else { return Ok(shared.registered.first().cloned()) };
    let Some(driver) = guarded(selector.as_ref(), context, payload)? else { return Ok(None) };
    if shared.registered.iter().any(|registered| Arc::ptr_eq(registered, &driver)) {
        return Ok(Some(driver));
    }
    Err(ErrorKind::Config.error(format!(
        "Driver '{}' returned by driver_selector is not registered in ExternalStorage.drivers",
        driver.name()
    )))
}

/// A selector is somebody else's code, as a driver is: its panic is an error and does not end the worker.
fn guarded(
    selector: &dyn Selector,
    context: &SelectContext,
    payload: &Payload,
) -> Result<Option<Arc<dyn StorageDriver>>> {
    let chosen = catch_unwind(AssertUnwindSafe(|| selector.select(context, payload)));
    // The panic's own text can hold payload bytes: it stays out of the error.
    chosen.unwrap_or_else(|_panic| Err(ErrorKind::Internal.error("the driver selector panicked")))
}

fn add(
    groups: &mut Vec<Group>,
    driver: Arc<dyn StorageDriver>,
    context: SelectContext,
    index: usize,
    payload: Payload,
) {
    let same = |group: &&mut Group| {
        Arc::ptr_eq(&group.driver, &driver) && group.context.target() == context.target()
    };
    match groups.iter_mut().find(same) {
        Some(group) => {
            group.indices.push(index);
            group.payloads.push(payload);
        }
        None => groups.push(Group { driver, context, indices: vec![index], payloads: vec![payload] }),
    }
}

/// Stores one group and returns its references with their places in the message.
async fn store(message: &Message, group: &Group, total: usize) -> Result<Vec<(usize, Payload)>> {
    let (operation, limiter) = message.call();
    let context = StoreContext::new(group.context.clone(), operation);
    let driver = group.driver.as_ref();
    let indices = &group.indices;
    let call = Call { message, driver, operation: "store", noun: "claims", indices, total, limiter };
    let moved = |_: &[Claim]| (group.payloads.iter().map(|payload| payload.encoded_len() as u64).sum(), None);
    let claims = call.run(async { driver.store(&context, group.payloads.clone()).await }, moved).await?;
    let sizes: Vec<u64> = group.payloads.iter().map(|payload| payload.encoded_len() as u64).collect();
    let reference = |(claim, size): (Claim, &u64)| Reference::new(driver.name(), claim).to_payload(*size);
    let references = claims.into_iter().zip(&sizes).map(reference).collect();
    let written = encode(message, group.context.target(), references, &sizes).await?;
    Ok(indices.iter().copied().zip(written).collect())
}

/// Writes the references of one group in the specification's form, where it is configured: encoded by the codec, then
/// with marker and size.
async fn encode(
    message: &Message,
    target: Option<&Target>,
    references: Vec<Payload>,
    sizes: &[u64],
) -> Result<Vec<Payload>> {
    let shared = &message.storage.0;
    if shared.form == ReferenceForm::Plain {
        return Ok(references);
    }
    let expected = references.len();
    let encoded = match &shared.codec {
        Some(codec) => {
            let context = message.reference_context(target);
            call::guarded(message, CODEC, async { codec.encode(&context, references).await }).await?
        }
        None => references,
    };
    if encoded.len() != expected {
        let got = encoded.len();
        let message = format!("the reference codec returned {got} payloads, expected {expected}");
        return Err(ErrorKind::Internal.error(message));
    }
    Ok(encoded.iter().zip(sizes).map(|(payload, size)| mark(payload, *size)).collect())
}
