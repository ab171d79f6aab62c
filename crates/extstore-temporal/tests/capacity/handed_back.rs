//! Tests eager activities whose input is being restored when their worker stops, or for which storage is slow.

use std::time::{Duration, Instant};

use extstore::{ErrorKind, Event, Payload};
use temporalio_client::{Client, WorkflowHandle};
use tokio::sync::watch;

use crate::activities::Activities;
use crate::memory_store::MemoryStore;
use crate::support::fixture::{Fixture, result};
use crate::support::worker::RunningWorker;
use crate::text::{LARGE, text};
use crate::workers::{self, Work};
use crate::workflows::Measure;

/// The texts of the attempt that was handed back. A machine may be so busy that an eager task is given up first.
const STOPPED: &str = "the worker stopped before the task was delivered to it";
const SLOW: &str = "External storage could not restore payloads of this activity task";

/// Stops a worker that an eager activity was brought to: three times, or as often as the environment says.
pub(crate) async fn eager(fixture: Fixture) -> String {
    let times = std::env::var("EXTSTORE_HANDED_BACK_TIMES").map_or(3, |times| times.parse().unwrap());
    assert!(times > 0, "a test that runs");
    let mut longest = Duration::ZERO;
    for time in 0..times {
        let fixture = Fixture::with_id(format!("{}-{time}", fixture.id()), fixture.temporal());
        longest = longest.max(stopped(&fixture).await);
    }
    format!("{times} of {times} ran at once elsewhere; the longest end of a worker took {longest:.1?}")
}

/// Stops a worker that restores an activity's input, and returns the time that its end took.
async fn stopped(fixture: &Fixture) -> Duration {
    let store = MemoryStore::default();
    let slow = store.of_another_process();
    slow.downloads().close();
    let client = fixture.client(&slow.mount()).await;
    let first = start(fixture, &client);
    let handle = start_workflow(fixture, &store).await;
    slow.downloads().is_reached().await;
    let told = Instant::now();
    first.stop().await;
    let took = told.elapsed();

    let second = workers::start(fixture, &store.of_another_process().mount()).await;
    assert_eq!(result(&handle).await, LARGE);
    second.stop().await;
    let text = the_first_failure(fixture).await;
    assert!(text == STOPPED || text.starts_with(SLOW), "{text}");
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
    let worker = start(&fixture, &fixture.client(&mount).await);
    let handle = start_workflow(&fixture, &store).await;
    seen.wait_for(|seen| *seen).await.unwrap();
    slow.downloads().open();
    assert_eq!(result(&handle).await, LARGE);
    worker.stop().await;
    let text = the_first_failure(&fixture).await;
    assert!(text.starts_with(SLOW), "{text}");
    "the activity went back, and its second attempt completed".to_owned()
}

/// Starts a worker for everything.
fn start(fixture: &Fixture, client: &Client) -> RunningWorker {
    workers::start_for(fixture, client, Work::Everything(Activities::default()))
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

/// Returns why the first attempt of the activity failed. Panics unless the second completed.
async fn the_first_failure(fixture: &Fixture) -> String {
    let (attempt, failure) = fixture.history().await.retried_activity_of_event().unwrap();
    assert_eq!(attempt, 2, "{failure:?}");
    failure.message
}
