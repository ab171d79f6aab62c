//! Restores the references of a message: reads all of them, finds their drivers, and retrieves them in groups.

use std::sync::Arc;

use futures_util::future::join_all;

use super::Shared;
use super::call::{self, Call};
use super::message::Message;
use super::offload::CODEC;
use crate::allowance::CallAllowance;
use crate::reference::{Detected, Reference, undecodable, unmark};
use crate::{Claim, Error, ErrorKind, Payload, Result, RetrieveContext, StorageDriver};

/// Groups the references of one message that one driver resolves.
struct Group {
    driver: Arc<dyn StorageDriver>,
    indices: Vec<usize>,
    claims: Vec<Claim>,
}

/// Restores a message of which every reference must be restored.
pub(super) async fn run(message: &Message, mut payloads: Vec<Payload>) -> Result<Vec<Payload>> {
    let total = payloads.len();
    let (groups, refused) = plan(message, &payloads, Refused::Ends).await;
    if let Some((_, error)) = refused.into_iter().next() {
        return Err(error);
    }
    let restored = call::all(groups.iter().map(|group| retrieve(message, group, total))).await?;
    for (group, (restored, counted)) in restored {
        for (index, payload) in group.indices.iter().zip(restored) {
            payloads[*index] = payload;
        }
        counted.keep();
    }
    Ok(payloads)
}

/// Restores a message of which each reference has a result of its own.
pub(super) async fn each(message: &Message, payloads: Vec<Payload>) -> Vec<Result<Payload>> {
    let total = payloads.len();
    let (groups, refused) = plan(message, &payloads, Refused::Alone).await;
    let restored = join_all(groups.iter().map(|group| retrieve_each(message, group, total))).await;
    let refused = refused.into_iter().map(|(index, error)| (index, Err(error)));
    let mut results: Vec<Result<Payload>> = payloads.into_iter().map(Ok).collect();
    for (index, result) in restored.into_iter().flatten().chain(refused) {
        results[index] = result;
    }
    results
}

/// Says what a reference that is refused before any request means for the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// Nothing is read.
    Ends,
    /// The others are read.
    Alone,
}

/// Reads every reference and finds every driver before a request is made. Returns the references that are refused with
/// their places, the lowest first.
async fn plan(
    message: &Message,
    payloads: &[Payload],
    refused: Refused,
) -> (Vec<Group>, Vec<(usize, Error)>) {
    let (mut groups, mut failed): (Vec<Group>, Vec<(usize, Error)>) = (Vec::new(), Vec::new());
    for (index, payload) in payloads.iter().enumerate() {
        match find(message, payload).await {
            Ok(None) => {}
            Ok(Some((driver, claim))) => add(&mut groups, driver, index, claim),
            Err(error) => {
                failed.push((index, error.with_operation("retrieve").with_index(index, payloads.len())));
                if refused == Refused::Ends {
                    break;
                }
            }
        }
    }
    (groups, failed)
}

fn add(groups: &mut Vec<Group>, driver: Arc<dyn StorageDriver>, index: usize, claim: Claim) {
    match groups.iter_mut().find(|group| Arc::ptr_eq(&group.driver, &driver)) {
        Some(group) => {
            group.indices.push(index);
            group.claims.push(claim);
        }
        None => groups.push(Group { driver, indices: vec![index], claims: vec![claim] }),
    }
}

/// Reads a reference and finds its driver.
async fn find(message: &Message, payload: &Payload) -> Result<Option<(Arc<dyn StorageDriver>, Claim)>> {
    let Some(reference) = read(message, payload).await? else { return Ok(None) };
    let (name, claim) = reference.into_parts();
    match message.storage.0.by_name.get(&name) {
        Some(driver) => Ok(Some((Arc::clone(driver), claim))),
        None => Err(ErrorKind::Config.error(format!(
            "No driver found with name '{name}'; register it under the name that wrote it, or add an alias with `with_driver_alias`"
        ))),
    }
}

async fn read(message: &Message, payload: &Payload) -> Result<Option<Reference>> {
    let shared = &message.storage.0;
    match Reference::detect(payload) {
        Detected::No => Ok(None),
        Detected::Plain => Reference::parse(payload).map(Some),
        Detected::Legacy => legacy(shared, payload).map(Some),
        Detected::Marked => marked(message, payload).await.map(Some),
    }
}

fn legacy(shared: &Shared, payload: &Payload) -> Result<Reference> {
    if shared.legacy {
        return Reference::parse_legacy(payload);
    }
    Err(ErrorKind::Unsupported.error(
        "the payload is a legacy reference (json/external-storage-reference); \
         read it with `with_legacy_references(true)`",
    ))
}

/// A marked payload is the reference itself, or what the codec made of it.
async fn marked(message: &Message, payload: &Payload) -> Result<Reference> {
    let shared = &message.storage.0;
    let bare = unmark(payload);
    let reference = match (&shared.codec, Reference::detect(&bare)) {
        // Python marks a reference before it encodes it, and its output again: a marker stands inside too.
        (Some(codec), Detected::No) => {
            let context = message.reference_context(None);
            let decode = async { codec.decode(&context, vec![bare]).await };
            unmark(&only(call::guarded(message, CODEC, decode).await?)?)
        }
        _ => bare,
    };
    let hint = payload.external_sizes().next();
    let found = match Reference::detect(&reference) {
        Detected::Plain => Reference::parse(&reference)?,
        Detected::Legacy => legacy(shared, &reference)?,
        Detected::No | Detected::Marked => return Err(undecodable()),
    };
    let (name, claim) = found.into_parts();
    Ok(Reference::new(name, claim.with_size_hint(hint)))
}

fn only(decoded: Vec<Payload>) -> Result<Payload> {
    let got = decoded.len();
    let mut decoded = decoded.into_iter();
    match (decoded.next(), got) {
        (Some(payload), 1) => Ok(payload),
        _ => {
            Err(ErrorKind::Internal.error(format!("the reference codec returned {got} payloads, expected 1")))
        }
    }
}

/// Calls the group's driver. What it read counts for the message unless the message fails.
async fn retrieve<'a>(
    message: &Message,
    group: &'a Group,
    total: usize,
) -> Result<(&'a Group, (Vec<Payload>, CallAllowance))> {
    let (operation, limiter) = message.call();
    let counted = operation.call_allowance();
    let context = RetrieveContext::new(operation);
    let driver = group.driver.as_ref();
    let indices = &group.indices;
    let call = Call { message, driver, operation: "retrieve", noun: "payloads", indices, total, limiter };
    let bytes = |payloads: &[Payload]| payloads.iter().map(|payload| payload.encoded_len() as u64).sum();
    let moved = |payloads: &[Payload]| (bytes(payloads), None);
    let payloads = call.run(async { driver.retrieve(&context, group.claims.clone()).await }, moved).await?;
    let admitted = counted.admit_returned(bytes(&payloads));
    admitted.map_err(|error| error.with_operation("retrieve").with_driver(driver.name()))?;
    Ok((group, (payloads, counted)))
}

/// Calls the group's driver, which reads what can be read. Where the call itself fails, all items do.
async fn retrieve_each(message: &Message, group: &Group, total: usize) -> Vec<(usize, Result<Payload>)> {
    let (operation, limiter) = message.call();
    let counted = operation.call_allowance();
    let context = RetrieveContext::new(operation);
    let driver = group.driver.as_ref();
    let indices = &group.indices;
    let call = Call { message, driver, operation: "retrieve", noun: "payloads", indices, total, limiter };
    let moved = |results: &[Result<Payload>]| {
        let error = results.iter().find_map(|result| result.as_ref().err()).map(Error::kind);
        (bytes_of(results), error)
    };
    let read = async { Ok(driver.retrieve_each(&context, group.claims.clone()).await) };
    let results = match call.run(read, moved).await {
        Ok(mut results) => {
            within_cap(&counted, &mut results);
            counted.keep();
            results
        }
        Err(error) => vec![Err(error); indices.len()],
    };
    let explained = results.into_iter().zip(indices).map(|(result, index)| {
        let error = |error: Error| error.with_operation("retrieve").with_driver(driver.name());
        (*index, result.map_err(|failure| error(failure).with_index(*index, total)))
    });
    explained.collect()
}

fn bytes_of(results: &[Result<Payload>]) -> u64 {
    results.iter().flatten().map(|payload| payload.encoded_len() as u64).sum()
}

/// Fails the last items until the message may restore the others: of drivers that count nothing, and copies of payloads
/// that were read once.
fn within_cap(counted: &CallAllowance, results: &mut [Result<Payload>]) {
    let mut bytes = bytes_of(results);
    for result in results.iter_mut().rev() {
        let Err(error) = counted.admit_returned(bytes) else { return };
        if let Ok(payload) = result {
            bytes -= payload.encoded_len() as u64;
            *result = Err(error);
        }
    }
}
