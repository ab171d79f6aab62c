//! Tests a task that is small as Temporal holds it, and above gRPC's limits with its payloads restored.

use temporalio_client::{Client, WorkflowHandle, WorkflowSignalOptions, WorkflowTerminateOptions};
use temporalio_common::data_converters::DataConverter;

use crate::blob::Blob;
use crate::memory_store::MemoryStore;
use crate::support::eventually::eventually;
use crate::support::fixture::{Fixture, result};
use crate::text::{LARGE, tag_of, text};
use crate::workers::{self, Work};
use crate::workflows::{Carry, Listen};

/// Counts the signals: together they exceed the 128 MiB that the SDK takes, and each has less than the 50 MiB that a
/// driver stores.
const SIGNALS: usize = 4;
const BYTES: usize = 45 << 20;
/// Is the value of `WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`.
const TOO_LARGE: i32 = 37;

/// With the data converter, payloads that do not fit are restored when the workflow asks for them.
pub(crate) async fn with_converter(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let mount = store.mount();
    let client = fixture.client(&mount).await;
    let handle = signalled(&fixture, &client).await;
    let worker = workers::start(&fixture, &mount).await;
    let heard = result(&handle).await;
    worker.stop().await;
    let expected: Vec<(usize, u8)> = (0..SIGNALS).map(|signal| (BYTES, signal as u8)).collect();
    assert_eq!(heard, expected);
    let failed = fixture.history().await.failed_tasks();
    assert!(failed.is_empty(), "{failed:?}");
    format!("{} MiB in one task", (SIGNALS * BYTES) >> 20)
}

/// Without it the task fails, with the reason and the option, and the worker goes on with other workflows.
pub(crate) async fn without_converter(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let client = fixture.client_with(&store.mount(), DataConverter::default()).await;
    let handle = signalled(&fixture, &client).await;
    let worker = workers::start_for(&fixture, &client, Work::Everything(Default::default()));
    let failed = eventually("the task fails", async || fixture.history().await.failed_tasks().pop()).await;
    assert_eq!(failed.cause, TOO_LARGE, "{failed:?}");
    for part in ["restored", "with_message_cap"] {
        assert!(failed.text.contains(part), "{part:?} is not in {failed:?}");
    }

    let mut other = fixture.start_options();
    other.workflow_id.push_str("-other");
    let other = client.start_workflow(Carry::run, text("other", LARGE), other).await.unwrap();
    assert_eq!(tag_of(&result(&other).await), ("other", LARGE), "the worker has survived");
    handle.terminate(WorkflowTerminateOptions::default()).await.unwrap();
    worker.stop().await;
    format!("cause {}: {}", failed.cause, failed.text)
}

/// Starts a workflow that has all its signals before a worker has seen it.
async fn signalled(fixture: &Fixture, client: &Client) -> WorkflowHandle<Client, Listen> {
    client.start_workflow(Listen::run, SIGNALS, fixture.start_options()).await.unwrap();
    let handle = client.get_workflow_handle::<Listen>(fixture.id());
    for signal in 0..SIGNALS {
        let blob = Blob(vec![signal as u8; BYTES]);
        handle.signal(Listen::hear, blob, WorkflowSignalOptions::default()).await.unwrap();
    }
    handle
}
