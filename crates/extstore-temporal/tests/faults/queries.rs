//! Tests queries, updates and clients while the store is down.

use extstore::ErrorKind;
use temporalio_client::errors::{WorkflowQueryError, WorkflowStartError};
use temporalio_client::tonic::Code;
use temporalio_client::{WorkflowExecuteUpdateOptions, WorkflowQueryOptions};

use crate::cut_link::CutLink;
use crate::fixture::Fixture;
use crate::mounts::{mount, mount_with};
use crate::observed::Observed;
use crate::run::Run;
use crate::secrets::{Secrets, letters};
use crate::spy::Spy;
use crate::support::worker::RunningWorker;
use crate::workflow::{Question, Script, ScriptedWorkflow};

const LARGE: usize = 20_000;

/// A query whose result cannot be stored fails alone; its workflow goes on meanwhile.
pub(crate) async fn result_without_store(fixture: Fixture) -> String {
    let (link, observed) = (CutLink::new(&fixture).await, Observed::default());
    let (run, worker) = waiting(&fixture, &link, &observed, Script::default().wait().wait()).await;
    link.cut().await;
    let text = failed_query(&run, &link, Question::wanting(LARGE)).await;
    let failures = observed.failures("query");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].kind, failures[0].reported), (ErrorKind::Unavailable, true));
    run.go().await;
    run.until_it_waits().await;
    assert_eq!(
        run.handle
            .query(ScriptedWorkflow::look, Question::wanting(10), WorkflowQueryOptions::default())
            .await
            .unwrap()
            .len(),
        10
    );
    link.reconnect().await;
    let answer = run
        .handle
        .query(ScriptedWorkflow::look, Question::wanting(LARGE), WorkflowQueryOptions::default())
        .await
        .unwrap();
    assert_eq!(answer.len(), LARGE, "the same query succeeds later");
    run.go().await;
    run.outcome().await;
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    text
}

/// A query of a workflow that must be replayed for it, by a worker whose store is down, fails alone.
pub(crate) async fn in_a_replay(fixture: Fixture) -> String {
    let link = CutLink::new(&fixture).await;
    let script = Script::new(letters("input", LARGE)).wait();
    let (run, first) = waiting(&fixture, &link, &Observed::default(), script).await;
    first.stop().await;
    link.cut().await;
    let spy = Spy::new(&fixture.servers().temporal).await;
    let mut worker = fixture.spied_on(&spy).worker(&mount(link.driver())).await;
    let text = failed_query(&run, &link, Question::wanting(10)).await;
    link.reconnect().await;
    let query =
        run.handle.query(ScriptedWorkflow::look, Question::wanting(10), WorkflowQueryOptions::default());
    match query.await {
        Ok(answer) => assert_eq!(answer.len(), 10, "the same query succeeds later"),
        Err(error) => {
            panic!(
                "{text}; then {error}; worker ended: {:?}; it made {:?}",
                worker.ended().await,
                spy.names()
            )
        }
    }
    run.go().await;
    run.outcome().await;
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    text
}

/// A query whose argument the worker cannot restore fails alone.
pub(crate) async fn argument(fixture: Fixture) -> String {
    let link = CutLink::new(&fixture).await;
    let (run, worker) = waiting(&fixture, &link, &Observed::default(), Script::default().wait()).await;
    link.cut().await;
    let question = Question { text: letters("argument", LARGE), letters: 10 };
    let text = failed_query(&run, &link, question).await;
    run.go().await;
    run.outcome().await;
    worker.stop().await;
    run.history().await.assert_completed(0, 0);
    text
}

/// Sends a query that fails because the store is down, and returns the text of its failure.
async fn failed_query(run: &Run, link: &CutLink, question: Question) -> String {
    let error = run
        .handle
        .query(ScriptedWorkflow::look, question, WorkflowQueryOptions::default())
        .await
        .err()
        .unwrap();
    let WorkflowQueryError::Rpc(status) = error else { panic!("{error:?}") };
    assert!(status.message().contains("Unavailable"), "{status:?}");
    Secrets::of_s3(link).check("the query", status.message());
    format!("{:?}: {:?}", status.code(), status.message())
}

/// An update whose result cannot be stored waits for the store, like the task that it is part of.
pub(crate) async fn update(fixture: Fixture) -> String {
    let (link, observed) = (CutLink::new(&fixture).await, Observed::default());
    let (run, worker) = waiting(&fixture, &link, &observed, Script::default().wait()).await;
    link.cut().await;
    let question = Question { text: letters("argument", LARGE), letters: LARGE };
    let update =
        run.handle.execute_update(ScriptedWorkflow::ask, question, WorkflowExecuteUpdateOptions::default());
    let reconnected = async {
        observed.until("workflow_task", 1).await;
        link.reconnect().await;
    };
    let (answer, ()) = futures_util::future::join(update, reconnected).await;
    assert_eq!(answer.unwrap().len(), LARGE);
    run.go().await;
    run.outcome().await;
    worker.stop().await;
    let history = run.history().await;
    let failed = history.failed_tasks().len();
    // Two where the first was on the sticky queue, whose attempts the server does not count.
    assert!((1..=2).contains(&failed), "{}", history.summary());
    history.assert_completed(failed, 0);
    Secrets::of_s3(&link).check_history(&history);
    history.failed_tasks().iter().for_each(|failure| failure.assert_storage(&["Unavailable"]));
    format!("answered after {failed} failed task(s)")
}

/// A client whose store is down gets an error that says so, with a code that its SDK retries; nothing is started.
pub(crate) async fn client(fixture: Fixture) -> String {
    let (link, observed) = (CutLink::new(&fixture).await, Observed::default());
    let client = fixture.client(&mount_with(link.driver(), &observed)).await;
    link.cut().await;
    let script = || Script::new(letters("input", LARGE));
    let error =
        client.start_workflow(ScriptedWorkflow::run, script(), fixture.start_options()).await.err().unwrap();
    let WorkflowStartError::Rpc(status) = error else { panic!("{error:?}") };
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    Secrets::of_s3(&link).check("the client's error", status.message());
    let failures = observed.failures("request");
    assert!(failures.len() > 1, "the SDK retries: {failures:?}");
    let started = fixture.plain_client().await.get_workflow_handle::<ScriptedWorkflow>(fixture.id());
    assert!(started.describe(Default::default()).await.is_err(), "nothing was started");
    link.reconnect().await;
    let run = fixture.start(&mount(link.driver()), script()).await;
    run.terminate().await;
    format!("UNAVAILABLE after {} attempts: {:?}", failures.len(), status.message())
}

/// Starts a workflow that waits for its first signal, and its worker over the link.
async fn waiting(
    fixture: &Fixture,
    link: &CutLink,
    observed: &Observed,
    script: Script,
) -> (Run, RunningWorker) {
    let run = fixture.start(&mount(link.direct_driver()), script).await;
    let worker = fixture.worker(&mount_with(link.driver(), observed)).await;
    run.until_it_waits().await;
    (run, worker)
}
