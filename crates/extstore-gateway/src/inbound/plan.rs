//! Decides which references of a response are restored.

use std::collections::{BTreeSet, HashMap};

use extstore::Payload;
use extstore_wire::{Leaf, Scan};

use super::cap::{self, Growth};
use super::lazy::{Events, Replayed};
use super::part::{Owner, Task};
use super::references::size_hint;
use crate::exchange::Exchange;

/// References that are restored together and fail together.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) owner: Owner,
    /// Their places in the scan, in the order of `references`.
    pub(super) leaves: Vec<usize>,
    pub(super) references: Vec<Payload>,
}

impl Part {
    /// Returns the growth of each reference, with the real sizes of the restored payloads.
    pub(super) fn growths<'a>(&'a self, restored: &'a [Payload]) -> impl Iterator<Item = Growth> + 'a {
        self.leaves.iter().zip(&self.references).zip(restored).map(|((leaf, reference), payload)| Growth {
            leaf: *leaf,
            reference: reference.encoded_len() as u64,
            payload: payload.encoded_len() as u64,
        })
    }
}

/// Returns the parts of a response, in the order of its bytes. References that are left to the data converter are in
/// none.
pub(super) fn parts(exchange: &Exchange, scan: &Scan, replayed: &Replayed) -> Vec<Part> {
    let may_leave_references = exchange.may_leave_references();
    let mut events = Events::new(replayed);
    let mut lazy = |leaf: &Leaf| may_leave_references && events.are_replayed(scan.frame(leaf.frame()));
    let now: Vec<(usize, Payload)> = scan
        .leaves()
        .iter()
        .enumerate()
        .filter(|(_, leaf)| !lazy(leaf))
        // Bytes that cannot be read as a payload are no reference, whatever their metadata says.
        .filter_map(|(at, leaf)| Some((at, Payload::decode(scan.payload(leaf)).ok()?)))
        .collect();
    let left = if may_leave_references { left(exchange, scan, &now) } else { BTreeSet::new() };
    let (mut parts, mut places) = (Vec::<Part>::new(), HashMap::new());
    for (leaf, reference) in now.into_iter().filter(|(leaf, _)| !left.contains(leaf)) {
        let owner = Owner::of(scan, &scan.leaves()[leaf]);
        let at = *places.entry(owner).or_insert_with(|| {
            parts.push(Part { owner, leaves: Vec::new(), references: Vec::new() });
            parts.len() - 1
        });
        parts[at].leaves.push(leaf);
        parts[at].references.push(reference);
    }
    parts
}

/// Returns the parts of a response that cannot be restored at all: its tasks, or the response itself where it has none.
pub(super) fn refused(tasks: &[Task]) -> Vec<Part> {
    let part = |owner| Part { owner, leaves: Vec::new(), references: Vec::new() };
    match tasks {
        [] => vec![part(Owner::Root)],
        tasks => tasks.iter().map(|task| part(task.owner)).collect(),
    }
}

/// Returns the references that are not fetched, because by the sizes that references claim the response would exceed
/// its cap.
fn left(exchange: &Exchange, scan: &Scan, references: &[(usize, Payload)]) -> BTreeSet<usize> {
    let growths = references.iter().map(|(leaf, reference)| Growth {
        leaf: *leaf,
        reference: reference.encoded_len() as u64,
        payload: size_hint(reference),
    });
    let cap = exchange.state.options.message_cap;
    cap::too_many(scan.bytes().len() as u64, cap, growths).into_iter().collect()
}
