//! Stores the payloads of one request together.

use std::collections::BTreeMap;

use extstore::{Message, Payload, Result, Target};
use extstore_wire::{FrameId, MessageType, Rewrite, Scan};
use futures_util::{StreamExt as _, future, stream};

use super::queries;
use crate::exchange::Exchange;
use crate::failure::{self, Omissible, Reason};
use crate::marker::Markers;
use crate::targets::{Decision, Targets};

/// The number of parts that are stored at the same time; requests to the store have budgets of their own.
const PARTS_AT_ONCE: usize = 8;

/// The payloads to offload, in batches that fail alone.
pub(super) struct Plan<'a> {
    scan: &'a Scan,
    /// All payloads but those of the parts: they fail together.
    request: Batch,
    parts: BTreeMap<Part, Batch>,
}

/// A part of a request that fails alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// An answer to a query in a workflow task completion, by its `WorkflowQueryResult`. It becomes a failed one.
    Answer(FrameId),
    /// Payloads that the request goes on without.
    Omissible(Omissible),
}

/// Payloads with their places in the scan and their targets.
#[derive(Default)]
struct Batch {
    leaves: Vec<usize>,
    payloads: Vec<(Option<Target>, Payload)>,
}

/// New payloads with the places of those that they replace.
type Replaced = Vec<(usize, Payload)>;

impl<'a> Plan<'a> {
    pub(super) fn new(scan: &'a Scan, exchange: &Exchange) -> Self {
        let (mut targets, mut markers) = (Targets::new(scan, exchange), Markers::default());
        let mut plan = Self { scan, request: Batch::default(), parts: BTreeMap::new() };
        for (at, leaf) in scan.leaves().iter().enumerate() {
            if markers.is_sdk_internal(scan.frame(leaf.frame())) {
                continue;
            }
            let Decision::Offload(target) = targets.of(leaf) else { continue };
            // A scan reports well-formed payloads only; one that cannot be read all the same stays inline.
            let Ok(payload) = Payload::decode(scan.payload(leaf)) else { continue };
            let answer = || scan.frame(leaf.frame()).nearest(MessageType::WorkflowQueryResult);
            let omissible = Omissible::of(exchange.task_rpc, scan, at).map(Part::Omissible);
            let batch = match omissible.or_else(|| Some(Part::Answer(answer()?.id()))) {
                Some(part) => plan.parts.entry(part).or_default(),
                None => &mut plan.request,
            };
            batch.leaves.push(at);
            batch.payloads.push((target, payload));
        }
        plan
    }

    /// Stores all payloads and puts references in their place; says whether anything was replaced. An answer to a query
    /// that cannot be stored becomes a failed one, and a request that tells a failure goes on without its details.
    ///
    /// # Errors
    ///
    /// The first failure of a payload that belongs to no part.
    pub(super) async fn run(
        self,
        exchange: &Exchange,
        work: &Message,
        rewrite: &mut Rewrite<'_>,
    ) -> Result<bool> {
        let Self { scan, request, parts } = self;
        let parts = stream::iter(parts)
            .map(|(part, batch)| async move { (part, batch.offload(work).await) })
            .buffer_unordered(PARTS_AT_ONCE)
            .collect::<Vec<_>>();
        let (replaced, parts) = future::try_join(request.offload(work), async { Ok(parts.await) }).await?;
        let mut changed = replace(rewrite, replaced);
        let mut omitted = None;
        for (part, outcome) in parts {
            match (outcome, part) {
                (Ok(replaced), _) => changed |= replace(rewrite, replaced),
                (Err(error), Part::Answer(answer)) => {
                    queries::fail(exchange, rewrite, scan.frame(answer), &error);
                    changed = true;
                }
                (Err(error), Part::Omissible(payloads)) => {
                    payloads.take_out(rewrite);
                    omitted.get_or_insert(error);
                }
            }
        }
        if let Some(error) = &omitted {
            failure::note_omitted(exchange, scan, rewrite, Reason::Storage(error));
        }
        Ok(changed || omitted.is_some())
    }
}

impl Batch {
    /// Offloads the payloads, and returns those that became references.
    async fn offload(self, work: &Message) -> Result<Replaced> {
        if self.payloads.is_empty() {
            return Ok(Replaced::new());
        }
        let before: Vec<Payload> = self.payloads.iter().map(|(_, payload)| payload.clone()).collect();
        let after = work.offload(self.payloads).await?;
        let all = self.leaves.into_iter().zip(after).zip(before);
        Ok(all.filter(|((_, after), before)| after != before).map(|(replaced, _)| replaced).collect())
    }
}

fn replace(rewrite: &mut Rewrite<'_>, replaced: Replaced) -> bool {
    let changed = !replaced.is_empty();
    for (leaf, payload) in replaced {
        rewrite.replace(leaf, payload.body().segments().iter().cloned());
    }
    changed
}
