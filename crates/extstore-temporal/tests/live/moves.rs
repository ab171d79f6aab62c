//! Large payloads in inputs and results.

use temporalio_client::{WorkflowGetResultOptions, WorkflowStartOptions};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use crate::activities::text;
use crate::harness::Server;
use crate::history;
use crate::workflows::{Chain, MEGABYTE, Moves};
use crate::world::{Counts, World};

/// 5 MB in, 6 MB from an activity, 11 MB out.
pub(crate) async fn large_payloads_leave_a_small_history(server: Server) {
    let world = World::new(server).await;
    let options = world.start("moves");
    let id = options.workflow_id.clone();
    let result = world
        .run(async {
            let handle =
                world.client.start_workflow(Moves::run, text('a', 5 * MEGABYTE), options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(result, text('a', 5 * MEGABYTE) + &text('b', 6 * MEGABYTE));

    let info = history::info(&world.client, &id).await;
    assert!(info.history_size_bytes < 4096, "{} bytes", info.history_size_bytes);
    assert_eq!(info.external_payload_count, 3);
    assert_eq!(info.external_payload_count.unsigned_abs(), Counts::of(&world.counts.stored));
    assert_eq!(info.external_payload_size_bytes.unsigned_abs(), Counts::of(&world.counts.stored_bytes));

    let seen = history::events(&world.plain_client().await, &id).await;
    assert!(!history::holds(&seen, "aaaa") && !history::holds(&seen, "bbbb"), "Temporal holds payload bytes");
    let restored = history::events(&world.client, &id).await;
    assert!(history::holds(&restored, &text('b', MEGABYTE)), "our client sees the payloads");
}

/// Twenty activities that hand on a megabyte; the workflow is evicted after every task.
pub(crate) async fn a_chain_reads_nothing_twice(server: Server) {
    let world = World::new(server).await;
    let options = world.start("chain");
    let uncached = |mut options: temporalio_sdk::WorkerOptions| {
        options.max_cached_workflows = 0;
        options
    };
    let body = async {
        let handle =
            world.client.start_workflow(Chain::run, (20, text('a', MEGABYTE)), options).await.unwrap();
        handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
    };
    let result = world.run_with(uncached, body).await;
    assert_eq!(result, text('u', MEGABYTE));
    // Everything was stored by this process, so nothing needs to be read at all.
    let reads = Counts::of(&world.counts.reads);
    assert!(reads <= 2, "{reads} reads");
}

/// The first workflow task comes with the answer to the start.
pub(crate) async fn an_eager_start_is_restored(server: Server) {
    let world = World::new(server).await;
    let WorkflowStartOptions { task_queue, workflow_id, .. } = world.start("eager");
    let options =
        WorkflowStartOptions::new(task_queue, &workflow_id).enable_eager_workflow_start(true).build();
    let result = world
        .run(async {
            let handle =
                world.client.start_workflow(Chain::run, (1, text('a', MEGABYTE)), options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(result, text('b', MEGABYTE));
    let events = history::events(&world.client, &workflow_id).await;
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &events[0].attributes else {
        panic!("the first event is the start");
    };
    assert!(started.eager_execution_accepted, "the server did not start it eagerly: nothing was tested");
}
