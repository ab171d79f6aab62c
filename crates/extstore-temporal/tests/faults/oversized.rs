//! Payloads above the driver's limit, in every position: clear texts, and no workflow fails.

use std::path::Path;

use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use temporalio_client::errors::{
    WorkflowInteractionError, WorkflowQueryError, WorkflowStartError, WorkflowUpdateError,
};
use temporalio_client::tonic::{Code, Status};
use temporalio_client::{
    WorkflowDescribeOptions, WorkflowExecuteUpdateOptions, WorkflowQueryOptions, WorkflowSignalOptions,
};

use crate::crew::Way;
use crate::mounts::{mount, watched};
use crate::play::{Play, Question, Script};
use crate::secrets::{Secrets, letters};
use crate::stage::{Run, Stage};
use crate::watch::Watch;

/// What the drivers of these scenarios store at most.
const LIMIT: u64 = 32 << 10;
const OVERSIZED: usize = 100_000;
/// What every text must say: what is wrong, the limit and how to change it.
const TOO_LARGE: [&str; 3] = ["TooLarge", "32768", "max_payload_size"];

pub(crate) async fn client_requests(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    let mount = limited(root.path(), &Watch::default());
    let client = stage.client(&mount).await;
    let script = Script::new(letters("input", OVERSIZED));
    let error = client.start_workflow(Play::run, script, stage.options(stage.id())).await.err().unwrap();
    let WorkflowStartError::Rpc(status) = error else { panic!("{error:?}") };
    refused("input", &status, root.path());
    let started = stage.plain().await.get_workflow_handle::<Play>(stage.id());
    let error = started.describe(WorkflowDescribeOptions::default()).await.err().unwrap();
    assert!(matches!(error, WorkflowInteractionError::NotFound(_)), "nothing was started: {error:?}");

    let run = stage.start(&mount, Script::default().wait()).await;
    let signal = run.handle.signal(Play::go, letters("signal", OVERSIZED), WorkflowSignalOptions::default());
    let error = signal.await.err().unwrap();
    let WorkflowInteractionError::Rpc(status) = error else { panic!("{error:?}") };
    refused("signal", &status, root.path());
    let question = Question { text: letters("argument", OVERSIZED), letters: 1 };
    let update = run.handle.execute_update(Play::ask, question, WorkflowExecuteUpdateOptions::default());
    let error = update.await.err().unwrap();
    let WorkflowUpdateError::Rpc(status) = error else { panic!("{error:?}") };
    refused("update", &status, root.path());
    let question = Question { text: letters("argument", OVERSIZED), letters: 1 };
    let query = run.handle.query(Play::look, question, WorkflowQueryOptions::default());
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

pub(crate) async fn activity_result(stage: Stage) -> String {
    fails_for_good(stage, Way::Plain, OVERSIZED).await
}

pub(crate) async fn heartbeat(stage: Stage) -> String {
    fails_for_good(stage, Way::Heartbeat(OVERSIZED), 1).await
}

/// An activity without a limit of attempts fails in its first one, and its workflow handles the failure.
async fn fails_for_good(stage: Stage, way: Way, size: usize) -> String {
    let root = tempfile::tempdir().unwrap();
    let watch = Watch::default();
    let mount = limited(root.path(), &watch);
    let run = stage.start(&mount, Script::default().act(way, size)).await;
    let worker = stage.worker(&mount).await;
    let ending = run.ending().await;
    worker.stop().await;
    let journal = run.journal().await;
    journal.check_completed((0, 1));
    journal.check(&Secrets::of_disk(root.path()));
    assert_eq!(ending.troubles.len(), 1);
    let trouble = &ending.troubles[0];
    assert_eq!((trouble.kind.as_str(), trouble.non_retryable), ("ExternalStorageError", true), "{trouble:?}");
    check_text("the failure", &trouble.message, root.path());
    assert_eq!(watch.failures("activity_task").len(), 1);
    format!(
        "cause {}, non-retryable, handled by the workflow: {:?}",
        journal.activity_failures()[0].cause,
        trouble.message
    )
}

/// A query whose result is too large fails alone.
pub(crate) async fn query_result(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    let mount = limited(root.path(), &Watch::default());
    let run = stage.start(&mount, Script::default().wait()).await;
    let worker = stage.worker(&mount).await;
    run.until_it_waits().await;
    let error = run
        .handle
        .query(Play::look, Question::wanting(OVERSIZED), WorkflowQueryOptions::default())
        .await
        .err()
        .unwrap();
    let WorkflowQueryError::Rpc(status) = error else { panic!("{error:?}") };
    check_text("the query", status.message(), root.path());
    let answer = run
        .handle
        .query(Play::look, Question::wanting(10_000), WorkflowQueryOptions::default())
        .await
        .unwrap();
    assert_eq!(answer.len(), 10_000, "a smaller answer arrives");
    run.go().await;
    run.ending().await;
    worker.stop().await;
    run.journal().await.check_completed((0, 0));
    format!("{:?}: {:?}", status.code(), status.message())
}

/// A workflow's result that is too large fails a task, not the workflow; a worker with a higher limit completes it.
pub(crate) async fn workflow_result(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    let watch = Watch::default();
    let run = stage.start(&unlimited(root.path()), Script::default().become_long(OVERSIZED)).await;
    let worker = stage.worker(&limited(root.path(), &watch)).await;
    watch.until("workflow_task", 1).await;
    let journal = run.until("a failed task", |journal| !journal.task_failures().is_empty()).await;
    assert!(journal.is_running());
    worker.stop().await;
    let worker = stage.worker(&unlimited(root.path())).await;
    assert_eq!(run.ending().await.text.len(), OVERSIZED);
    worker.stop().await;
    told(&run, root.path()).await
}

/// The same for the result of an update.
pub(crate) async fn update_result(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    let watch = Watch::default();
    let run = stage.start(&unlimited(root.path()), Script::default().wait()).await;
    let worker = stage.worker(&limited(root.path(), &watch)).await;
    run.until_it_waits().await;
    let question = Question::wanting(OVERSIZED);
    let update = run.handle.execute_update(Play::ask, question, WorkflowExecuteUpdateOptions::default());
    let takeover = async {
        watch.until("workflow_task", 1).await;
        worker.stop().await;
        stage.worker(&unlimited(root.path())).await
    };
    let (answer, worker) = futures_util::future::join(update, takeover).await;
    assert_eq!(answer.unwrap().len(), OVERSIZED);
    run.go().await;
    run.ending().await;
    worker.stop().await;
    told(&run, root.path()).await
}

/// One failed task, or two where the first was on the sticky queue, whose attempts the server does not count.
async fn told(run: &Run, root: &Path) -> String {
    let journal = run.journal().await;
    let failures = journal.task_failures();
    assert!((1..=2).contains(&failures.len()), "{}", journal.summary());
    journal.check_completed((failures.len(), 0));
    journal.check(&Secrets::of_disk(root));
    failures.iter().for_each(|failure| failure.check_task(&TOO_LARGE));
    format!("{} failed task(s), completed with a higher limit: {:?}", failures.len(), failures[0].text)
}

fn check_text(what: &str, text: &str, root: &Path) {
    TOO_LARGE.iter().for_each(|part| assert!(text.contains(part), "{what}: {part:?} is not in {text:?}"));
    Secrets::of_disk(root).check(what, text);
}

fn limited(root: &Path, watch: &Watch) -> Mount {
    watched(driver(DiskOptions::new(root.join("payloads")).with_max_payload_size(LIMIT)), watch)
}

fn unlimited(root: &Path) -> Mount {
    mount(driver(DiskOptions::new(root.join("payloads"))))
}

fn driver(options: DiskOptions) -> DiskDriver {
    DiskDriver::new(options).unwrap()
}
