//! References in a response take the memory of their bytes while they are restored, however many metadata entries they
//! have.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

use std::alloc::System;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::{Event, ExternalStorage, MemoryDriver, Payload as Stored, Reference};
use extstore_gateway::{Answer, Call, Gateway, Rope, Status, Upstream};
use http::HeaderMap;
use prost::Message as _;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use temporalio_protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_protos::temporal::api::workflowservice::v1::QueryWorkflowResponse;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ENTRIES: usize = 65_535;
const REFERENCES: usize = 4;

/// The bytes that are allocated now.
fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// An upstream that answers every call with the same message.
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

/// Makes a reference with a great many further entries.
fn hostile(reference: &Stored) -> Payload {
    let own = reference.metadata_entries().map(|(key, value)| (key.to_owned(), value.to_vec()));
    let metadata: HashMap<String, Vec<u8>> =
        (0..ENTRIES).map(|number| (format!("{number:x}"), Vec::new())).chain(own).collect();
    Payload { metadata, data: reference.data().to_vec(), ..Payload::default() }
}

/// The only test in this process: the allocator counts for all threads.
#[tokio::test]
async fn many_entries_take_no_more_memory_than_their_bytes() {
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let observer = move |event: &Event<'_>| {
        if matches!(event, Event::Request { .. }) {
            seen.fetch_max(allocated(), Ordering::Relaxed);
        }
    };
    let driver = Arc::new(MemoryDriver::default());
    let storage = ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(0);
    let storage = storage.with_observer(observer).build().unwrap();
    let stored = Stored::new([("encoding", "binary/plain")], "small");
    let offloaded = storage.message("").offload(vec![(None, stored.clone())]).await.unwrap();
    assert!(Reference::parse(&offloaded[0]).is_ok());

    let payloads = (0..REFERENCES).map(|_| hostile(&offloaded[0])).collect();
    let response = QueryWorkflowResponse { query_result: Some(Payloads { payloads }), ..Default::default() };
    let response = Bytes::from(response.encode_to_vec());
    let encoded = response.len();
    let upstream = Arc::new(Fixed(response));
    let service = "temporal.api.workflowservice.v1.WorkflowService";
    let call = Call::new(service, "QueryWorkflow", HeaderMap::new(), Rope::default());
    let gateway = Gateway::builder(storage).build();
    most.store(0, Ordering::Relaxed);
    let before = allocated() - encoded;
    let answer = gateway.call(call, upstream).await.unwrap();

    let held = most.load(Ordering::Relaxed) - before;
    assert!(held <= 3 * encoded, "{held} bytes are held for a response of {encoded} bytes");
    let answer = QueryWorkflowResponse::decode(answer.body.to_bytes()).unwrap();
    let restored = answer.query_result.unwrap().payloads;
    assert!(restored.len() == REFERENCES && restored.iter().all(|payload| payload.data == b"small"));
}
