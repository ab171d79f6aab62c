//! Queries, updates and clients while the store is down.

use extstore::ErrorKind;
use temporalio_client::errors::{WorkflowQueryError, WorkflowStartError};
use temporalio_client::tonic::Code;
use temporalio_client::{WorkflowExecuteUpdateOptions, WorkflowQueryOptions};

use crate::line::Line;
use crate::mounts::{mount, watched};
use crate::play::{Play, Question, Script};
use crate::secrets::{Secrets, letters};
use crate::spy::Spy;
use crate::stage::{Run, Stage, Working};
use crate::watch::Watch;

const LARGE: usize = 20_000;

/// A query whose result cannot be stored fails alone; its workflow goes on meanwhile.
pub(crate) async fn query(stage: Stage) -> String {
    let (line, watch) = (Line::new(&stage).await, Watch::default());
    let (run, worker) = waiting(&stage, &line, &watch, Script::default().wait().wait()).await;
    line.cut().await;
    let text = failed_query(&run, &line, Question::wanting(LARGE)).await;
    let failures = watch.failures("query");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].kind, failures[0].reported), (ErrorKind::Unavailable, true));
    run.go().await;
    run.until_it_waits().await;
    assert_eq!(
        run.handle
            .query(Play::look, Question::wanting(10), WorkflowQueryOptions::default())
            .await
            .unwrap()
            .len(),
        10
    );
    line.mend().await;
    let answer = run
        .handle
        .query(Play::look, Question::wanting(LARGE), WorkflowQueryOptions::default())
        .await
        .unwrap();
    assert_eq!(answer.len(), LARGE, "the same query succeeds later");
    run.go().await;
    run.ending().await;
    worker.stop().await;
    run.journal().await.check_completed((0, 0));
    text
}

/// A query of a workflow that must be replayed for it, by a worker whose store is down, fails alone.
pub(crate) async fn query_in_a_replay(stage: Stage) -> String {
    let line = Line::new(&stage).await;
    let script = Script::new(letters("input", LARGE)).wait();
    let (run, first) = waiting(&stage, &line, &Watch::default(), script).await;
    first.stop().await;
    line.cut().await;
    let spy = Spy::new(&stage.servers().temporal).await;
    let mut worker = stage.spied_on(&spy).worker(&mount(line.over())).await;
    let text = failed_query(&run, &line, Question::wanting(10)).await;
    line.mend().await;
    let query = run.handle.query(Play::look, Question::wanting(10), WorkflowQueryOptions::default());
    match query.await {
        Ok(answer) => assert_eq!(answer.len(), 10, "the same query succeeds later"),
        Err(error) => {
            panic!("{text}; then {error}; worker ended: {:?}; it made {:?}", worker.end().await, spy.names())
        }
    }
    run.go().await;
    run.ending().await;
    worker.stop().await;
    run.journal().await.check_completed((0, 0));
    text
}

/// A query whose argument the worker cannot restore fails alone.
pub(crate) async fn query_argument(stage: Stage) -> String {
    let line = Line::new(&stage).await;
    let (run, worker) = waiting(&stage, &line, &Watch::default(), Script::default().wait()).await;
    line.cut().await;
    let question = Question { text: letters("argument", LARGE), letters: 10 };
    let text = failed_query(&run, &line, question).await;
    run.go().await;
    run.ending().await;
    worker.stop().await;
    run.journal().await.check_completed((0, 0));
    text
}

/// The text of a query that fails because the store is down.
async fn failed_query(run: &Run, line: &Line, question: Question) -> String {
    let error = run.handle.query(Play::look, question, WorkflowQueryOptions::default()).await.err().unwrap();
    let WorkflowQueryError::Rpc(status) = error else { panic!("{error:?}") };
    assert!(status.message().contains("Unavailable"), "{status:?}");
    Secrets::of_s3(line).check("the query", status.message());
    format!("{:?}: {:?}", status.code(), status.message())
}

/// An update whose result cannot be stored waits for the store, like the task that it is part of.
pub(crate) async fn update(stage: Stage) -> String {
    let (line, watch) = (Line::new(&stage).await, Watch::default());
    let (run, worker) = waiting(&stage, &line, &watch, Script::default().wait()).await;
    line.cut().await;
    let question = Question { text: letters("argument", LARGE), letters: LARGE };
    let update = run.handle.execute_update(Play::ask, question, WorkflowExecuteUpdateOptions::default());
    let mended = async {
        watch.until("workflow_task", 1).await;
        line.mend().await;
    };
    let (answer, ()) = futures_util::future::join(update, mended).await;
    assert_eq!(answer.unwrap().len(), LARGE);
    run.go().await;
    run.ending().await;
    worker.stop().await;
    let journal = run.journal().await;
    let failed = journal.task_failures().len();
    // Two where the first was on the sticky queue, whose attempts the server does not count.
    assert!((1..=2).contains(&failed), "{}", journal.summary());
    journal.check_completed((failed, 0));
    journal.check(&Secrets::of_s3(&line));
    journal.task_failures().iter().for_each(|failure| failure.check_task(&["Unavailable"]));
    format!("answered after {failed} failed task(s)")
}

/// A client whose store is down is told so, with a code that its SDK retries; nothing is started.
pub(crate) async fn client(stage: Stage) -> String {
    let (line, watch) = (Line::new(&stage).await, Watch::default());
    let client = stage.client(&watched(line.over(), &watch)).await;
    line.cut().await;
    let script = || Script::new(letters("input", LARGE));
    let error = client.start_workflow(Play::run, script(), stage.options(stage.id())).await.err().unwrap();
    let WorkflowStartError::Rpc(status) = error else { panic!("{error:?}") };
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    Secrets::of_s3(&line).check("the client's error", status.message());
    let failures = watch.failures("request");
    assert!(failures.len() > 1, "the SDK retries: {failures:?}");
    let started = stage.plain().await.get_workflow_handle::<Play>(stage.id());
    assert!(started.describe(Default::default()).await.is_err(), "nothing was started");
    line.mend().await;
    let run = stage.start(&mount(line.over()), script()).await;
    run.terminate().await;
    format!("UNAVAILABLE after {} attempts: {:?}", failures.len(), status.message())
}

/// A workflow that waits for its first signal, and its worker over the line.
async fn waiting(stage: &Stage, line: &Line, watch: &Watch, script: Script) -> (Run, Working) {
    let run = stage.start(&mount(line.beside()), script).await;
    let worker = stage.worker(&watched(line.over(), watch)).await;
    run.until_it_waits().await;
    (run, worker)
}
