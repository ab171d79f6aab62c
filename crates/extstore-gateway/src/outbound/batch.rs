//! Stores the payloads of one request together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use bytes::Bytes;
use extstore::{Detected, Error, Message, Payload, Reference, Result, Target};
use extstore_wire::{FrameId, MessageType, Rewrite, Scan};
use futures_util::{StreamExt as _, future, stream};

use super::queries;
use crate::exchange::Exchange;
use crate::failure::{self, Omissible, Reason};
use crate::marker::Markers;
use crate::targets::{Decision, Targets};

/// Bounds the number of parts that are stored at the same time; requests to the store have budgets of their own.
const PARTS_AT_ONCE: usize = 8;

/// Holds the payloads to offload, in batches that fail alone.
pub(super) struct Plan<'a> {
    scan: &'a Scan,
    /// All payloads but those of the parts: they fail together.
    request: Batch,
    parts: BTreeMap<Part, Batch>,
    /// Says whether payloads below the threshold are stored too.
    any_size: bool,
}

/// Names a part of a request that fails alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// An answer to a query in a workflow task completion, by its `WorkflowQueryResult`. It becomes a failed one.
    Answer(FrameId),
    /// Payloads that the request goes on without.
    Omissible(Omissible),
}

/// Holds payloads with their places in the scan and their targets.
#[derive(Default)]
struct Batch {
    leaves: Vec<usize>,
    payloads: Vec<(Option<Target>, Payload)>,
}

/// Holds the outcome of storing a plan's payloads.
#[derive(Default)]
pub(super) struct Stored {
    replaced: Vec<Replaced>,
    /// The failed answers to queries, encoded.
    failed: Vec<(FrameId, Bytes)>,
    /// Payloads that the request goes on without.
    omitted: Vec<Omissible>,
    /// The first reason for that.
    omitted_because: Option<Error>,
}

/// Describes a stored payload: its place in the scan, its encoded length, its reference.
struct Replaced {
    leaf: usize,
    length: usize,
    reference: Payload,
}

impl<'a> Plan<'a> {
    pub(super) fn new(scan: &'a Scan, exchange: &Exchange) -> Self {
        let (mut targets, mut markers) = (Targets::new(scan, exchange), Markers::default());
        let mut plan = Self { scan, request: Batch::default(), parts: BTreeMap::new(), any_size: false };
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

    /// Returns the payloads with their places in the scanned bytes; references among them are left out.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let batches = std::iter::once(&self.request).chain(self.parts.values());
        let items = batches.flat_map(|batch| batch.leaves.iter().zip(&batch.payloads));
        let items = items.filter(|(_, (_, payload))| Reference::detect(payload) == Detected::No);
        items.map(|(leaf, _)| (*leaf, self.scan.leaves()[*leaf].range()))
    }

    /// Keeps some payloads alone, which are then stored whatever their size.
    pub(super) fn only(mut self, leaves: &BTreeSet<usize>) -> Self {
        self.any_size = true;
        for batch in std::iter::once(&mut self.request).chain(self.parts.values_mut()) {
            let items =
                std::mem::take(&mut batch.leaves).into_iter().zip(std::mem::take(&mut batch.payloads));
            (batch.leaves, batch.payloads) = items.filter(|(leaf, _)| leaves.contains(leaf)).unzip();
        }
        self
    }

    /// Stores all payloads. An answer to a query that cannot be stored becomes a failed one, and a request that tells a
    /// failure goes on without its details.
    ///
    /// # Errors
    ///
    /// The first failure of a payload that belongs to no part.
    pub(super) async fn store(self, exchange: &Exchange, work: &Message) -> Result<Stored> {
        let Self { request, parts, any_size, .. } = self;
        let parts = stream::iter(parts)
            .map(|(part, batch)| async move { (part, batch.offload(exchange, work, any_size).await) })
            .buffer_unordered(PARTS_AT_ONCE)
            .collect::<Vec<_>>();
        let (replaced, parts) =
            future::try_join(request.offload(exchange, work, any_size), async { Ok(parts.await) }).await?;
        let mut stored = Stored { replaced, ..Stored::default() };
        for (part, outcome) in parts {
            match (outcome, part) {
                (Ok(replaced), _) => stored.replaced.extend(replaced),
                (Err(error), Part::Answer(answer)) => {
                    stored.failed.push((answer, queries::fail(exchange, &error)));
                }
                (Err(error), Part::Omissible(payloads)) => {
                    stored.omitted.push(payloads);
                    stored.omitted_because.get_or_insert(error);
                }
            }
        }
        Ok(stored)
    }
}

impl Stored {
    /// Writes the outcome: references in the place of payloads, where `keep` says so of both lengths, failed answers in
    /// the place of those that could not be stored, and nothing in the place of details. Says whether anything changed.
    pub(super) fn write(
        &self,
        exchange: &Exchange,
        scan: &Scan,
        rewrite: &mut Rewrite<'_>,
        keep: impl Fn(usize, usize) -> bool,
    ) -> bool {
        let mut changed = !self.failed.is_empty();
        for Replaced { leaf, length, reference } in &self.replaced {
            if keep(*length, reference.encoded_len()) {
                rewrite.replace(*leaf, reference.body().segments().iter().cloned());
                changed = true;
            }
        }
        for (answer, failed) in &self.failed {
            rewrite.replace_message(*answer, [failed.clone()]);
        }
        self.omitted.iter().for_each(|payloads| payloads.take_out(rewrite));
        if let Some(error) = &self.omitted_because {
            failure::note_omitted(exchange, scan, rewrite, Reason::Storage(error));
        }
        changed || !self.omitted.is_empty()
    }
}

impl Batch {
    /// Offloads the payloads, and returns those that became references. Where the answer may bring them back in eager
    /// tasks, the exchange keeps the payloads for it.
    async fn offload(self, exchange: &Exchange, work: &Message, any_size: bool) -> Result<Vec<Replaced>> {
        if self.payloads.is_empty() {
            return Ok(Vec::new());
        }
        let before: Vec<Payload> = self.payloads.iter().map(|(_, payload)| payload.clone()).collect();
        let after = match any_size {
            true => work.offload_any_size(self.payloads).await?,
            false => work.offload(self.payloads).await?,
        };
        let all = self.leaves.into_iter().zip(after).zip(before);
        let changed = all.filter(|((_, after), before)| after != before);
        let replaced = changed.map(|((leaf, reference), before)| {
            let length = before.encoded_len();
            if exchange.may_bring_tasks() {
                exchange.own_payloads.keep(&reference, before, exchange.state.options.message_cap / 2);
            }
            Replaced { leaf, length, reference }
        });
        Ok(replaced.collect())
    }
}
