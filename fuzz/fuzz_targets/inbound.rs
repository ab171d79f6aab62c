//! Fuzzes the responses that a gateway restores: the work grows with their bytes alone, whoever filled them.
//!
//! Work is counted and no clock is asked: fields that are read, and messages of a scan that are looked at.
#![no_main]

#[path = "inbound/composed.rs"]
mod composed;
#[path = "inbound/server.rs"]
mod server;
#[path = "inbound/words.rs"]
mod words;

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use extstore::{ENCODING, ExternalStorage, MemoryDriver, Payload};
use extstore_gateway::{Answer, Call, Code, Gateway, GatewayBuilder, Status, Upstream};
use extstore_wire::{Rpc, steps};
use libfuzzer_sys::fuzz_target;
use server::Server;
use tokio::runtime::{Builder, Runtime};

fuzz_target!(|input: &[u8]| {
    let Some(([rpc, options], program)) = input.split_first_chunk() else { return };
    let (rpc, request) = RPCS[usize::from(*rpc) % RPCS.len()];
    let message = composed::message(program, &fixture().words);
    let length = message.len() as u64;
    let before = steps();
    let sent = fixture().runtime.block_on(received(rpc, request, message, *options));
    let work = steps() - before;
    assert!(work <= PER_BYTE * (length + sent) + AT_LEAST, "{work} steps for {length} bytes and {sent} sent");
});

/// Bounds the steps for each byte of a response, and of what the gateway sends because of it. The smallest references at
/// the greatest depth take 5.5: each has its way to the outermost message, a few times.
const PER_BYTE: u64 = 8;
/// Bounds the steps for a response without a byte.
const AT_LEAST: u64 = 1_000;

/// Lists the calls, with the fields of their requests that decide how the response is restored.
const RPCS: [(Rpc, &[u8]); 16] = [
    (Rpc::PollWorkflowTaskQueue, b""),
    (Rpc::PollActivityTaskQueue, b""),
    (Rpc::PollNexusTaskQueue, b""),
    (Rpc::RespondWorkflowTaskCompleted, b""),
    (Rpc::StartWorkflowExecution, b""),
    (Rpc::ExecuteMultiOperation, b""),
    (Rpc::GetWorkflowExecutionHistory, b""),
    // A client that asks for a page of ten events, and one that asks for the closing event.
    (Rpc::GetWorkflowExecutionHistory, &[0x18, 10]),
    (Rpc::GetWorkflowExecutionHistory, &[0x30, 2]),
    (Rpc::GetWorkflowExecutionHistoryReverse, b""),
    (Rpc::DescribeWorkflowExecution, b""),
    (Rpc::ListWorkflowExecutions, b""),
    (Rpc::DescribeSchedule, b""),
    (Rpc::PollWorkflowExecutionUpdate, b""),
    (Rpc::DescribeNamespace, b""),
    (Rpc::QueryWorkflow, b""),
];

/// Sends a request through a new gateway, and returns the bytes of all requests that the server got.
async fn received(rpc: Rpc, request: &'static [u8], message: Bytes, options: u8) -> u64 {
    let is_set = |bit: u8| options & 1 << bit != 0;
    let gateway = builder(is_set(0))
        .with_resolving_data_converter(is_set(1))
        .with_whole_histories(is_set(2))
        .with_message_cap(if is_set(3) { 1 << 16 } else { u64::MAX })
        .build();
    let answer = match is_set(4) {
        true => Err(Status::new(Code::NOT_FOUND, "").with_details(message)),
        false => Ok(Answer::new(Default::default(), message)),
    };
    let server = Arc::new(Server::new(answer));
    let call = Call::new(rpc.service(), rpc.method(), Default::default(), Bytes::from_static(request));
    // Any outcome is right here; a reference that stays is the business of the gateway's own tests.
    let _ = gateway.call(call, Arc::clone(&server) as Arc<dyn Upstream>).await;
    gateway.idle().await;
    server.received()
}

fn builder(without_storage: bool) -> GatewayBuilder {
    if without_storage { Gateway::without_storage() } else { Gateway::builder(fixture().storage.clone()) }
}

struct Fixture {
    /// Its clock is paused: what waits is done at once.
    runtime: Runtime,
    storage: ExternalStorage,
    words: Vec<Vec<u8>>,
}

/// Makes external storage with one payload in it.
fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime of one thread starts");
        let storage = ExternalStorage::builder()
            .with_driver(Arc::new(MemoryDriver::default()))
            .with_payload_size_threshold(0)
            .build()
            .expect("one driver is enough");
        let payload = Payload::new([(ENCODING, "binary/plain")], "what the reference stands for");
        let message = storage.message("default");
        let offloaded = runtime.block_on(message.offload(vec![(None, payload)])).expect("memory stores");
        Fixture { runtime, storage, words: words::words(&offloaded[0]) }
    })
}
