//! Prints the CPU time that a polled task of many references takes, per megabyte:
//! `cargo run --release -p extstore-gateway --example hostile_history`. Needs Linux, for the clock of a thread.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints a table")]

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use extstore::{ExternalStorage, MemoryDriver};
use extstore_gateway::{Answer, Call, Gateway, Status, Upstream};
use extstore_wire::{Rpc, put_bytes, put_varint_field};
use http::HeaderMap;

/// The CPU time of each measurement.
const ENOUGH: Duration = Duration::from_millis(500);
const MEGABYTE: usize = 1_000_000;
/// An SDK's worker replays events up to this one.
const REPLAYED: u64 = 1 << 40;

struct Fixed(Bytes);

#[async_trait]
impl Upstream for Fixed {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, _: Call) -> Result<Answer, Status> {
        Ok(Answer::new(HeaderMap::new(), self.0.clone()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!(
        "{:<28} {:>4} {:>10} {:>9} {:>8}",
        "references in signals", "MB", "references", "CPU ms", "ms / MB"
    );
    for (name, padding, sizes) in [
        ("tiny, in headers", 0, [1, 2, 5, 11].as_slice()),
        ("of usual length, in headers", 160, &[1, 2, 5, 11, 20, 40]),
    ] {
        for megabytes in sizes {
            measure(name, padding, *megabytes).await;
        }
    }
}

/// Measures many polls: the clock of a thread goes on in steps of some milliseconds.
async fn measure(name: &str, padding: usize, megabytes: usize) {
    let (body, references) = task(padding, megabytes * MEGABYTE);
    let upstream = Arc::new(Fixed(body));
    let storage = ExternalStorage::builder().with_driver(Arc::new(MemoryDriver::default())).build().unwrap();
    let gateway = Gateway::builder(storage).with_resolving_data_converter(true).build();
    let rpc = Rpc::PollWorkflowTaskQueue;
    let (before, mut polls) = (cpu_time(), 0);
    while cpu_time() - before < ENOUGH {
        polls += 1;
        let call = Call::new(rpc.service(), rpc.method(), HeaderMap::new(), Bytes::new());
        let answer = gateway.call(call, Arc::clone(&upstream) as Arc<dyn Upstream>).await.unwrap();
        assert_eq!(answer.body.len(), upstream.0.len(), "everything is replayed, so nothing is restored");
    }
    let milliseconds = (cpu_time() - before).as_secs_f64() * 1e3 / f64::from(polls);
    let per_megabyte = milliseconds / megabytes as f64;
    println!("{name:<28} {megabytes:>4} {references:>10} {milliseconds:>9.1} {per_megabyte:>8.2}");
}

/// The CPU time of this thread, which runs everything.
fn cpu_time() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// Encodes a workflow task of so many bytes: signals of 2 MB, whose headers hold references.
fn task(padding: usize, bytes: usize) -> (Bytes, usize) {
    let (mut history, mut references, mut id) = (BytesMut::new(), 0, 0);
    while history.len() < bytes {
        id += 1;
        let mut header = BytesMut::new();
        while header.len() < (bytes - history.len()).min(2 * MEGABYTE) {
            references += 1;
            put_bytes(&mut header, 1, &entry(references, padding));
        }
        put_bytes(&mut history, 1, &signal(id, &header));
    }
    let mut task = BytesMut::new();
    put_bytes(&mut task, 1, b"token");
    put_varint_field(&mut task, 4, REPLAYED);
    put_bytes(&mut task, 8, &history);
    (task.freeze(), references)
}

fn entry(number: usize, padding: usize) -> BytesMut {
    let (mut metadata, mut payload, mut entry) = (BytesMut::new(), BytesMut::new(), BytesMut::new());
    put_bytes(&mut metadata, 1, b"__temporal_external_storage_reference");
    put_bytes(&mut metadata, 2, b"true");
    put_bytes(&mut payload, 1, &metadata);
    if padding > 0 {
        put_bytes(&mut payload, 2, &vec![b'x'; padding]);
    }
    put_bytes(&mut entry, 1, number.to_string().as_bytes());
    put_bytes(&mut entry, 2, &payload);
    entry
}

fn signal(id: u64, header: &[u8]) -> BytesMut {
    let (mut wrapped, mut signaled, mut event) = (BytesMut::new(), BytesMut::new(), BytesMut::new());
    wrapped.extend_from_slice(header);
    // `WorkflowExecutionSignaledEventAttributes.header`, `HistoryEvent.workflow_execution_signaled_event_attributes`
    put_bytes(&mut signaled, 4, &wrapped);
    put_varint_field(&mut event, 1, id);
    put_bytes(&mut event, 26, &signaled);
    event
}
