//! Tests that walking allocates nothing, and that selecting allocates nothing for a payload that is not selected.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use std::alloc::System;

use bytes::Bytes;
use extstore_wire::{Found, MessageType, Scan, Visitor, walk};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::hand::{int, len, payloads};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

struct Count(usize);

impl Visitor for Count {
    fn payload(&mut self, found: &Found<'_>) {
        self.0 += found.metadata().count();
    }
}

/// A history of signals with two payloads each.
fn history(events: u64) -> Bytes {
    let event = |id| [int(1, id), len(26, len(2, payloads(&["a", "b"])))].concat();
    (1..=events).flat_map(|id| len(1, event(id))).collect::<Vec<_>>().into()
}

fn allocations(work: impl FnOnce() -> usize) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    let result = work();
    let change = region.change();
    (result, change.allocations + change.reallocations)
}

/// The only test in this process: the allocator counts for all threads.
#[test]
fn allocations_do_not_grow_with_payloads() {
    let (few, many) = (history(10), history(10_000));
    let walked = |bytes: &Bytes| {
        allocations(|| {
            let mut count = Count(0);
            walk(MessageType::History, bytes, &mut count).unwrap();
            count.0
        })
    };
    assert_eq!(walked(&few), (20, 0));
    assert_eq!(walked(&many), (20_000, 0));

    let selected = |bytes: &Bytes| {
        allocations(|| {
            let scan = Scan::select(MessageType::History, bytes.clone(), |found| found.bytes().len() > 1_000);
            scan.unwrap().leaves().len()
        })
    };
    // Two lists, each of which has grown once or twice: for the messages that are open at one time.
    assert!(selected(&few).1 <= 5, "{:?}", selected(&few));
    assert_eq!(selected(&few), selected(&many));
}
