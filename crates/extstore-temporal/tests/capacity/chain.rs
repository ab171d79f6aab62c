//! How often a chain of activities reads the store.

use temporalio_common::data_converters::MultiArgs2;

use crate::blob::Blob;
use crate::crew::Crew;
use crate::flows::Chain;
use crate::shelf::Shelf;
use crate::stage::{Stage, Work, result};
use crate::text::LARGE;

const LENGTH: u32 = 20;
/// What may be read beyond what a process has never seen.
const BEYOND: usize = 2;

/// Twenty activities hand on a mebibyte. Workflows and activities run in two processes, and the workflow is evicted
/// after every task, so that its whole history comes again with each.
pub(crate) async fn of_two_processes(stage: Stage) -> String {
    let caller = Shelf::default();
    let (workflows, activities) = (caller.of_another_process(), caller.of_another_process());
    let client = stage.client(&workflows.mount()).await;
    let first = stage.worker_for(&client, Work::Workflows, |mut options| {
        options.max_cached_workflows = 0;
        options
    });
    let client = stage.client(&activities.mount()).await;
    let second = stage.worker_for(&client, Work::Activities(Crew::default()), |options| options);

    let client = stage.client(&caller.mount()).await;
    let input = MultiArgs2(LENGTH, Blob::numbered(0, LARGE));
    let handle = client.start_workflow(Chain::run, input, stage.options()).await.unwrap();
    assert!(result(&handle).await == Blob::numbered(LENGTH, LARGE), "every activity has run once");
    first.stop().await;
    second.stop().await;

    // The input and the activities' results; the input alone; the workflow's result.
    let never_seen = [LENGTH as usize + 1, 1, 1];
    let opens = [workflows.opens(), activities.opens(), caller.opens()];
    for (opens, never_seen) in opens.into_iter().zip(never_seen) {
        assert!(
            opens <= never_seen + BEYOND,
            "{opens} reads of {never_seen} objects that the process never saw"
        );
    }
    let creates = [workflows.creates(), activities.creates(), caller.creates()];
    format!("reads {opens:?}, of objects never seen {never_seen:?}; uploads {creates:?}")
}
