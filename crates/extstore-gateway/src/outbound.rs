//! Handles requests: offloads their payloads and puts references in their place.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use extstore::{Error, ExternalStorage, Message};
use extstore_wire::{Capture, Fault, Found, Rewrite, Rope, Rpc, Scan};

use crate::completion::MAX_PAGE;
use crate::exchange::Exchange;
use crate::failure::{self, Omissible, Reason};
use crate::{Answer, Call, Status, heartbeat, limits, passed_on};

mod batch;
mod fit;
mod queries;
mod room;
mod slow;

/// Says how a request goes on after its payloads were offloaded.
pub(crate) enum Offloaded {
    /// The request is forwarded with its payloads offloaded.
    Forward(Call),
    /// The request is forwarded in pages: the others first, then the last.
    Pages { pages: Vec<Call>, last: Call },
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
    let work = exchange.work_of(storage, scan.root().text(Capture::Namespace).unwrap_or_default());
    match rewritten(exchange, storage, &scan, &work).await {
        Ok(Some(body)) => call.body = body,
        Ok(None) => {}
        Err(error) => return failed(exchange, &scan, Reason::of(exchange, &error)).await,
    }
    let outcome = within_limits(exchange, storage, &scan, &work, call).await;
    slow::report(exchange, storage, &scan, &work);
    outcome
}

/// Checks a request whose payloads were offloaded, and makes a workflow task's completion fit.
async fn within_limits(
    exchange: &Exchange,
    storage: &ExternalStorage,
    scan: &Scan,
    work: &Message,
    call: Call,
) -> Offloaded {
    let Some(limits) = limits::find(exchange, scan, call.body.len()).await else {
        return Offloaded::Forward(call);
    };
    if let Err(exceeded) = limits::check(exchange, limits, &call.body) {
        return match without_payloads_above(exchange, &call.body, &exceeded) {
            Some(body) => Offloaded::Forward(Call { body, ..call }),
            None => failed(exchange, scan, Reason::Limit(&exceeded)).await,
        };
    }
    if exchange.rpc != Rpc::RespondWorkflowTaskCompleted {
        return Offloaded::Forward(call);
    }
    match fit::fit(exchange, storage, work, limits, scan.bytes(), &call.body).await {
        Ok(None) => Offloaded::Forward(call),
        Ok(Some(fit::Fitted { pages, last })) => {
            let request = |body: Bytes| Call { body: Rope::from(body), ..call.clone() };
            Offloaded::Pages { pages: pages.into_iter().map(request).collect(), last: request(last) }
        }
        Err(fit::Misfit::Storage(error)) => failed(exchange, scan, Reason::of(exchange, &error)).await,
        Err(fit::Misfit::TooLarge(exceeded)) => failed(exchange, scan, Reason::Limit(&exceeded)).await,
    }
}

/// Fails the task of a completion that the server refused as too large, although the gateway took it for small enough:
/// the SDK would report that, and the server would end the run. All other statuses pass.
pub(crate) async fn after_refusal(
    exchange: &Exchange,
    body: &Rope,
    status: Status,
) -> Result<Answer, Status> {
    if exchange.rpc != Rpc::RespondWorkflowTaskCompleted {
        return Err(status);
    }
    let Some(exceeded) = fit::refused(&status, body.len()) else { return Err(status) };
    match Scan::select(exchange.rpc.request(), body.to_bytes(), |_| false) {
        Ok(scan) => fail(exchange, &scan, Reason::Limit(&exceeded)).await,
        Err(_) => Err(status),
    }
}

/// Returns a request that goes on without its payloads above a limit; none where it does not. A workflow task's completion
/// does not: what is above a limit there is never an answer to a query, which no limit bounds.
fn without_payloads_above(exchange: &Exchange, body: &Rope, exceeded: &limits::Exceeded) -> Option<Rope> {
    exchange.task_rpc.filter(|rpc| rpc.goes_without())?;
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
    work: &Message,
) -> Result<Option<Rope>, Error> {
    let stored = match scan.leaves().is_empty() {
        true => batch::Stored::default(),
        false => batch::Plan::new(scan, exchange).store(exchange, work).await?,
    };
    let body = written(exchange, storage, scan, &stored, |_, _| true);
    let is_completion = exchange.rpc == Rpc::RespondWorkflowTaskCompleted;
    if is_completion && body.as_ref().is_some_and(|body| body.len() > MAX_PAGE) {
        // References that are larger than their payloads must not make a completion too large.
        return Ok(written(exchange, storage, scan, &stored, |length, reference| reference < length));
    }
    Ok(body)
}

/// Writes the changes of a request: references where `keep` says so of both lengths, drivers, failed answers.
fn written(
    exchange: &Exchange,
    storage: &ExternalStorage,
    scan: &Scan,
    stored: &batch::Stored,
    keep: impl Fn(usize, usize) -> bool,
) -> Option<Rope> {
    let mut rewrite = Rewrite::new(scan);
    let mut changed = heartbeat::add_drivers(storage, scan, &mut rewrite);
    changed |= queries::answer_failed(exchange, scan, &mut rewrite);
    changed |= failure::name_cause(exchange, scan, &mut rewrite);
    changed |= stored.write(exchange, scan, &mut rewrite, keep);
    if !changed {
        return None;
    }
    // An error says that the request is above protobuf's 2 GiB. Stored payloads without a reference are harmless.
    rewrite.finish().inspect_err(|_| passed_on::malformed(exchange)).ok()
}

async fn failed(exchange: &Exchange, scan: &Scan, reason: Reason<'_>) -> Offloaded {
    Offloaded::Answered(fail(exchange, scan, reason).await)
}

async fn fail(exchange: &Exchange, scan: &Scan, reason: Reason<'_>) -> Result<Answer, Status> {
    let token = scan.root().bytes(Capture::TaskToken);
    let task = token.and_then(|token| exchange.state.identities.find(&exchange.scope, &token));
    failure::outbound(exchange, scan.root(), task.as_ref().map(Arc::as_ref), reason).await
}

#[cfg(test)]
mod tests;
