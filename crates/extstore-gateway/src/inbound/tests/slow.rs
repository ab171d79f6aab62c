use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use extstore_wire::Rpc;
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::polls::workflow_poll;
use crate::testing::fixture::Fixture;

/// Keeps the lines that name `TMPRL1104`.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, String)>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, _: &Field, value: &dyn fmt::Debug) {
        write!(self.0, "{value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        if line.0.contains("TMPRL1104") {
            self.0.lock().unwrap().push((*event.metadata().level(), line.0));
        }
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Restores a workflow task in so many seconds, completes it at once, and returns what was logged.
async fn logged(seconds: u64) -> Vec<(Level, String)> {
    let log = Log::default();
    let _quiet = tracing::subscriber::set_default(log.clone());
    let fixture = Fixture::new();
    let query = WorkflowQuery { query_args: fixture.references(&["args"]).await, ..Default::default() };
    let history = super::lazy::history(&fixture, 1..=2).await;
    let queries = [("q".to_owned(), query)].into();
    let task_token = b"token".to_vec();
    fixture.answer(&PollWorkflowTaskQueueResponse { task_token, history, queries, ..Default::default() });
    let mut arrivals = fixture.store.hold();
    let poll = tokio::spawn(fixture.start(Rpc::PollWorkflowTaskQueue, &workflow_poll()));
    arrivals.recv().await.unwrap();
    arrivals.recv().await.unwrap();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    fixture.store.gate.add_permits(2);
    poll.await.unwrap().unwrap();
    let (task_token, namespace) = (b"token".to_vec(), workflow_poll().namespace);
    let completion = RespondWorkflowTaskCompletedRequest { task_token, namespace, ..Default::default() };
    fixture.call(Rpc::RespondWorkflowTaskCompleted, &completion).await.unwrap();
    log.0.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_workflow_task_that_is_long_on_storage_is_logged() {
    assert_eq!(logged(4).await, []);
    for (seconds, level, expected) in [(6, Level::INFO, "6.0 s"), (11, Level::WARN, "11.0 s")] {
        let lines = logged(seconds).await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].0, level);
        for part in ["[TMPRL1104]", expected, "3 payloads of", "driver types memory"] {
            assert!(lines[0].1.contains(part), "{part:?} is missing in {:?}", lines[0].1);
        }
    }
}
