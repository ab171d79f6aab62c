//! A store that is down: at the start, in the middle, and for long. Workflows recover and never fail.

use std::time::Duration;

use extstore::ErrorKind;
use futures_util::future::join_all;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RespondActivityTaskFailedRequest, RespondWorkflowTaskFailedRequest,
};

use crate::crew::{Crew, Way};
use crate::journal::{ACTIVITY_CAUSE, Journal, TASK_CAUSE};
use crate::line::Line;
use crate::mounts::{mount, watched};
use crate::play::Script;
use crate::secrets::{Secrets, letters};
use crate::spy::Spy;
use crate::stage::{Run, Stage};
use crate::watch::Watch;

/// Above the threshold, below every limit.
const LARGE: usize = 20_000;
/// What a store that refuses connections is called, and what one does about it.
const UNREACHABLE: [&str; 3] = ["External storage could not", "Unavailable", "check its health"];

/// The worker starts while the store refuses connections.
pub(crate) async fn at_start(stage: Stage) -> String {
    let stage = stage.with_short_tasks();
    let line = Line::new(&stage).await;
    let script = Script::new(letters("input", LARGE)).act(Way::Plain, LARGE);
    let run = stage.start(&mount(line.beside()), script).await;
    line.cut().await;
    let watch = Watch::default();
    let worker = stage.worker(&watched(line.over(), &watch)).await;
    watch.until("workflow_task", 2).await;
    let journal = run.journal().await;
    assert!(journal.is_running());
    journal.check(&Secrets::of_s3(&line));
    line.mend().await;
    assert!(run.ending().await.text == letters("result", LARGE), "the result arrives unchanged");
    worker.stop().await;
    let journal = run.journal().await;
    journal.check_completed((1, 0));
    journal.check(&Secrets::of_s3(&line));
    journal.task_failures()[0].check_task(&UNREACHABLE);
    let silent = watch.one_reported_workflow_task();
    assert!(watch.failures("workflow_task").iter().all(|failed| failed.kind == ErrorKind::Unavailable));
    format!("1 attempt reported, {silent} silent and observed, completed")
}

/// The store goes away after the first activity, and comes back.
pub(crate) async fn in_the_middle(stage: Stage) -> String {
    let stage = stage.with_short_tasks();
    let line = Line::new(&stage).await;
    let run = stage.start(&mount(line.beside()), twice_with_a_pause()).await;
    let watch = Watch::default();
    let worker = stage.worker(&watched(line.over(), &watch)).await;
    run.until_it_waits().await;
    line.cut().await;
    run.go().await;
    run.until("a third attempt", |journal| journal.attempt() >= 3).await;
    line.mend().await;
    assert!(run.ending().await.text == letters("result", 2 * LARGE), "the result arrives unchanged");
    worker.stop().await;
    check_interrupted(&run, &line).await;
    check_observed(&watch, 2);
    "failed once with the workflow in the cache and once in a replay, completed".to_owned()
}

fn twice_with_a_pause() -> Script {
    Script::new(letters("input", LARGE)).act(Way::Plain, LARGE).wait().act(Way::Plain, 2 * LARGE)
}

/// The task failed on the sticky queue, whose attempts the server does not count, and again in a replay.
async fn check_interrupted(run: &Run, line: &Line) {
    let journal = run.journal().await;
    journal.check_completed((2, 0));
    journal.check(&Secrets::of_s3(line));
    journal.task_failures()[0].check_task(&UNREACHABLE);
    journal.task_failures()[1].check_task(&["Unavailable", "check its health"]);
}

/// Every failure that Temporal was told of was observed.
fn check_observed(watch: &Watch, reported: usize) {
    let failures = watch.failures("workflow_task");
    let observed = failures.iter().filter(|failed| failed.reported).count();
    assert_eq!(observed, reported, "{failures:?}");
}

/// The store goes away while an activity runs: its result cannot be stored, it is tried again.
pub(crate) async fn of_an_activity(stage: Stage) -> String {
    let line = Line::new(&stage).await;
    let script = Script::new(String::new()).act(Way::CutFirst, LARGE);
    let run = stage.start(&mount(line.beside()), script).await;
    let watch = Watch::default();
    let worker = stage.worker_with(&watched(line.over(), &watch), Crew::with_line(&line)).await;
    let journal = run.until("a third attempt", |journal| {
        journal.retried_activity().is_some_and(|(attempt, _)| attempt >= 3)
    });
    let journal = journal.await;
    let (attempt, text) = journal.retried_activity().unwrap();
    UNREACHABLE.iter().for_each(|part| assert!(text.contains(part), "{part:?} is not in {text:?}"));
    journal.check(&Secrets::of_s3(&line));
    line.mend().await;
    assert!(run.ending().await.text == letters("result", LARGE), "the result arrives unchanged");
    worker.stop().await;
    run.journal().await.check_completed((0, 0));
    let failures = watch.failures("activity_task");
    assert!(
        failures.len() + 1 >= usize::try_from(attempt).unwrap(),
        "every attempt is observed: {failures:?}"
    );
    assert!(failures.iter().all(|failed| failed.reported && failed.kind == ErrorKind::Unavailable));
    format!("{} attempts failed and were shown as pending, completed", failures.len())
}

/// The only attempt of an activity meets a store that is down: the history keeps the cause, the workflow handles it.
pub(crate) async fn last_attempt(stage: Stage) -> String {
    let line = Line::new(&stage).await;
    let script = Script::new(String::new()).act_once(Way::CutFirst, LARGE);
    let run = stage.start(&mount(line.beside()), script).await;
    let worker = stage.worker_with(&mount(line.over()), Crew::with_line(&line)).await;
    let ending = run.ending().await;
    worker.stop().await;
    let journal = run.journal().await;
    journal.check_completed((0, 1));
    journal.check(&Secrets::of_s3(&line));
    assert_eq!(ending.troubles.len(), 1);
    let trouble = &ending.troubles[0];
    assert_eq!(
        (trouble.kind.as_str(), trouble.non_retryable),
        ("ExternalStorageError", false),
        "{trouble:?}"
    );
    let cause = journal.activity_failures()[0].cause;
    // A server before 1.33 does not know causes of activities: `on_the_wire` reads what it was told.
    assert!([0, ACTIVITY_CAUSE].contains(&cause), "{cause}");
    format!("the activity failed, retryable, and its workflow handled it; the history has cause {cause}")
}

/// A heartbeat whose details cannot be stored fails its attempt; the next one succeeds.
pub(crate) async fn of_a_heartbeat(stage: Stage) -> String {
    let (line, watch) = (Line::new(&stage).await, Watch::default());
    let run =
        stage.start(&mount(line.beside()), Script::default().act(Way::CutAndHeartbeat(LARGE), 10)).await;
    let worker = stage.worker_with(&watched(line.over(), &watch), Crew::with_line(&line)).await;
    assert!(run.ending().await.text == letters("result", 10), "the second attempt's result arrives");
    worker.stop().await;
    run.journal().await.check_completed((0, 0));
    let failures = watch.failures("activity_task");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].kind, failures[0].reported), (ErrorKind::Unavailable, true));
    "the attempt failed, the next one completed".to_owned()
}

/// What the worker tells Temporal: one failed attempt of a workflow task and nothing after it, each failed attempt of
/// an activity.
pub(crate) async fn on_the_wire(stage: Stage) -> String {
    let stage = stage.with_short_tasks();
    let (line, spy) = (Line::new(&stage).await, Spy::new(&stage.servers().temporal).await);
    let script = Script::new(letters("input", LARGE)).act(Way::CutFirst, LARGE);
    let run = stage.start(&mount(line.beside()), script).await;
    line.cut().await;
    let mount = mount(line.over());
    let worker = stage.spied_on(&spy).worker_with(&mount, Crew::with_line(&line)).await;
    run.until("a third attempt of the task", |journal| journal.attempt() >= 3).await;
    let told: Vec<RespondWorkflowTaskFailedRequest> = spy.requests("RespondWorkflowTaskFailed");
    assert_eq!(told.iter().map(|request| request.cause).collect::<Vec<_>>(), [TASK_CAUSE]);
    line.mend().await;
    let third = |journal: &Journal| journal.retried_activity().is_some_and(|(attempt, _)| attempt >= 3);
    run.until("a third attempt of the activity", third).await;
    line.mend().await;
    run.ending().await;
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
        Secrets::of_s3(&line).check("the request", &format!("{:?}", request.failure));
    }
    format!(
        "1 workflow task with cause {TASK_CAUSE}, {} activity task(s) with cause {ACTIVITY_CAUSE}",
        told.len()
    )
}

/// Several workflows live through an outage of a minute, or of a quarter of one unless asked for more.
pub(crate) async fn long(stage: Stage) -> String {
    const WORKFLOWS: usize = 6;
    let stage = stage.with_short_tasks();
    let seconds = std::env::var("EXTSTORE_FAULTS_OUTAGE").map_or(15, |text| text.parse().unwrap());
    let line = Line::new(&stage).await;
    let (beside, watch) = (mount(line.beside()), Watch::default());
    let ids: Vec<String> = (0..WORKFLOWS).map(|number| format!("{}-{number}", stage.id())).collect();
    let runs = join_all(ids.iter().map(|id| stage.start_as(id, &beside, twice_with_a_pause()))).await;
    let worker = stage.worker(&watched(line.over(), &watch)).await;
    join_all(runs.iter().map(Run::until_it_waits)).await;
    line.cut().await;
    join_all(runs.iter().map(Run::go)).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "the length of the outage is what this is about: there is no event to wait for"
    )]
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    line.mend().await;
    join_all(runs.iter().map(Run::ending)).await;
    worker.stop().await;
    join_all(runs.iter().map(|run| check_interrupted(run, &line))).await;
    check_observed(&watch, 2 * WORKFLOWS);
    format!("{seconds} s, {WORKFLOWS} workflows, all interrupted, all completed")
}
