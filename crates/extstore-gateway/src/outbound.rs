//! Handles requests: offloads their payloads and puts references in their place.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use extstore::{Error, ExternalStorage};
use extstore_wire::{Capture, Fault, Found, Rewrite, Rope, Scan};

use crate::exchange::Exchange;
use crate::failure::{self, Omissible, Reason};
use crate::{Answer, Call, Status, heartbeat, limits, passed_on};

mod batch;
mod queries;
mod slow;

/// The result of offloading the payloads of a request.
pub(crate) enum Offloaded {
    /// The request is forwarded with its payloads offloaded.
    Forward(Call),
    /// The request does not go on; the caller gets this answer.
    Answered(Result<Answer, Status>),
}

/// Offloads the payloads of a request.
///
/// A request without a payload to offload is forwarded as the same bytes, and so is a malformed one: Temporal refuses
/// it with a better text than a gateway could.
pub(crate) async fn offload(exchange: &Exchange, mut call: Call) -> Offloaded {
    let Some(storage) = exchange.storage() else {
        return Offloaded::Forward(queries::answer_failed_only(exchange, call));
    };
    let scan = match scan(exchange, storage, call.body.to_bytes()) {
        Ok(scan) => scan,
        Err(_) => {
            passed_on::malformed(exchange);
            return Offloaded::Forward(call);
        }
    };
    passed_on::report(exchange, &scan);
    match rewritten(exchange, storage, &scan).await {
        Ok(Some(body)) => call.body = body,
        Ok(None) => {}
        Err(error) => return Offloaded::Answered(fail(exchange, &scan, Reason::Storage(&error)).await),
    }
    let Some(limits) = limits::find(exchange, &scan, call.body.len()).await else {
        return Offloaded::Forward(call);
    };
    match limits::check(exchange, limits, &call.body) {
        Ok(()) => Offloaded::Forward(call),
        Err(exceeded) => match without_payloads_above(exchange, &call.body, &exceeded) {
            Some(body) => Offloaded::Forward(Call { body, ..call }),
            None => Offloaded::Answered(fail(exchange, &scan, Reason::Limit(&exceeded)).await),
        },
    }
}

/// Returns a request that goes on without its payloads above a limit; none where it does not.
fn without_payloads_above(exchange: &Exchange, body: &Rope, exceeded: &limits::Exceeded) -> Option<Rope> {
    let scan = Scan::all(exchange.rpc.request(), body.to_bytes()).ok()?;
    let mut rewrite = Rewrite::new(&scan);
    let all = (0..scan.leaves().len()).filter_map(|at| Omissible::of(exchange.task_rpc, &scan, at));
    let lists: BTreeSet<Omissible> = all
        .filter(|payloads| match payloads {
            Omissible::List(list) => scan.frame(*list).content().len() as u64 > exceeded.allowed,
            Omissible::Single(_) => false,
        })
        .collect();
    if lists.is_empty() {
        return None;
    }
    lists.iter().for_each(|list| list.take_out(&mut rewrite));
    failure::note_omitted(exchange, &scan, &mut rewrite, Reason::Limit(exceeded));
    rewrite.finish().ok()
}

/// Scans a request for payloads that reach the threshold and are of a kind that is offloaded.
fn scan(exchange: &Exchange, storage: &ExternalStorage, body: Bytes) -> Result<Scan, Fault> {
    let (threshold, inline) = (storage.payload_size_threshold(), &exchange.state.options.inline);
    Scan::select(exchange.rpc.request(), body, |found: &Found<'_>| {
        found.bytes().len() as u64 >= threshold && !inline.contains(&found.policy)
    })
}

/// Returns the request with references in place of payloads; none where nothing changes.
async fn rewritten(
    exchange: &Exchange,
    storage: &ExternalStorage,
    scan: &Scan,
) -> Result<Option<Rope>, Error> {
    let mut rewrite = Rewrite::new(scan);
    let mut changed = heartbeat::add_drivers(storage, scan, &mut rewrite);
    changed |= queries::answer_failed(exchange, scan, &mut rewrite);
    changed |= failure::name_cause(exchange, scan, &mut rewrite);
    let work = storage.message(scan.root().text(Capture::Namespace).unwrap_or_default());
    if !scan.leaves().is_empty() {
        let plan = batch::Plan::new(scan, exchange);
        changed |= plan.run(exchange, &work, &mut rewrite).await?;
    }
    slow::report(exchange, storage, scan, &work);
    if !changed {
        return Ok(None);
    }
    match rewrite.finish() {
        Ok(body) => Ok(Some(body)),
        // The request is above protobuf's 2 GiB. Stored payloads without a reference are harmless.
        Err(_) => {
            passed_on::malformed(exchange);
            Ok(None)
        }
    }
}

async fn fail(exchange: &Exchange, scan: &Scan, reason: Reason<'_>) -> Result<Answer, Status> {
    let token = scan.root().bytes(Capture::TaskToken);
    let task = token.and_then(|token| exchange.state.identities.find(&exchange.scope, &token));
    failure::outbound(exchange, scan.root(), task.as_ref().map(Arc::as_ref), reason).await
}

#[cfg(test)]
mod tests;
