//! Tests how often a chain of activities reads the store.

use temporalio_common::data_converters::MultiArgs2;

use crate::activities::Activities;
use crate::blob::Blob;
use crate::memory_store::MemoryStore;
use crate::support::fixture::{Fixture, result};
use crate::text::LARGE;
use crate::workers::{self, Work};
use crate::workflows::Chain;

const LENGTH: u32 = 20;
/// Reads that are allowed beyond the objects that a process has never seen.
const BEYOND: usize = 2;

/// Twenty activities pass on a mebibyte. Workflows and activities run in two processes, and the workflow is evicted
/// after every task, so that its whole history comes again with each.
pub(crate) async fn of_two_processes(fixture: Fixture) -> String {
    let caller = MemoryStore::default();
    let (workflows, activities) = (caller.of_another_process(), caller.of_another_process());
    let client = fixture.client(&workflows.mount()).await;
    let first = workers::start_changed(&fixture, &client, Work::Workflows, |mut options| {
        options.max_cached_workflows = 0;
        options
    });
    let client = fixture.client(&activities.mount()).await;
    let second = workers::start_for(&fixture, &client, Work::Activities(Activities::default()));

    let client = fixture.client(&caller.mount()).await;
    let input = MultiArgs2(LENGTH, Blob::numbered(0, LARGE));
    let handle = client.start_workflow(Chain::run, input, fixture.start_options()).await.unwrap();
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
