//! Tests the failed tasks that an upstream is told of, for the metrics of its client.

use extstore::ErrorKind;
use extstore_wire::Rpc;
use temporalio_protos::temporal::api::command;
use temporalio_protos::temporal::api::command::v1::ScheduleActivityTaskCommandAttributes;
use temporalio_protos::temporal::api::command::v1::command::Attributes as Command;
use temporalio_protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_protos::temporal::api::history::v1::{
    History, HistoryEvent, WorkflowExecutionSignaledEventAttributes,
};
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::testing::fixture::{Fixture, failure, payloads};

fn failing(kind: ErrorKind) -> Fixture {
    let fixture = Fixture::new();
    fixture.store.fail(failure(kind));
    fixture
}

fn failed(fixture: &Fixture) -> Vec<String> {
    fixture.server.failed.lock().unwrap().clone()
}

/// The upstream is told also of the attempts that Temporal is not told of.
#[tokio::test]
async fn every_attempt_at_a_workflow_task_is_counted() {
    for attempt in [1, 2, 7] {
        let fixture = Fixture::new();
        let input = fixture.references(&["signal"]).await;
        let signaled = WorkflowExecutionSignaledEventAttributes { input, ..Default::default() };
        let attributes = Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled));
        let events = vec![HistoryEvent { event_id: 3, attributes, ..Default::default() }];
        let (task_token, history) = (b"token".to_vec(), Some(History { events }));
        fixture.answer(&PollWorkflowTaskQueueResponse { task_token, history, attempt, ..Default::default() });
        fixture.store.fail(failure(ErrorKind::Unavailable));
        let poll = PollWorkflowTaskQueueRequest { namespace: "ns".into(), ..Default::default() };
        fixture.call(Rpc::PollWorkflowTaskQueue, &poll).await.unwrap();
        assert_eq!(failed(&fixture), ["Workflow ns ExternalStorageError"]);
    }
}

#[tokio::test]
async fn a_result_of_an_activity_that_cannot_be_stored_is_counted() {
    let fixture = failing(ErrorKind::TooLarge);
    let request = RespondActivityTaskCompletedRequest {
        namespace: "ns".into(),
        result: payloads(&["x"]),
        ..Default::default()
    };
    fixture.call(Rpc::RespondActivityTaskCompleted, &request).await.unwrap();
    // The fixture's error names no operation, as the cap of a response does not.
    assert_eq!(failed(&fixture), ["Activity ns ExternalStorageError"]);
}

/// These requests failed, or go on, for reasons of their own.
#[tokio::test]
async fn what_is_told_without_its_payloads_is_not_counted_and_neither_is_a_client() {
    let fixture = failing(ErrorKind::Unavailable);
    let last_heartbeat_details = payloads(&["half"]);
    let failed_activity = RespondActivityTaskFailedRequest { last_heartbeat_details, ..Default::default() };
    fixture.call(Rpc::RespondActivityTaskFailed, &failed_activity).await.unwrap();
    let heartbeat = RecordActivityTaskHeartbeatRequest { details: payloads(&["half"]), ..Default::default() };
    fixture.call(Rpc::RecordActivityTaskHeartbeat, &heartbeat).await.unwrap();
    let signal = SignalWorkflowExecutionRequest { input: payloads(&["signal"]), ..Default::default() };
    fixture.call(Rpc::SignalWorkflowExecution, &signal).await.unwrap_err();
    assert_eq!(failed(&fixture), [""; 0]);
}

/// Each page is refused by itself, and the task fails once.
#[tokio::test]
async fn a_workflow_task_is_counted_once_whether_its_completion_comes_in_pages_or_not() {
    let fixture = failing(ErrorKind::Unavailable);
    for page_number in [0, 1] {
        let page =
            RespondWorkflowTaskCompletedRequest { page_number, intermediate_page: true, ..completion() };
        fixture.call(Rpc::RespondWorkflowTaskCompleted, &page).await.unwrap_err();
    }
    assert_eq!(failed(&fixture), ["Workflow ns ExternalStorageError"]);
}

fn completion() -> RespondWorkflowTaskCompletedRequest {
    let schedule =
        ScheduleActivityTaskCommandAttributes { input: payloads(&["input"]), ..Default::default() };
    let attributes = Some(Command::ScheduleActivityTaskCommandAttributes(schedule));
    let commands = vec![command::v1::Command { attributes, ..Default::default() }];
    let (task_token, namespace) = (b"token".to_vec(), "ns".to_owned());
    RespondWorkflowTaskCompletedRequest { task_token, namespace, commands, ..Default::default() }
}
