use extstore_wire::Rpc;
use temporalio_protos::temporal::api::common::v1::{Payloads, WorkflowExecution};
use temporalio_protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_protos::temporal::api::history::v1::{
    History, HistoryEvent, MarkerRecordedEventAttributes, WorkflowExecutionSignaledEventAttributes,
    WorkflowExecutionStartedEventAttributes,
};
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::polls::workflow_poll;
use crate::testing::fixture::{Fixture, payloads};

pub(super) fn event(event_id: i64, started: WorkflowExecutionStartedEventAttributes) -> HistoryEvent {
    let attributes = Some(Attributes::WorkflowExecutionStartedEventAttributes(started));
    HistoryEvent { event_id, attributes, ..Default::default() }
}

fn signal(event_id: i64, input: Option<Payloads>) -> HistoryEvent {
    let signaled = WorkflowExecutionSignaledEventAttributes { input, ..Default::default() };
    let attributes = Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled));
    HistoryEvent { event_id, attributes, ..Default::default() }
}

/// Makes a history of signals with these event ids, each with a reference to a payload of its own.
pub(super) async fn history(fixture: &Fixture, ids: impl IntoIterator<Item = i64>) -> Option<History> {
    let mut events = Vec::new();
    for id in ids {
        events.push(signal(id, fixture.references(&[&id.to_string()]).await));
    }
    Some(History { events })
}

/// Returns the ids of the events whose payload is not a reference.
pub(super) fn restored(history: Option<History>) -> Vec<i64> {
    let events = history.unwrap_or_default().events;
    events
        .iter()
        .filter(|event| **event == signal(event.event_id, payloads(&[&event.event_id.to_string()])))
        .map(|event| event.event_id)
        .collect()
}

fn execution() -> Option<WorkflowExecution> {
    Some(WorkflowExecution { workflow_id: "wf".into(), run_id: "run".into() })
}

/// Polls a task that replays up to event 5 and has another page.
async fn poll(fixture: &Fixture) -> PollWorkflowTaskQueueResponse {
    fixture.answer(&PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        workflow_execution: execution(),
        previous_started_event_id: 5,
        history: history(fixture, 4..=6).await,
        next_page_token: b"page 2".to_vec(),
        attempt: 1,
        ..Default::default()
    });
    fixture.received(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await
}

async fn query(fixture: &Fixture) -> WorkflowQuery {
    WorkflowQuery { query_args: fixture.references(&["args"]).await, ..Default::default() }
}

fn page(token: &str) -> GetWorkflowExecutionHistoryRequest {
    GetWorkflowExecutionHistoryRequest {
        namespace: "ns".into(),
        execution: execution(),
        next_page_token: token.into(),
        ..Default::default()
    }
}

async fn ask(
    fixture: &Fixture,
    request: GetWorkflowExecutionHistoryRequest,
    ids: impl IntoIterator<Item = i64>,
    next: &str,
) -> Vec<i64> {
    let (history, next_page_token) = (history(fixture, ids).await, next.into());
    fixture.answer(&GetWorkflowExecutionHistoryResponse { history, next_page_token, ..Default::default() });
    let response: GetWorkflowExecutionHistoryResponse =
        fixture.received(Rpc::GetWorkflowExecutionHistory, &request).await;
    assert_eq!(response.next_page_token, next.as_bytes());
    restored(response.history)
}

#[tokio::test]
async fn only_replayed_events_are_left_to_the_data_converter() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let task = poll(&fixture).await;
    assert_eq!(restored(task.history), [6]);
    assert_eq!(fixture.retrieved(), 1);
}

/// The SDK's core sends a query even to a workflow whose replay failed, and that ends the worker.
#[tokio::test]
async fn history_is_restored_at_once_where_a_query_waits_for_it() {
    for in_a_map in [false, true] {
        let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
        let waiting = query(&fixture).await;
        let mut task = PollWorkflowTaskQueueResponse {
            task_token: b"token".to_vec(),
            workflow_execution: execution(),
            previous_started_event_id: 5,
            history: history(&fixture, 4..=6).await,
            next_page_token: b"page 2".to_vec(),
            attempt: 1,
            ..Default::default()
        };
        match in_a_map {
            true => task.queries = [("q".to_owned(), waiting)].into(),
            false => task.query = Some(waiting),
        }
        fixture.answer(&task);
        let task: PollWorkflowTaskQueueResponse =
            fixture.received(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await;
        assert_eq!(restored(task.history), [4, 5, 6]);
        let answered = task.query.or_else(|| task.queries.get("q").cloned()).unwrap_or_default();
        assert_eq!(answered.query_args, payloads(&["args"]));
        assert_eq!(ask(&fixture, page("page 2"), 3..=6, "page 3").await, [3, 4, 5, 6]);
        assert_eq!(ask(&fixture, page(""), 1..=6, "").await, [1, 2, 3, 4, 5, 6]);
    }
}

#[tokio::test]
async fn all_events_are_restored_where_the_data_converter_does_not_resolve() {
    let fixture = Fixture::new();
    assert_eq!(restored(poll(&fixture).await.history), [4, 5, 6]);
    assert_eq!(ask(&fixture, page("page 2"), 3..=7, "").await, [3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn replayed_events_of_later_pages_are_left_to_the_data_converter() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    poll(&fixture).await;
    assert_eq!(ask(&fixture, page("page 2"), 3..=6, "page 3").await, [6]);
    assert_eq!(ask(&fixture, page("page 3"), 5..=8, "").await, [6, 7, 8]);
}

#[tokio::test]
async fn a_history_that_is_asked_for_again_from_its_start_is_replayed_too() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    poll(&fixture).await;
    assert_eq!(ask(&fixture, page(""), 1..=6, "again").await, [6]);
    assert_eq!(ask(&fixture, page("again"), 5..=7, "").await, [6, 7]);
}

#[tokio::test]
async fn a_client_gets_all_of_a_history() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    poll(&fixture).await;
    assert_eq!(ask(&fixture, page("somebody else's"), 4..=6, "").await, [4, 5, 6]);
    let waits = GetWorkflowExecutionHistoryRequest { wait_new_event: true, ..page("") };
    assert_eq!(ask(&fixture, waits, 4..=6, "").await, [4, 5, 6]);
    let filters = GetWorkflowExecutionHistoryRequest { history_event_filter_type: 1, ..page("") };
    assert_eq!(ask(&fixture, filters, 4..=6, "").await, [4, 5, 6]);
    let other = GetWorkflowExecutionHistoryRequest { execution: None, ..page("") };
    assert_eq!(ask(&fixture, other, 4..=6, "").await, [4, 5, 6]);
}

#[tokio::test]
async fn sdk_internal_marker_details_are_restored() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let marker = async |data: &str, result: &str| {
        let details = [
            ("data".to_owned(), fixture.references(&[data]).await.unwrap()),
            ("result".to_owned(), fixture.references(&[result]).await.unwrap()),
        ];
        let marker_name = "core_local_activity".to_owned();
        let recorded =
            MarkerRecordedEventAttributes { marker_name, details: details.into(), ..Default::default() };
        let attributes = Some(Attributes::MarkerRecordedEventAttributes(recorded));
        HistoryEvent { event_id: 4, attributes, ..Default::default() }
    };
    fixture.answer(&PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        previous_started_event_id: 5,
        history: Some(History { events: vec![marker("which activity", "what it returned").await] }),
        ..Default::default()
    });
    let task: PollWorkflowTaskQueueResponse =
        fixture.received(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await;
    let event = task.history.unwrap().events.remove(0);
    let Some(Attributes::MarkerRecordedEventAttributes(recorded)) = event.attributes else {
        panic!("no marker")
    };
    assert_eq!(recorded.details.get("data"), payloads(&["which activity"]).as_ref());
    assert_ne!(recorded.details.get("result"), payloads(&["what it returned"]).as_ref());
    assert_eq!(fixture.retrieved(), 1);
}

#[tokio::test]
async fn without_storage_nothing_is_left_to_the_data_converter() {
    let fixture = Fixture::without_storage();
    let history = history(&fixture, 1..=3).await;
    let (task_token, previous_started_event_id) = (b"token".to_vec(), 5);
    fixture.answer(&PollWorkflowTaskQueueResponse {
        task_token,
        previous_started_event_id,
        history,
        ..Default::default()
    });
    assert!(fixture.call(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await.unwrap().body.is_empty());
    let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert_eq!(report.cause, 38);
    assert!(report.failure.unwrap().message.contains("[TMPRL1105]"));
}

/// Searching the marker for its name once for each detail would take minutes here.
#[tokio::test]
async fn a_marker_of_many_details_is_searched_for_its_name_once() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let reference = fixture.references(&["detail"]).await.unwrap();
    let details = (0..15_000).map(|at| (at.to_string(), reference.clone())).collect();
    let marker = MarkerRecordedEventAttributes { marker_name: "mine".into(), details, ..Default::default() };
    let attributes = Some(Attributes::MarkerRecordedEventAttributes(marker));
    let event = HistoryEvent { event_id: 3, attributes, ..Default::default() };
    let task = PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        previous_started_event_id: 5,
        history: Some(History { events: vec![event] }),
        ..Default::default()
    };
    fixture.answer(&task);
    let received: PollWorkflowTaskQueueResponse =
        fixture.received(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await;
    assert_eq!(received, task);
    assert_eq!(fixture.retrieved(), 0);
}
