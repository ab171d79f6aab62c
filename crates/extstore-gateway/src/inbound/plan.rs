//! Decides which references of a response are restored.

use std::collections::{BTreeSet, HashMap};

use extstore::Payload;
use extstore_wire::{Leaf, Scan};

use super::cap::{self, Growth};
use super::lazy::{Events, Replayed};
use super::left::Left;
use super::part::{Owner, Task};
use super::references::size_hint;
use super::unit::Unit;
use crate::exchange::Exchange;

/// Holds references that are restored together and fail together.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) owner: Owner,
    /// Their places in the scan, in the order of `references`.
    pub(super) leaves: Vec<usize>,
    pub(super) references: Vec<Payload>,
    pub(super) when_failed: WhenFailed,
    /// The payloads, where they are in memory and the response has room for them.
    pub(super) own: Option<Vec<Payload>>,
}

/// Says what becomes of a part where one of its references cannot be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenFailed {
    /// The part fails.
    Fails,
    /// The part fails, unless there is no room for the payload: then the data converter resolves the reference.
    FailsUnlessTooLarge,
    /// The reference stays, and the part goes on.
    Stays,
}

impl Part {
    fn new(owner: Owner, when_failed: WhenFailed) -> Self {
        Self { owner, leaves: Vec::new(), references: Vec::new(), when_failed, own: None }
    }

    /// Returns the bytes that its references make room for: none where they may stay.
    pub(super) fn freed(&self) -> u64 {
        if self.when_failed != WhenFailed::Fails {
            return 0;
        }
        self.references.iter().map(|reference| reference.encoded_len() as u64).sum()
    }
}

/// Returns the references of a message that shows many things, each of which fails alone.
pub(super) fn shown(scan: &Scan) -> Part {
    let mut part = Part::new(Owner::Root, WhenFailed::Stays);
    (part.leaves, part.references) = readable(scan).map(|(at, _, reference)| (at, reference)).unzip();
    part
}

/// Returns the references that can be read, with their places. Bytes that cannot be read as a payload are no reference,
/// whatever their metadata says.
fn readable(scan: &Scan) -> impl Iterator<Item = (usize, &Leaf, Payload)> {
    let leaves = scan.leaves().iter().enumerate();
    leaves.filter_map(|(at, leaf)| Some((at, leaf, Payload::decode(scan.payload(leaf)).ok()?)))
}

/// Returns the parts of a response, in the order of its bytes. References that are not fetched are in none, and are
/// counted in `left`.
pub(super) fn parts(exchange: &Exchange, scan: &Scan, replayed: &Replayed, left: &mut Left) -> Vec<Part> {
    let (may_leave_references, unit) = (exchange.may_leave_references(), Unit::of(exchange, replayed));
    let mut events = Events::new(replayed);
    let mut lazy = |leaf: &Leaf| may_leave_references && events.are_replayed(scan.frame(leaf.frame()));
    let now: Vec<(usize, Payload)> =
        readable(scan).filter(|(_, leaf, _)| !lazy(leaf)).map(|(at, _, reference)| (at, reference)).collect();
    left.replayed = scan.leaves().len() - now.len();
    let leaves_what_is_too_large = may_leave_references || unit == Unit::Payload;
    let stay = if leaves_what_is_too_large { too_many(exchange, scan, &now) } else { BTreeSet::new() };
    left.no_room = stay.len();
    let when_failed = |owner| match owner {
        Owner::Root if unit == Unit::Payload => WhenFailed::Stays,
        _ if may_leave_references => WhenFailed::FailsUnlessTooLarge,
        _ => WhenFailed::Fails,
    };
    let (mut parts, mut places) = (Vec::<Part>::new(), HashMap::new());
    for (leaf, reference) in now.into_iter().filter(|(leaf, _)| !stay.contains(leaf)) {
        let owner = Owner::of(scan, &scan.leaves()[leaf]);
        let at = *places.entry(owner).or_insert_with(|| {
            parts.push(Part::new(owner, when_failed(owner)));
            parts.len() - 1
        });
        parts[at].leaves.push(leaf);
        parts[at].references.push(reference);
    }
    parts
}

/// Gives to the parts of a response of `length` bytes what the request has offloaded, as far as the response has room.
/// Returns its bytes together, each copy counted.
pub(super) fn take_own(exchange: &Exchange, length: u64, parts: &mut [Part]) -> u64 {
    let room = exchange.state.options.message_cap.saturating_sub(length);
    let mut taken = 0;
    for part in parts {
        let Some(own) = exchange.own_payloads.find(&part.references) else { continue };
        let bytes: u64 = own.iter().map(|payload| payload.encoded_len() as u64).sum();
        if taken + bytes <= room {
            taken += bytes;
            part.own = Some(own);
        }
    }
    taken
}

/// Returns the parts of a response that cannot be restored at all: its tasks, or the response itself where it has none.
pub(super) fn refused(tasks: &[Task]) -> Vec<Part> {
    let part = |owner| Part::new(owner, WhenFailed::Fails);
    match tasks {
        [] => vec![part(Owner::Root)],
        tasks => tasks.iter().map(|task| part(task.owner)).collect(),
    }
}

/// Returns the references that are not fetched, because by the sizes that references claim the response would exceed
/// its cap.
fn too_many(exchange: &Exchange, scan: &Scan, references: &[(usize, Payload)]) -> BTreeSet<usize> {
    let growths = references.iter().map(|(leaf, reference)| Growth {
        leaf: *leaf,
        reference: reference.encoded_len() as u64,
        payload: size_hint(reference),
    });
    let cap = exchange.state.options.message_cap;
    cap::too_many(scan.bytes().len() as u64, cap, growths).into_iter().collect()
}
