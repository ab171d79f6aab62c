//! Tests requests whose payloads cannot be stored.

use extstore::{Error, ErrorKind};
use extstore_wire::Rpc;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, CompleteWorkflowExecutionCommandAttributes};
use temporalio_protos::temporal::api::enums::v1::QueryResultType;
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_protos::temporal::api::nexus::v1::{
    Response, StartOperationResponse, response, start_operation_response,
};
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::testing::fixture::{Fixture, LOCATION, failure, payload, payloads};
use crate::{Code, Status};

fn token() -> Vec<u8> {
    b"token".to_vec()
}

/// Makes a fixture whose store fails with an error.
fn failing(error: Error) -> Fixture {
    let fixture = Fixture::new();
    fixture.store.fail(error);
    fixture
}

fn unavailable() -> Fixture {
    failing(failure(ErrorKind::Unavailable))
}

fn completion() -> RespondWorkflowTaskCompletedRequest {
    let completed = CompleteWorkflowExecutionCommandAttributes { result: payloads(&["result"]) };
    let attributes = Some(Attributes::CompleteWorkflowExecutionCommandAttributes(completed));
    RespondWorkflowTaskCompletedRequest {
        task_token: token(),
        commands: vec![Command { attributes, ..Default::default() }],
        namespace: "ns".into(),
        identity: "worker".into(),
        resource_id: "workflow:wf".into(),
        ..Default::default()
    }
}

fn activity_completed() -> RespondActivityTaskCompletedRequest {
    RespondActivityTaskCompletedRequest {
        task_token: token(),
        result: payloads(&["result"]),
        namespace: "ns".into(),
        identity: "worker".into(),
        resource_id: "workflow:wf".into(),
        ..Default::default()
    }
}

/// Polls a workflow task, so that its attempt is known.
async fn polled(fixture: &Fixture, attempt: i32) {
    fixture.answer(&PollWorkflowTaskQueueResponse { task_token: token(), attempt, ..Default::default() });
    let poll = PollWorkflowTaskQueueRequest { namespace: "ns".into(), ..Default::default() };
    fixture.call(Rpc::PollWorkflowTaskQueue, &poll).await.unwrap();
}

fn application(failure: Option<Failure>) -> (String, String, bool) {
    let failure = failure.expect("a report says why");
    assert_eq!(failure.source, "extstore");
    assert!(
        !failure.message.contains(LOCATION) && !failure.message.contains("of a driver"),
        "{}",
        failure.message
    );
    let Some(FailureInfo::ApplicationFailureInfo(info)) = failure.failure_info else {
        panic!("no application failure")
    };
    (failure.message, info.r#type, info.non_retryable)
}

#[tokio::test]
async fn a_completion_on_the_first_attempt_is_reported_and_answered_not_found() {
    for known in [true, false] {
        let fixture = unavailable();
        if known {
            polled(&fixture, 1).await;
        }
        let status = fixture.call(Rpc::RespondWorkflowTaskCompleted, &completion()).await.unwrap_err();
        assert_eq!(status.code, Code::NOT_FOUND);
        let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
        assert_eq!((report.task_token, report.cause), (token(), 38));
        assert_eq!((report.namespace.as_str(), report.identity.as_str()), ("ns", "worker"));
        assert_eq!(report.resource_id, "workflow:wf");
        let (message, kind, non_retryable) = application(report.failure);
        assert_eq!((kind.as_str(), non_retryable), ("ExternalStorageError", false));
        assert!(message.contains("could not store payloads of this workflow task"), "{message}");
        assert!(message.contains(ErrorKind::Unavailable.advice()), "{message}");
        assert_eq!(fixture.events(), ["failed workflow_task Unavailable true"]);
    }
}

/// An SDK sends several pages at the same time, and each of them may fail.
#[tokio::test]
async fn a_completion_in_pages_is_reported_once() {
    let fixture = unavailable();
    polled(&fixture, 1).await;
    for page_number in 0..3 {
        let page =
            RespondWorkflowTaskCompletedRequest { page_number, intermediate_page: true, ..completion() };
        let status = fixture.call(Rpc::RespondWorkflowTaskCompleted, &page).await.unwrap_err();
        assert_eq!(status.code, Code::NOT_FOUND);
    }
    assert_eq!(fixture.methods(), ["PollWorkflowTaskQueue", "RespondWorkflowTaskFailed"]);
    let silent = "failed workflow_task Unavailable false";
    assert_eq!(fixture.events(), ["failed workflow_task Unavailable true", silent, silent]);
}

#[tokio::test]
async fn later_completions_are_silent_but_counted() {
    let fixture = unavailable();
    polled(&fixture, 2).await;
    let status = fixture.call(Rpc::RespondWorkflowTaskCompleted, &completion()).await.unwrap_err();
    assert_eq!(status.code, Code::NOT_FOUND);
    assert_eq!(fixture.methods(), ["PollWorkflowTaskQueue"]);
    assert_eq!(fixture.events(), ["failed workflow_task Unavailable false"]);
}

#[tokio::test]
async fn the_answer_of_a_query_that_cannot_be_stored_fails_the_query() {
    let fixture = unavailable();
    let request = RespondQueryTaskCompletedRequest {
        task_token: token(),
        completed_type: QueryResultType::Answered.into(),
        query_result: payloads(&["42"]),
        poller_group_id: "group".into(),
        namespace: "ns".into(),
        ..Default::default()
    };
    fixture.call(Rpc::RespondQueryTaskCompleted, &request).await.unwrap();
    let report: RespondQueryTaskCompletedRequest = fixture.last(Rpc::RespondQueryTaskCompleted);
    assert_eq!(
        (report.completed_type(), report.cause, report.query_result),
        (QueryResultType::Failed, 38, None)
    );
    assert_eq!((report.namespace.as_str(), report.poller_group_id.as_str()), ("ns", "group"));
    assert_eq!(application(report.failure).0, report.error_message);
}

#[tokio::test]
async fn a_result_of_an_activity_becomes_a_retryable_failure() {
    let fixture = unavailable();
    let answer = fixture.call(Rpc::RespondActivityTaskCompleted, &activity_completed()).await;
    assert!(answer.unwrap().body.is_empty());
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!((report.task_token, report.cause), (token(), 2));
    let (_, kind, non_retryable) = application(report.failure);
    assert_eq!((kind.as_str(), non_retryable), ("ExternalStorageError", false));
    assert_eq!(fixture.methods().len(), 1);
    assert_eq!(fixture.events(), ["failed activity_task Unavailable true"]);
}

#[tokio::test]
async fn a_result_by_id_is_reported_by_id() {
    let fixture = unavailable();
    let request = RespondActivityTaskCompletedByIdRequest {
        namespace: "ns".into(),
        workflow_id: "wf".into(),
        run_id: "run".into(),
        activity_id: "act".into(),
        identity: "client".into(),
        result: payloads(&["result"]),
        ..Default::default()
    };
    fixture.call(Rpc::RespondActivityTaskCompletedById, &request).await.unwrap();
    let report: RespondActivityTaskFailedByIdRequest = fixture.last(Rpc::RespondActivityTaskFailedById);
    assert_eq!((report.namespace.as_str(), report.identity.as_str()), ("ns", "client"));
    assert_eq!((report.workflow_id.as_str(), report.run_id.as_str()), ("wf", "run"));
    assert_eq!((report.activity_id.as_str(), report.cause), ("act", 2));
    application(report.failure);
}

#[tokio::test]
async fn a_result_that_is_too_large_fails_its_activity_for_good_and_says_by_how_much() {
    let text = "Payload size 60 bytes exceeds the configured max_payload_size of 50 bytes";
    let fixture = failing(ErrorKind::TooLarge.error(text));
    fixture.call(Rpc::RespondActivityTaskCompleted, &activity_completed()).await.unwrap();
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!(report.cause, 2);
    let (message, _, non_retryable) = application(report.failure);
    assert!(non_retryable);
    assert!(message.contains(text), "{message}");
}

#[tokio::test]
async fn a_nexus_result_that_cannot_be_stored_is_an_internal_error_that_says_that_it_is_retryable() {
    let fixture = unavailable();
    let sync = start_operation_response::Sync { payload: Some(payload("result")), ..Default::default() };
    let variant = Some(start_operation_response::Variant::SyncSuccess(sync));
    let variant = Some(response::Variant::StartOperation(StartOperationResponse { variant }));
    let request = RespondNexusTaskCompletedRequest {
        task_token: token(),
        namespace: "ns".into(),
        identity: "worker".into(),
        response: Some(Response { variant }),
        poller_group_id: "group".into(),
    };
    fixture.call(Rpc::RespondNexusTaskCompleted, &request).await.unwrap();
    let report: RespondNexusTaskFailedRequest = fixture.last(Rpc::RespondNexusTaskFailed);
    assert_eq!((report.task_token, report.poller_group_id.as_str()), (token(), "group"));
    assert_eq!((report.namespace.as_str(), report.identity.as_str()), ("ns", "worker"));
    #[expect(deprecated, reason = "the form that servers of every version read")]
    let error = report.error.unwrap();
    assert_eq!((error.error_type.as_str(), error.retry_behavior), ("INTERNAL", 1));
    assert!(error.failure.unwrap().message.contains(ErrorKind::Unavailable.advice()));
    assert_eq!(fixture.events(), ["failed nexus_task Unavailable true"]);
}

#[tokio::test]
async fn a_clients_request_that_cannot_be_stored_is_refused_and_nothing_is_sent() {
    for (kind, code) in [
        (ErrorKind::Unavailable, Code::UNAVAILABLE),
        (ErrorKind::PermissionDenied, Code::FAILED_PRECONDITION),
    ] {
        let fixture = failing(failure(kind));
        let request = SignalWorkflowExecutionRequest { input: payloads(&["signal"]), ..Default::default() };
        let status = fixture.call(Rpc::SignalWorkflowExecution, &request).await.unwrap_err();
        assert_eq!(status.code, code);
        assert!(
            status.message.contains(kind.advice()) && !status.message.contains(LOCATION),
            "{}",
            status.message
        );
        assert_eq!(fixture.methods(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_caller_gets_the_answer_to_the_report() {
    let fixture = unavailable();
    fixture.refuse(Status::new(Code::NOT_FOUND, "the activity is gone"));
    let status = fixture.call(Rpc::RespondActivityTaskCompleted, &activity_completed()).await.unwrap_err();
    assert_eq!((status.code, status.message.as_str()), (Code::NOT_FOUND, "the activity is gone"));
}
