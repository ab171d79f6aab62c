//! Tests large payloads in inputs and results.

use temporalio_client::WorkflowGetResultOptions;

use crate::activities::text;
use crate::mounted::Mounted;
use crate::support::fixture::Fixture;
use crate::workflows::{Chain, MEGABYTE, Moves};

/// Gives a workflow 5 MB, lets an activity return 6 MB, and takes 11 MB as the result.
pub(crate) async fn large_payloads_leave_a_small_history(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    let result = mounted
        .run(async {
            let handle =
                mounted.client.start_workflow(Moves::run, text('a', 5 * MEGABYTE), options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(result, text('a', 5 * MEGABYTE) + &text('b', 6 * MEGABYTE));

    let history = mounted.fixture.history().await;
    let info = history.info();
    assert!(info.history_size_bytes < 4096, "{} bytes", info.history_size_bytes);
    assert_eq!(info.external_payload_count, 3);
    assert_eq!(info.external_payload_count.unsigned_abs(), mounted.counts.stored());
    assert_eq!(info.external_payload_size_bytes.unsigned_abs(), mounted.counts.stored_bytes());

    assert!(!history.holds("aaaa") && !history.holds("bbbb"), "Temporal holds payload bytes");
    let restored = mounted.restored_history().await;
    assert!(restored.holds(&text('b', MEGABYTE)), "our client sees the payloads");
}

/// Twenty activities pass on a megabyte; the workflow is evicted after every task.
pub(crate) async fn a_chain_reads_nothing_twice(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    let uncached = |mut options: temporalio_sdk::WorkerOptions| {
        options.max_cached_workflows = 0;
        options
    };
    let body = async {
        let handle =
            mounted.client.start_workflow(Chain::run, (20, text('a', MEGABYTE)), options).await.unwrap();
        handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
    };
    let result = mounted.run_with(uncached, body).await;
    assert_eq!(result, text('u', MEGABYTE));
    // Everything was stored by this process, so nothing needs to be read at all.
    let reads = mounted.counts.reads();
    assert!(reads <= 2, "{reads} reads");
}

/// The first workflow task comes with the answer to the start.
pub(crate) async fn an_eager_start_is_restored(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let mut options = mounted.fixture.start_options();
    options.enable_eager_workflow_start = true;
    let result = mounted
        .run(async {
            let handle =
                mounted.client.start_workflow(Chain::run, (1, text('a', MEGABYTE)), options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(result, text('b', MEGABYTE));
    let history = mounted.restored_history().await;
    assert!(
        history.started().eager_execution_accepted,
        "the server did not start it eagerly: nothing was tested"
    );
}
