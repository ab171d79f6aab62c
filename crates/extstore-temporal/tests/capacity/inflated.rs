//! A task that is small as Temporal holds it, and above gRPC's limits with its payloads restored.

use temporalio_client::{Client, WorkflowHandle, WorkflowSignalOptions, WorkflowTerminateOptions};
use temporalio_common::data_converters::DataConverter;

use crate::blob::Blob;
use crate::eventually::eventually;
use crate::flows::{Carry, Listen};
use crate::shelf::Shelf;
use crate::stage::{Stage, Work, result};
use crate::text::{LARGE, tag_of, text};

/// Together above the 128 MiB that the SDK takes; each below the 50 MiB that a driver stores.
const SIGNALS: usize = 4;
const BYTES: usize = 45 << 20;
/// `WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`
const TOO_LARGE: i32 = 37;

/// With the data converter, what does not fit is restored where the workflow asks for it.
pub(crate) async fn with_converter(stage: Stage) -> String {
    let shelf = Shelf::default();
    let mount = shelf.mount();
    let client = stage.client(&mount).await;
    let handle = signalled(&stage, &client).await;
    let working = stage.worker(&mount).await;
    let heard = result(&handle).await;
    working.stop().await;
    let expected: Vec<(usize, u8)> = (0..SIGNALS).map(|signal| (BYTES, signal as u8)).collect();
    assert_eq!(heard, expected);
    let failed = stage.journal().await.failed_tasks();
    assert!(failed.is_empty(), "{failed:?}");
    format!("{} MiB in one task", (SIGNALS * BYTES) >> 20)
}

/// Without it the task fails, with the reason and the option, and the worker goes on with other workflows.
pub(crate) async fn without_converter(stage: Stage) -> String {
    let shelf = Shelf::default();
    let client = stage.client_with(&shelf.mount(), DataConverter::default()).await;
    let handle = signalled(&stage, &client).await;
    let working = stage.worker_for(&client, Work::Everything(Default::default()), |options| options);
    let failed = eventually("the task fails", async || stage.journal().await.failed_tasks().pop()).await;
    assert_eq!(failed.0, TOO_LARGE, "{failed:?}");
    for part in ["restored", "with_message_cap"] {
        assert!(failed.1.contains(part), "{part:?} is not in {failed:?}");
    }

    let mut other = stage.options();
    other.workflow_id.push_str("-other");
    let other = client.start_workflow(Carry::run, text("other", LARGE), other).await.unwrap();
    assert_eq!(tag_of(&result(&other).await), ("other", LARGE), "the worker has survived");
    handle.terminate(WorkflowTerminateOptions::default()).await.unwrap();
    working.stop().await;
    format!("cause {}: {}", failed.0, failed.1)
}

/// A workflow that has got all its signals before a worker has seen it.
async fn signalled(stage: &Stage, client: &Client) -> WorkflowHandle<Client, Listen> {
    client.start_workflow(Listen::run, SIGNALS, stage.options()).await.unwrap();
    let handle = client.get_workflow_handle::<Listen>(stage.id());
    for signal in 0..SIGNALS {
        let blob = Blob(vec![signal as u8; BYTES]);
        handle.signal(Listen::hear, blob, WorkflowSignalOptions::default()).await.unwrap();
    }
    handle
}
