//! Starts the workers of these tests.

use extstore_temporal::Mount;
use temporalio_client::Client;
use temporalio_sdk::WorkerOptions;

use crate::activities::Activities;
use crate::support::fixture::Fixture;
use crate::support::worker::{QUICK_TAKEOVER, RunningWorker};
use crate::workflows;

/// Says what a worker polls for.
pub(crate) enum Work {
    Everything(Activities),
    Workflows,
    Activities(Activities),
}

/// Starts a worker with workflows and activities over a mount.
pub(crate) async fn start(fixture: &Fixture, mount: &Mount) -> RunningWorker {
    let client = fixture.client(mount).await;
    start_for(fixture, &client, Work::Everything(Activities::default()))
}

/// Starts a worker for a part of the work.
pub(crate) fn start_for(fixture: &Fixture, client: &Client, work: Work) -> RunningWorker {
    start_changed(fixture, client, work, |options| options)
}

/// Starts the same with options that the test changes.
pub(crate) fn start_changed(
    fixture: &Fixture,
    client: &Client,
    work: Work,
    change: impl FnOnce(WorkerOptions) -> WorkerOptions,
) -> RunningWorker {
    let options = WorkerOptions::new(fixture.id()).sticky_queue_schedule_to_start_timeout(QUICK_TAKEOVER);
    let options = match work {
        Work::Everything(activities) => workflows::register(options).register_activities(activities).build(),
        Work::Workflows => workflows::register(options).build(),
        Work::Activities(activities) => options.register_activities(activities).build(),
    };
    fixture.start_worker(client, change(options))
}
