//! Tests activities whose input is being restored when their worker stops, or for which storage is slow.
//!
//! A Temporal server on a busy machine loses an activity now and then: it writes that the attempt has started, gives up
//! waiting for that after a second, and answers no poll with it (<https://github.com/temporalio/temporal/issues/11733>).
//! Such an attempt ends by its time-out. So nothing here depends on the number of an attempt, and the failure of an attempt
//! is read while no later one can fail.

use std::time::{Duration, Instant};

use extstore::{ErrorKind, Event, Payload};
use temporalio_client::{Client, WorkflowHandle};
use tokio::sync::watch;

use crate::activities::Activities;
use crate::memory_store::MemoryStore;
use crate::support::eventually::eventually;
use crate::support::fixture::{Fixture, result};
use crate::support::history::History;
use crate::support::worker::RunningWorker;
use crate::text::{LARGE, text};
use crate::workers::{self, Work};
use crate::workflows::Measure;

/// The texts of attempts that were given back. A machine may be so busy that an eager task is given up first.
const STOPPED: &str = "the worker stopped before the task was delivered to it";
const SLOW: &str = "External storage could not restore payloads of this activity task";

/// The activities that the server may give to a worker with one completion of a task, by default.
const EAGER: usize = 3;

/// Bounds the end of a worker. A server misses a poll that arrives while it takes note of the stop
/// (<https://github.com/temporalio/temporal/pull/11841>); the poll then ends after a minute.
const END: Duration = Duration::from_secs(100);

/// Stops a worker that was given an eager activity.
pub(crate) async fn eager(fixture: Fixture) -> String {
    repeated(fixture, EAGER, |text| text == STOPPED || text.starts_with(SLOW)).await
}

/// Stops a worker that has polled an activity.
pub(crate) async fn polled(fixture: Fixture) -> String {
    repeated(fixture, 0, |text| text == STOPPED).await
}

/// Stops a worker three times, or as often as the environment says.
async fn repeated(fixture: Fixture, eager: usize, expected: fn(&str) -> bool) -> String {
    let times = std::env::var("EXTSTORE_HANDED_BACK_TIMES").map_or(3, |times| times.parse().unwrap());
    assert!(times > 0, "a test that runs");
    let mut longest = Duration::ZERO;
    for time in 0..times {
        let fixture = Fixture::with_id(format!("{}-{time}", fixture.id()), fixture.temporal());
        longest = longest.max(stopped(&fixture, eager, expected).await);
    }
    format!(
        "{times} of {times} were given back and ran elsewhere; the longest end of a worker took {longest:.1?}"
    )
}

/// Stops a worker that restores an activity's input, and returns the time that its end took.
async fn stopped(fixture: &Fixture, eager: usize, expected: fn(&str) -> bool) -> Duration {
    let store = MemoryStore::default();
    let slow = store.of_another_process();
    slow.downloads().close();
    let client = fixture.client(&slow.mount()).await;
    let first = start(fixture, &client, eager);
    let handle = start_workflow(fixture, &store).await;
    slow.downloads().is_reached().await;
    let told = Instant::now();
    first.shut_down();
    first.stopped(END).await;
    let took = told.elapsed();
    // No worker is there that could fail another attempt.
    until_failed(fixture, expected).await;

    let second = workers::start(fixture, &store.of_another_process().mount()).await;
    assert_eq!(result(&handle).await, LARGE);
    second.stop().await;
    took
}

/// The answer to the completion waits for two seconds. The polls of the worker would wait for two minutes: so this shows
/// also that the activities of these tests are eager.
pub(crate) async fn while_storage_is_slow(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let slow = store.of_another_process();
    slow.downloads().close();
    let (given_up, mut seen) = watch::channel(false);
    let mount = slow.observed_mount(move |event: &Event<'_>| {
        if let Event::Failed { path: "activity_task", kind: ErrorKind::Timeout, reported: true, .. } = event {
            given_up.send_replace(true);
        }
    });
    let worker = start(&fixture, &fixture.client(&mount).await, EAGER);
    let handle = start_workflow(&fixture, &store).await;
    seen.wait_for(|seen| *seen).await.unwrap();
    // The next attempt cannot be restored either as long as storage is slow.
    until_failed(&fixture, |text| text.starts_with(SLOW)).await;
    slow.downloads().open();
    assert_eq!(result(&handle).await, LARGE);
    worker.stop().await;
    "the activity went back, and a later attempt completed".to_owned()
}

/// Starts a worker for everything, which takes so many eager activities with one completion of a task.
fn start(fixture: &Fixture, client: &Client, eager: usize) -> RunningWorker {
    workers::start_changed(fixture, client, Work::Everything(Activities::default()), |mut options| {
        options.max_eager_activity_reservations_per_workflow_task = eager;
        options
    })
}

/// Starts the workflow with the reference of a payload that another process stored: its worker must read it.
async fn start_workflow(fixture: &Fixture, store: &MemoryStore) -> WorkflowHandle<Client, Measure> {
    let payload = Payload::new([("encoding", "json/plain")], text("", LARGE));
    let offloaded = store.storage().message("default").offload(vec![(None, payload)]).await.unwrap();
    let reference = offloaded[0].to_bytes().to_vec();
    let client = fixture.client(&store.mount()).await;
    client.start_workflow(Measure::run, reference, fixture.start_options()).await.unwrap();
    client.get_workflow_handle(fixture.id())
}

/// Waits until the server shows that the last attempt of the activity failed in the expected way.
async fn until_failed(fixture: &Fixture, expected: fn(&str) -> bool) {
    let client = fixture.plain_client().await;
    eventually("the activity was given back", async || {
        let (_, text) = History::read(&client, fixture.id()).await.retried_activity()?;
        expected(&text).then_some(())
    })
    .await;
}
