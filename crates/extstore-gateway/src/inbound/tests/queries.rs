use extstore_wire::Rpc;
use temporalio_protos::temporal::api::enums::v1::QueryResultType;
use temporalio_protos::temporal::api::query::v1::{WorkflowQuery, WorkflowQueryResult};
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::polls::workflow_poll;
use crate::testing::fixture::{Fixture, LOCATION, LOST, payload, payloads};

#[tokio::test]
async fn a_query_in_a_task_fails_alone_and_is_answered_with_the_completion() {
    let fixture = Fixture::new();
    let query =
        async |text| WorkflowQuery { query_args: fixture.references(&[text]).await, ..Default::default() };
    let queries = [("lost".to_owned(), query(LOST).await), ("kept".to_owned(), query("args").await)];
    fixture.answer(&PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        queries: queries.into(),
        attempt: 3,
        ..Default::default()
    });
    let task: PollWorkflowTaskQueueResponse =
        fixture.received(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await;
    assert_eq!(task.queries.len(), 1);
    assert_eq!(task.queries["kept"].query_args, payloads(&["args"]));
    assert_eq!(fixture.methods(), ["PollWorkflowTaskQueue"], "the workflow task does not fail");
    assert_eq!(fixture.events(), ["failed query NotFound true"]);

    let answer = WorkflowQueryResult { answer: payloads(&["42"]), ..Default::default() };
    let completion = RespondWorkflowTaskCompletedRequest {
        namespace: workflow_poll().namespace,
        task_token: b"token".to_vec(),
        query_results: [("kept".to_owned(), answer)].into(),
        ..Default::default()
    };
    // An SDK sends a completion again that was not answered; the query is answered each time.
    for _ in 0..2 {
        fixture.call(Rpc::RespondWorkflowTaskCompleted, &completion).await.unwrap();
        let sent: RespondWorkflowTaskCompletedRequest = fixture.last(Rpc::RespondWorkflowTaskCompleted);
        assert_eq!(sent.query_results.len(), 2);
        let failed = &sent.query_results["lost"];
        assert_eq!(failed.result_type(), QueryResultType::Failed);
        assert!(failed.error_message.contains("restore payloads of this query"), "{}", failed.error_message);
        assert!(!failed.error_message.contains(LOCATION));
        assert_ne!(sent.query_results["kept"].answer, payloads(&["42"]), "an answer is offloaded as always");
    }
}

#[tokio::test]
async fn a_query_task_fails_as_a_query() {
    let fixture = Fixture::new();
    let query = WorkflowQuery { query_args: fixture.references(&[LOST]).await, ..Default::default() };
    fixture.answer(&PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        query: Some(query),
        poller_group_id: "group".into(),
        // A query is answered on every attempt.
        attempt: 2,
        ..Default::default()
    });
    let empty = fixture.call(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await.unwrap();
    assert!(empty.body.is_empty());
    let report: RespondQueryTaskCompletedRequest = fixture.last(Rpc::RespondQueryTaskCompleted);
    assert_eq!((report.completed_type(), report.cause), (QueryResultType::Failed, 38));
    assert_eq!(
        (report.task_token.as_slice(), report.poller_group_id.as_str()),
        (b"token".as_slice(), "group")
    );
    assert_eq!(report.failure.unwrap().message, report.error_message);
}

#[tokio::test]
async fn queries_of_a_failed_task_are_not_answered() {
    let fixture = Fixture::new();
    let query = WorkflowQuery { query_args: fixture.references(&[LOST]).await, ..Default::default() };
    let header = temporalio_protos::temporal::api::common::v1::Header {
        fields: [("trace".to_owned(), fixture.reference(&payload(LOST)).await)].into(),
    };
    let started = temporalio_protos::temporal::api::history::v1::WorkflowExecutionStartedEventAttributes {
        header: Some(header),
        ..Default::default()
    };
    let event = super::lazy::event(1, started);
    fixture.answer(&PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        queries: [("q".to_owned(), query)].into(),
        history: Some(temporalio_protos::temporal::api::history::v1::History { events: vec![event] }),
        attempt: 1,
        ..Default::default()
    });
    let empty = fixture.call(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await.unwrap();
    assert!(empty.body.is_empty());
    assert_eq!(fixture.methods(), ["PollWorkflowTaskQueue", "RespondWorkflowTaskFailed"]);
}
