//! Tests payloads above the driver's limit, in every position: the texts are clear, and no workflow fails.

use std::path::Path;

use extstore::ErrorKind;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use temporalio_client::errors::{
    WorkflowInteractionError, WorkflowQueryError, WorkflowStartError, WorkflowUpdateError,
};
use temporalio_client::tonic::{Code, Status};
use temporalio_client::{
    WorkflowDescribeOptions, WorkflowExecuteUpdateOptions, WorkflowQueryOptions, WorkflowSignalOptions,
};

use crate::activities::{Activities, Behaviour, OWN_WORDS};
use crate::fixture::Fixture;
use crate::mounts::{mount, mount_with};
use crate::observed::Observed;
use crate::run::Run;
use crate::secrets::{Secrets, letters};
use crate::workflow::{Question, Script, ScriptedWorkflow};

/// Bounds the payloads that the drivers of these tests store, in bytes.
const LIMIT: u64 = 32 << 10;
const OVERSIZED: usize = 100_000;
/// Lists the parts of every text: the kind, the limit and the option that changes it.
const TOO_LARGE: [&str; 3] = ["TooLarge", "32768", "max_payload_size"];

pub(crate) async fn client_requests(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    let mount = limited(root.path(), &Observed::default());
    let client = fixture.client(&mount).await;
    let script = Script::new(letters("input", OVERSIZED));
    let error =
        client.start_workflow(ScriptedWorkflow::run, script, fixture.start_options()).await.err().unwrap();
    let WorkflowStartError::Rpc(status) = error else { panic!("{error:?}") };
    refused("input", &status, root.path());
    let started = fixture.plain_client().await.get_workflow_handle::<ScriptedWorkflow>(fixture.id());
    let error = started.describe(WorkflowDescribeOptions::default()).await.err().unwrap();
    assert!(matches!(error, WorkflowInteractionError::NotFound(_)), "nothing was started: {error:?}");

    let run = fixture.start(&mount, Script::default().wait()).await;
    let signal = run.handle.signal(
        ScriptedWorkflow::go,
        letters("signal", OVERSIZED),
        WorkflowSignalOptions::default(),
    );
    let error = signal.await.err().unwrap();
    let WorkflowInteractionError::Rpc(status) = error else { panic!("{error:?}") };
    refused("signal", &status, root.path());
    let question = Question { text: letters("argument", OVERSIZED), letters: 1 };
    let update =
        run.handle.execute_update(ScriptedWorkflow::ask, question, WorkflowExecuteUpdateOptions::default());
    let error = update.await.err().unwrap();
    let WorkflowUpdateError::Rpc(status) = error else { panic!("{error:?}") };
    refused("update", &status, root.path());
    let question = Question { text: letters("argument", OVERSIZED), letters: 1 };
    let query = run.handle.query(ScriptedWorkflow::look, question, WorkflowQueryOptions::default());
    let error = query.await.err().unwrap();
    let WorkflowQueryError::Rpc(status) = error else { panic!("{error:?}") };
    refused("query", &status, root.path());
    run.terminate().await;
    format!("input, signal, query and update argument: INVALID_ARGUMENT {:?}", status.message())
}

fn refused(what: &str, status: &Status, root: &Path) {
    assert_eq!(status.code(), Code::InvalidArgument, "{what}: {status:?}");
    check_text(what, status.message(), root);
}

pub(crate) async fn activity_result(fixture: Fixture) -> String {
    fails_for_good(fixture, Behaviour::Plain, OVERSIZED).await
}

/// A heartbeat whose details are too large goes on without them, and its activity goes on too.
pub(crate) async fn heartbeat(fixture: Fixture) -> String {
    let (root, observed) = (tempfile::tempdir().unwrap(), Observed::default());
    let mount = limited(root.path(), &observed);
    let run = fixture.start(&mount, Script::default().act(Behaviour::Heartbeat(OVERSIZED), 10)).await;
    let activities = Activities::default().with_observed(&observed);
    let worker = fixture.worker_with(&mount, activities).await;
    assert_eq!(run.outcome().await.text, letters("result", 10));
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    let failures = observed.failures("activity_task");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].kind, failures[0].reported), (ErrorKind::TooLarge, false));
    "went on without its details, the attempt completed".to_owned()
}

/// An activity that fails with details that are too large is tried again, as it would be without storage, and the pending
/// failure says what the activity said.
pub(crate) async fn activity_failure(fixture: Fixture) -> String {
    let (root, observed) = (tempfile::tempdir().unwrap(), Observed::default());
    let mount = limited(root.path(), &observed);
    let run = fixture.start(&mount, Script::default().act(Behaviour::FailFirst(OVERSIZED), 10)).await;
    let worker = fixture.worker(&mount).await;
    assert_eq!(run.outcome().await.text, letters("result", 10), "the second attempt's result arrives");
    worker.stop().await;
    let history = run.history().await;
    history.assert_completed(0, 0);
    Secrets::of_disk(root.path()).check_history(&history);
    let (attempt, failure) = history.retried_activity_of_event().expect("the event keeps the last failure");
    assert_eq!((attempt, failure.message.as_str()), (2, OWN_WORDS));
    let storage = failure.cause.expect("storage is named as a cause");
    check_text("the cause", &storage.message, root.path());
    let failures = observed.failures("activity_task");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].kind, failures[0].reported), (ErrorKind::TooLarge, true));
    format!("{:?}, because of {:?}; completed in the second attempt", failure.message, storage.message)
}

/// An activity without a limit of attempts fails in its first one, and its workflow handles the failure.
async fn fails_for_good(fixture: Fixture, behaviour: Behaviour, size: usize) -> String {
    let root = tempfile::tempdir().unwrap();
    let observed = Observed::default();
    let mount = limited(root.path(), &observed);
    let run = fixture.start(&mount, Script::default().act(behaviour, size)).await;
    let worker = fixture.worker(&mount).await;
    let outcome = run.outcome().await;
    worker.stop().await;
    let history = run.history().await;
    history.assert_completed(0, 1);
    Secrets::of_disk(root.path()).check_history(&history);
    assert_eq!(outcome.failed.len(), 1);
    let failed = &outcome.failed[0];
    assert_eq!((failed.kind.as_str(), failed.non_retryable), ("ExternalStorageError", true), "{failed:?}");
    check_text("the failure", &failed.message, root.path());
    assert_eq!(observed.failures("activity_task").len(), 1);
    format!(
        "cause {}, non-retryable, handled by the workflow: {:?}",
        history.failed_activities()[0].cause,
        failed.message
    )
}

/// A query whose result is too large fails alone.
pub(crate) async fn query_result(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    let mount = limited(root.path(), &Observed::default());
    let run = fixture.start(&mount, Script::default().wait()).await;
    let worker = fixture.worker(&mount).await;
    run.until_it_waits().await;
    let error = run
        .handle
        .query(ScriptedWorkflow::look, Question::wanting(OVERSIZED), WorkflowQueryOptions::default())
        .await
        .err()
        .unwrap();
    let WorkflowQueryError::Rpc(status) = error else { panic!("{error:?}") };
    check_text("the query", status.message(), root.path());
    let answer = run
        .handle
        .query(ScriptedWorkflow::look, Question::wanting(10_000), WorkflowQueryOptions::default())
        .await
        .unwrap();
    assert_eq!(answer.len(), 10_000, "a smaller answer arrives");
    run.go().await;
    run.outcome().await;
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    format!("{:?}: {:?}", status.code(), status.message())
}

/// A workflow's result that is too large fails a task, not the workflow; a worker with a higher limit completes it.
pub(crate) async fn workflow_result(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    let observed = Observed::default();
    let run = fixture.start(&unlimited(root.path()), Script::default().become_long(OVERSIZED)).await;
    let worker = fixture.worker(&limited(root.path(), &observed)).await;
    observed.until("workflow_task", 1).await;
    let history = run.until("a failed task", |history| !history.failed_tasks().is_empty()).await;
    assert!(history.is_running());
    worker.stop().await;
    let worker = fixture.worker(&unlimited(root.path())).await;
    assert_eq!(run.outcome().await.text.len(), OVERSIZED);
    worker.stop().await;
    told(&run, root.path()).await
}

/// Tests the same for the result of an update.
pub(crate) async fn update_result(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    let observed = Observed::default();
    let run = fixture.start(&unlimited(root.path()), Script::default().wait()).await;
    let worker = fixture.worker(&limited(root.path(), &observed)).await;
    run.until_it_waits().await;
    let question = Question::wanting(OVERSIZED);
    let update =
        run.handle.execute_update(ScriptedWorkflow::ask, question, WorkflowExecuteUpdateOptions::default());
    let takeover = async {
        observed.until("workflow_task", 1).await;
        worker.stop().await;
        fixture.worker(&unlimited(root.path())).await
    };
    let (answer, worker) = futures_util::future::join(update, takeover).await;
    assert_eq!(answer.unwrap().len(), OVERSIZED);
    run.go().await;
    run.outcome().await;
    worker.stop().await;
    told(&run, root.path()).await
}

/// Expects one failed task, or two where the first was on the sticky queue, whose attempts the server does not count.
async fn told(run: &Run, root: &Path) -> String {
    let history = run.history().await;
    let failures = history.failed_tasks();
    assert!((1..=2).contains(&failures.len()), "{}", history.summary());
    history.assert_completed(failures.len(), 0);
    Secrets::of_disk(root).check_history(&history);
    failures.iter().for_each(|failure| failure.assert_storage(&TOO_LARGE));
    format!("{} failed task(s), completed with a higher limit: {:?}", failures.len(), failures[0].text)
}

fn check_text(what: &str, text: &str, root: &Path) {
    TOO_LARGE.iter().for_each(|part| assert!(text.contains(part), "{what}: {part:?} is not in {text:?}"));
    Secrets::of_disk(root).check(what, text);
}

fn limited(root: &Path, observed: &Observed) -> Mount {
    mount_with(driver(DiskOptions::new(root.join("payloads")).with_max_payload_size(LIMIT)), observed)
}

fn unlimited(root: &Path) -> Mount {
    mount(driver(DiskOptions::new(root.join("payloads"))))
}

fn driver(options: DiskOptions) -> DiskDriver {
    DiskDriver::new(options).unwrap()
}
