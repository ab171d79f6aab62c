//! Tests reports of tasks that could not be restored, and the fields that every report carries.

use extstore::ErrorKind;
use extstore_wire::Rpc;
use http::HeaderValue;
use prost::Message;
use temporalio_protos::temporal::api::deployment::v1::WorkerDeploymentOptions;
use temporalio_protos::temporal::api::history::v1::History;
use temporalio_protos::temporal::api::nexus::v1::{Request, StartOperationRequest, request};
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::Code;
use crate::failure::{Path, Reason, public};
use crate::testing::call;
use crate::testing::fixture::{Fixture, LOCATION, failure, payload};

async fn workflow_task(fixture: &Fixture, attempt: i32) -> PollWorkflowTaskQueueResponse {
    use temporalio_protos::temporal::api::history::v1::history_event::Attributes;
    use temporalio_protos::temporal::api::history::v1::{
        HistoryEvent, WorkflowExecutionSignaledEventAttributes,
    };
    let input = fixture.references(&["signal"]).await;
    let signaled = WorkflowExecutionSignaledEventAttributes { input, ..Default::default() };
    let attributes = Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled));
    let events = vec![HistoryEvent { event_id: 3, attributes, ..Default::default() }];
    let (task_token, history) = (b"token".to_vec(), Some(History { events }));
    PollWorkflowTaskQueueResponse { task_token, history, attempt, ..Default::default() }
}

fn poll() -> PollWorkflowTaskQueueRequest {
    PollWorkflowTaskQueueRequest {
        namespace: "ns".into(),
        identity: "worker".into(),
        deployment_options: Some(WorkerDeploymentOptions { build_id: "v7".into(), ..Default::default() }),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_task_that_cannot_be_restored_is_reported_once_and_the_poll_finds_nothing() {
    for (attempt, reported) in [(0, true), (1, true), (2, false), (9, false)] {
        let fixture = Fixture::new();
        fixture.answer(&workflow_task(&fixture, attempt).await);
        fixture.store.fail(failure(ErrorKind::NotFound));
        let empty = fixture.call(Rpc::PollWorkflowTaskQueue, &poll()).await.unwrap();
        assert!(empty.body.is_empty());
        assert_eq!(fixture.methods().len(), if reported { 2 } else { 1 });
        assert_eq!(fixture.events(), [format!("failed workflow_task NotFound {reported}")]);
    }
}

#[tokio::test]
async fn a_report_names_the_worker_its_version_and_nothing_of_the_store() {
    let fixture = Fixture::new();
    fixture.answer(&workflow_task(&fixture, 1).await);
    fixture.store.fail(failure(ErrorKind::NotFound));
    fixture.call(Rpc::PollWorkflowTaskQueue, &poll()).await.unwrap();
    let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert_eq!((report.namespace.as_str(), report.identity.as_str()), ("ns", "worker"));
    assert_eq!((report.cause, report.deployment_options), (38, poll().deployment_options));
    let text = report.failure.unwrap().message;
    assert!(text.contains("could not restore payloads of this workflow task"), "{text}");
    assert!(text.contains(ErrorKind::NotFound.advice()) && !text.contains(LOCATION), "{text}");
}

#[tokio::test]
async fn missing_storage_fails_each_kind_of_task_and_stays_retryable() {
    let fixture = Fixture::without_storage();
    fixture.answer(&workflow_task(&fixture, 1).await);
    fixture.call(Rpc::PollWorkflowTaskQueue, &poll()).await.unwrap();
    let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert!(report.failure.unwrap().message.contains("[TMPRL1105]"));
    assert_eq!(report.cause, 38);

    let input = fixture.references(&["input"]).await;
    let task = PollActivityTaskQueueResponse { task_token: b"token".to_vec(), input, ..Default::default() };
    fixture.answer(&task);
    fixture.call(Rpc::PollActivityTaskQueue, &PollActivityTaskQueueRequest::default()).await.unwrap();
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert!(report.failure.unwrap().message.contains("[TMPRL1105]"));
    assert_eq!(report.cause, 2);

    let start = StartOperationRequest {
        payload: Some(fixture.reference(&payload("input")).await),
        ..Default::default()
    };
    let variant = Some(request::Variant::StartOperation(start));
    fixture.answer(&PollNexusTaskQueueResponse {
        task_token: b"token".to_vec(),
        request: Some(Request { variant, ..Default::default() }),
        ..Default::default()
    });
    fixture.call(Rpc::PollNexusTaskQueue, &PollNexusTaskQueueRequest::default()).await.unwrap();
    let report: RespondNexusTaskFailedRequest = fixture.last(Rpc::RespondNexusTaskFailed);
    #[expect(deprecated, reason = "the form that servers of every version read")]
    let error = report.error.unwrap();
    assert!(error.failure.unwrap().message.contains("[TMPRL1105]"));
    assert_eq!(error.retry_behavior, 1);
}

#[tokio::test]
async fn a_report_keeps_credentials_and_drops_headers_of_the_callers_request() {
    let fixture = Fixture::new();
    fixture.store.fail(failure(ErrorKind::Unavailable));
    let request = RespondActivityTaskCompletedRequest {
        result: crate::testing::fixture::payloads(&["x"]),
        ..Default::default()
    };
    let mut call = call(Rpc::RespondActivityTaskCompleted, request.encode_to_vec().into());
    for (name, value) in [
        ("authorization", "Bearer key"),
        ("temporal-namespace", "ns"),
        ("grpc-timeout", "70S"),
        ("temporal-resource-id", "workflow:wf"),
    ] {
        call.headers.insert(name, HeaderValue::from_static(value));
    }
    fixture.gateway.call(call, fixture.server.clone()).await.unwrap();
    let calls = fixture.server.calls.lock().unwrap();
    let mut names: Vec<&str> = calls[0].headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["authorization", "grpc-timeout", "temporal-namespace"]);
    assert_eq!(calls[0].headers["grpc-timeout"], "10S", "a time-out of its own, and not that of the message");
}

#[test]
fn codes_and_sizes_stay_in_the_public_text_and_other_messages_do_not() {
    let of = |error: extstore::Error| public(Path::InboundWorkflowTask, Reason::Storage(&error));
    let drivers_own = ErrorKind::Config.error("[TMPRL1106] bucket=secret").with_operation("retrieve");
    assert!(
        !of(drivers_own).contains("secret"),
        "a code in its text does not make a driver's message public"
    );
    assert!(of(ErrorKind::TooLarge.error("9 bytes above 5")).contains("9 bytes above 5"));
    assert!(!of(failure(ErrorKind::Config)).contains("of a driver"));
    let missing = extstore::refuse_references([&reference()]).unwrap_err();
    assert!(of(missing).contains("[TMPRL1105]"));
}

/// The gateway's own errors name no operation, so the direction of the path chooses the verb.
#[test]
fn a_text_says_restore_on_inbound_paths_and_store_on_outbound_ones() {
    let error = ErrorKind::TooLarge.error("9 bytes above 5");
    for path in Path::ALL {
        let verb = if format!("{path:?}").starts_with("Inbound") { "restore" } else { "store" };
        let text = public(*path, Reason::Storage(&error));
        assert!(text.starts_with(&format!("External storage could not {verb} payloads of this ")), "{text}");
    }
}

fn reference() -> extstore::Payload {
    extstore::Reference::new("store", extstore::Claim::new()).to_payload(1)
}

#[tokio::test]
async fn a_page_of_history_that_cannot_be_restored_fails_its_task() {
    use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
    for (query, method) in
        [(None, "RespondWorkflowTaskFailed"), (Some(WorkflowQuery::default()), "RespondQueryTaskCompleted")]
    {
        let fixture = Fixture::new();
        let (task_token, next_page_token) = (b"token".to_vec(), b"page 2".to_vec());
        fixture.answer(&PollWorkflowTaskQueueResponse {
            task_token,
            next_page_token,
            query,
            attempt: 1,
            ..Default::default()
        });
        fixture.call(Rpc::PollWorkflowTaskQueue, &poll()).await.unwrap();
        let history = workflow_task(&fixture, 1).await.history;
        fixture.answer(&GetWorkflowExecutionHistoryResponse { history, ..Default::default() });
        fixture.store.fail(failure(ErrorKind::Unavailable));
        let request = GetWorkflowExecutionHistoryRequest {
            namespace: "ns".into(),
            next_page_token: b"page 2".to_vec(),
            ..Default::default()
        };
        let status = fixture.call(Rpc::GetWorkflowExecutionHistory, &request).await.unwrap_err();
        assert_eq!(status.code, Code::FAILED_PRECONDITION, "an SDK does not retry it");
        assert_eq!(fixture.methods().last().unwrap(), method);
    }
}
