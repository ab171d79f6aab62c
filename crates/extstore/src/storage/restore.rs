use std::sync::Arc;

use super::Shared;
use super::call::{self, Call};
use super::message::Message;
use super::offload::CODEC;
use crate::allowance::CallAllowance;
use crate::reference::{Detected, Reference, undecodable, unmark};
use crate::{Claim, ErrorKind, Payload, Result, RetrieveContext, StorageDriver};

/// Groups the references of one message that one driver resolves.
struct Group {
    driver: Arc<dyn StorageDriver>,
    indices: Vec<usize>,
    claims: Vec<Claim>,
}

pub(super) async fn run(message: &Message, mut payloads: Vec<Payload>) -> Result<Vec<Payload>> {
    let total = payloads.len();
    let groups = plan(message, &payloads).await?;
    let restored = call::all(groups.iter().map(|group| retrieve(message, group, total))).await?;
    for (group, (restored, counted)) in restored {
        for (index, payload) in group.indices.iter().zip(restored) {
            payloads[*index] = payload;
        }
        counted.keep();
    }
    Ok(payloads)
}

/// Reads every reference and finds every driver before a request is made.
async fn plan(message: &Message, payloads: &[Payload]) -> Result<Vec<Group>> {
    let shared = &message.storage.0;
    let mut groups: Vec<Group> = Vec::new();
    for (index, payload) in payloads.iter().enumerate() {
        let placed = |error: crate::Error| error.with_operation("retrieve").with_index(index, payloads.len());
        let Some(reference) = read(message, payload).await.map_err(placed)? else { continue };
        let (name, claim) = reference.into_parts();
        let Some(driver) = shared.by_name.get(&name) else {
            let text = format!(
                "No driver found with name '{name}'; register it under the name that wrote it, or add an alias with `with_driver_alias`"
            );
            return Err(placed(ErrorKind::Config.error(text)));
        };
        match groups.iter_mut().find(|group| Arc::ptr_eq(&group.driver, driver)) {
            Some(group) => {
                group.indices.push(index);
                group.claims.push(claim);
            }
            None => {
                groups.push(Group { driver: Arc::clone(driver), indices: vec![index], claims: vec![claim] })
            }
        }
    }
    Ok(groups)
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
    let payloads = call.run(async { driver.retrieve(&context, group.claims.clone()).await }, bytes).await?;
    let admitted = counted.admit_returned(bytes(&payloads));
    admitted.map_err(|error| error.with_operation("retrieve").with_driver(driver.name()))?;
    Ok((group, (payloads, counted)))
}
