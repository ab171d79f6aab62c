//! Tests a store that is down: at the start, in the middle, and for long. Workflows recover and never fail.

use std::time::Duration;

use extstore::ErrorKind;
use futures_util::future::join_all;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RespondActivityTaskFailedRequest, RespondWorkflowTaskFailedRequest,
};

use crate::activities::{Activities, Behaviour};
use crate::cut_link::CutLink;
use crate::fixture::Fixture;
use crate::mounts::{mount, mount_with};
use crate::observed::Observed;
use crate::run::Run;
use crate::secrets::{Secrets, letters};
use crate::spy::Spy;
use crate::support::history::History;
use crate::support::history::failed::{ACTIVITY_CAUSE, TASK_CAUSE};
use crate::workflow::Script;

/// Sets a size that is above the threshold and below every limit.
const LARGE: usize = 20_000;
/// Lists the parts of the text for a store that refuses connections: the kind, and what to do.
const UNREACHABLE: [&str; 3] = ["External storage could not", "Unavailable", "check its health"];

/// The worker starts while the store refuses connections.
pub(crate) async fn at_start(fixture: Fixture) -> String {
    let fixture = fixture.with_short_tasks();
    let link = CutLink::new(&fixture).await;
    let script = Script::new(letters("input", LARGE)).act(Behaviour::Plain, LARGE);
    let run = fixture.start(&mount(link.direct_driver()), script).await;
    link.cut().await;
    let observed = Observed::default();
    let worker = fixture.worker(&mount_with(link.driver(), &observed)).await;
    observed.until("workflow_task", 2).await;
    let history = run.history().await;
    assert!(history.is_running());
    Secrets::of_s3(&link).check_history(&history);
    link.reconnect().await;
    assert!(run.outcome().await.text == letters("result", LARGE), "the result arrives unchanged");
    worker.stop().await;
    let history = run.history().await;
    history.assert_completed(1, 0);
    Secrets::of_s3(&link).check_history(&history);
    history.failed_tasks()[0].assert_storage(&UNREACHABLE);
    let silent = observed.one_reported_workflow_task();
    assert!(observed.failures("workflow_task").iter().all(|failed| failed.kind == ErrorKind::Unavailable));
    format!("1 attempt reported, {silent} silent and observed, completed")
}

/// The store goes away after the first activity, and comes back.
pub(crate) async fn in_the_middle(fixture: Fixture) -> String {
    let fixture = fixture.with_short_tasks();
    let link = CutLink::new(&fixture).await;
    let run = fixture.start(&mount(link.direct_driver()), twice_with_a_pause()).await;
    let observed = Observed::default();
    let worker = fixture.worker(&mount_with(link.driver(), &observed)).await;
    run.until_it_waits().await;
    link.cut().await;
    run.go().await;
    run.until("a third attempt", |history| history.attempt() >= 3).await;
    link.reconnect().await;
    assert!(run.outcome().await.text == letters("result", 2 * LARGE), "the result arrives unchanged");
    worker.stop().await;
    check_interrupted(&run, &link).await;
    check_observed(&observed, 2);
    "failed once with the workflow in the cache and once in a replay, completed".to_owned()
}

fn twice_with_a_pause() -> Script {
    Script::new(letters("input", LARGE)).act(Behaviour::Plain, LARGE).wait().act(Behaviour::Plain, 2 * LARGE)
}

/// Expects that the task failed on the sticky queue, whose attempts the server does not count, and again in a replay.
async fn check_interrupted(run: &Run, link: &CutLink) {
    let history = run.history().await;
    history.assert_completed(2, 0);
    Secrets::of_s3(link).check_history(&history);
    history.failed_tasks()[0].assert_storage(&UNREACHABLE);
    history.failed_tasks()[1].assert_storage(&["Unavailable", "check its health"]);
}

/// Expects that every failure that Temporal was told of was observed.
fn check_observed(observed: &Observed, reported: usize) {
    let failures = observed.failures("workflow_task");
    let observed = failures.iter().filter(|failed| failed.reported).count();
    assert_eq!(observed, reported, "{failures:?}");
}

/// The store goes away while an activity runs: its result cannot be stored, it is tried again.
pub(crate) async fn of_an_activity(fixture: Fixture) -> String {
    let link = CutLink::new(&fixture).await;
    let script = Script::new(String::new()).act(Behaviour::CutFirst, LARGE);
    let run = fixture.start(&mount(link.direct_driver()), script).await;
    let observed = Observed::default();
    let worker =
        fixture.worker_with(&mount_with(link.driver(), &observed), Activities::with_link(&link)).await;
    let history = run.until("a third attempt", |history| {
        history.retried_activity().is_some_and(|(attempt, _)| attempt >= 3)
    });
    let history = history.await;
    let (attempt, text) = history.retried_activity().unwrap();
    UNREACHABLE.iter().for_each(|part| assert!(text.contains(part), "{part:?} is not in {text:?}"));
    Secrets::of_s3(&link).check_history(&history);
    link.reconnect().await;
    assert!(run.outcome().await.text == letters("result", LARGE), "the result arrives unchanged");
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    let failures = observed.failures("activity_task");
    assert!(
        failures.len() + 1 >= usize::try_from(attempt).unwrap(),
        "every attempt is observed: {failures:?}"
    );
    assert!(failures.iter().all(|failed| failed.reported && failed.kind == ErrorKind::Unavailable));
    format!("{} attempts failed and were shown as pending, completed", failures.len())
}

/// The only attempt of an activity meets a store that is down: the history keeps the cause, the workflow handles it.
pub(crate) async fn last_attempt(fixture: Fixture) -> String {
    let link = CutLink::new(&fixture).await;
    let script = Script::new(String::new()).act_once(Behaviour::CutFirst, LARGE);
    let run = fixture.start(&mount(link.direct_driver()), script).await;
    let worker = fixture.worker_with(&mount(link.driver()), Activities::with_link(&link)).await;
    let outcome = run.outcome().await;
    worker.stop().await;
    let history = run.history().await;
    history.assert_completed(0, 1);
    Secrets::of_s3(&link).check_history(&history);
    assert_eq!(outcome.failed.len(), 1);
    let failed = &outcome.failed[0];
    assert_eq!((failed.kind.as_str(), failed.non_retryable), ("ExternalStorageError", false), "{failed:?}");
    let cause = history.failed_activities()[0].cause;
    // A server before 1.33 does not know causes of activities: `on_the_wire` reads what it was told.
    assert!([0, ACTIVITY_CAUSE].contains(&cause), "{cause}");
    format!("the activity failed, retryable, and its workflow handled it; the history has cause {cause}")
}

/// A heartbeat whose details cannot be stored goes on without them, and its activity goes on too.
pub(crate) async fn of_a_heartbeat(fixture: Fixture) -> String {
    let (link, observed) = (CutLink::new(&fixture).await, Observed::default());
    let run = fixture
        .start(&mount(link.direct_driver()), Script::default().act(Behaviour::CutAndHeartbeat(LARGE), 10))
        .await;
    let activities = Activities::with_link(&link).with_observed(&observed);
    let worker = fixture.worker_with(&mount_with(link.driver(), &observed), activities).await;
    assert!(run.outcome().await.text == letters("result", 10), "the first attempt's result arrives");
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    let failures = observed.failures("activity_task");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].kind, failures[0].reported), (ErrorKind::Unavailable, false));
    "the heartbeat went on without its details, the attempt completed".to_owned()
}

/// The worker reports to Temporal one failed attempt of a workflow task and nothing after it, and each failed attempt
/// of an activity.
pub(crate) async fn on_the_wire(fixture: Fixture) -> String {
    let fixture = fixture.with_short_tasks();
    let (link, spy) = (CutLink::new(&fixture).await, Spy::new(&fixture.servers().temporal).await);
    let script = Script::new(letters("input", LARGE)).act(Behaviour::CutFirst, LARGE);
    let run = fixture.start(&mount(link.direct_driver()), script).await;
    link.cut().await;
    let mount = mount(link.driver());
    let worker = fixture.spied_on(&spy).worker_with(&mount, Activities::with_link(&link)).await;
    run.until("a third attempt of the task", |history| history.attempt() >= 3).await;
    let told: Vec<RespondWorkflowTaskFailedRequest> = spy.requests("RespondWorkflowTaskFailed");
    assert_eq!(told.iter().map(|request| request.cause).collect::<Vec<_>>(), [TASK_CAUSE]);
    link.reconnect().await;
    let third = |history: &History| history.retried_activity().is_some_and(|(attempt, _)| attempt >= 3);
    run.until("a third attempt of the activity", third).await;
    link.reconnect().await;
    run.outcome().await;
    worker.stop().await;
    let told: Vec<RespondActivityTaskFailedRequest> = spy.requests("RespondActivityTaskFailed");
    assert!(told.iter().all(|request| request.cause == ACTIVITY_CAUSE), "{told:?}");
    let texts: Vec<String> =
        told.iter().filter_map(|request| Some(request.failure.as_ref()?.message.clone())).collect();
    for part in
        ["could not store payloads of this activity task", "could not restore payloads of this activity task"]
    {
        assert!(texts.iter().any(|text| text.contains(part)), "{part:?} is not in {texts:?}");
    }
    for request in &told {
        Secrets::of_s3(&link).check("the request", &format!("{:?}", request.failure));
    }
    format!(
        "1 workflow task with cause {TASK_CAUSE}, {} activity task(s) with cause {ACTIVITY_CAUSE}",
        told.len()
    )
}

/// Several workflows live through an outage of a minute, or of a quarter of one unless asked for more.
pub(crate) async fn long(fixture: Fixture) -> String {
    const WORKFLOWS: usize = 6;
    let fixture = fixture.with_short_tasks();
    let seconds = std::env::var("EXTSTORE_FAULTS_OUTAGE").map_or(15, |text| text.parse().unwrap());
    let link = CutLink::new(&fixture).await;
    let (direct, observed) = (mount(link.direct_driver()), Observed::default());
    let ids: Vec<String> = (0..WORKFLOWS).map(|number| format!("{}-{number}", fixture.id())).collect();
    let runs = join_all(ids.iter().map(|id| fixture.start_as(id, &direct, twice_with_a_pause()))).await;
    let worker = fixture.worker(&mount_with(link.driver(), &observed)).await;
    join_all(runs.iter().map(Run::until_it_waits)).await;
    link.cut().await;
    join_all(runs.iter().map(Run::go)).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "the length of the outage is what this is about: there is no event to wait for"
    )]
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    link.reconnect().await;
    join_all(runs.iter().map(Run::outcome)).await;
    worker.stop().await;
    join_all(runs.iter().map(|run| check_interrupted(run, &link))).await;
    check_observed(&observed, 2 * WORKFLOWS);
    format!("{seconds} s, {WORKFLOWS} workflows, all interrupted, all completed")
}
