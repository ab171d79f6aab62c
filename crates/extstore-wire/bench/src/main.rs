//! Measures the wire engine beside prost in one run: `cargo run --release -p extstore-wire-bench -- [--json FILE]`.
//!
//! The message is what a worker receives most: a workflow task with 250 events of history, 2 MB, no payload of it
//! large. The exit status is 1 where scanning takes more than a fifteenth of prost's decoding and encoding, or
//! allocates for a payload.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod messages;
mod report;
mod time;

use std::alloc::System;
use std::cell::RefCell;
use std::process::ExitCode;

use bytes::Bytes;
use extstore_wire::{Found, MessageType, Rewrite, Scan, Visitor, walk};
use prost::Message as _;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use temporalio_protos::temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const POLL: MessageType = MessageType::PollWorkflowTaskQueueResponse;
/// Holds the default threshold of the specification, in bytes.
const THRESHOLD: usize = 256 * 1024;

fn main() -> ExitCode {
    let rows = [
        measure("one payload in each event", &messages::payload_in_each_event(250, 8_000)),
        measure("a usual history", &messages::usual_history(250, 24_000)),
    ];
    let per_payload = allocations_per_payload();
    let (passed, json) = report::print(&rows, per_payload);
    if let Err(error) = report::write(&json) {
        eprintln!("wire-bench: {error}");
        return ExitCode::from(2);
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Holds the best times of one message, in nanoseconds.
struct Row {
    name: &'static str,
    bytes: usize,
    payloads: usize,
    prost: u64,
    walk: u64,
    select: u64,
    all: u64,
    rewrite: u64,
    walk_allocations: usize,
    select_allocations: usize,
}

fn measure(name: &'static str, message: &PollWorkflowTaskQueueResponse) -> Row {
    let bytes = Bytes::from(message.encode_to_vec());
    let buffer = RefCell::new(Vec::with_capacity(bytes.len()));
    let [prost, walk, select, all, rewrite] = time::best([
        &|| through_prost(&bytes, &buffer),
        &|| count(&bytes),
        &|| select_large(&bytes),
        &|| scan(&bytes).leaves().len(),
        &|| replace_one(&bytes),
    ]);
    Row {
        name,
        bytes: bytes.len(),
        payloads: count(&bytes),
        prost,
        walk,
        select,
        all,
        rewrite,
        walk_allocations: allocations(|| count(&bytes)),
        select_allocations: allocations(|| select_large(&bytes)),
    }
}

/// Does what a host on prost's types does to every message, whether it changes something or not. The buffer that it
/// encodes into is used again, which few hosts can do.
fn through_prost(bytes: &Bytes, buffer: &RefCell<Vec<u8>>) -> usize {
    let decoded = PollWorkflowTaskQueueResponse::decode(bytes.clone()).expect("the bench encoded it");
    let mut buffer = buffer.borrow_mut();
    buffer.clear();
    decoded.encode(&mut *buffer).expect("a vector grows");
    buffer.len()
}

fn count(bytes: &[u8]) -> usize {
    struct Count(usize);
    impl Visitor for Count {
        fn payload(&mut self, _: &Found<'_>) {
            self.0 += 1;
        }
    }
    let mut count = Count(0);
    walk(POLL, bytes, &mut count).expect("the bench encoded it");
    count.0
}

fn select_large(bytes: &Bytes) -> usize {
    let selected = Scan::select(POLL, bytes.clone(), |found| found.bytes().len() >= THRESHOLD);
    selected.expect("the bench encoded it").leaves().len()
}

fn scan(bytes: &Bytes) -> Scan {
    Scan::all(POLL, bytes.clone()).expect("the bench encoded it")
}

fn replace_one(bytes: &Bytes) -> usize {
    let scan = scan(bytes);
    let mut rewrite = Rewrite::new(&scan);
    rewrite.replace(scan.leaves().len() / 2, [Bytes::from_static(b"\x12\x04gone")]);
    rewrite.finish().expect("the message got smaller").len()
}

fn allocations(work: impl FnOnce() -> usize) -> usize {
    let region = Region::new(ALLOCATOR);
    work();
    let stats = region.change();
    stats.allocations + stats.reallocations
}

/// Counts the allocations of a scan of ten times the payloads, less those of a scan of one time, for each payload
/// more.
fn allocations_per_payload() -> f64 {
    let [few, many] = [250, 2_500].map(|events| {
        let bytes = Bytes::from(messages::payload_in_each_event(events, 500).encode_to_vec());
        (count(&bytes), allocations(|| select_large(&bytes)))
    });
    (many.1 as f64 - few.1 as f64) / (many.0 as f64 - few.0 as f64)
}
