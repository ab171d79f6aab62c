//! Tests failures, cancellations and heartbeats whose payloads cannot be stored: they are told in their own words.

use extstore::ErrorKind;
use extstore_wire::Rpc;
use prost::Message;
use temporalio_protos::temporal::api::common::v1::Payloads;
use temporalio_protos::temporal::api::enums::v1::QueryResultType;
use temporalio_protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_protos::temporal::api::failure::v1::{
    ApplicationFailureInfo, CanceledFailureInfo, Failure, TimeoutFailureInfo,
};
use temporalio_protos::temporal::api::namespace::v1::{NamespaceInfo, namespace_info};
use temporalio_protos::temporal::api::nexus::v1::{
    Response, StartOperationResponse, response, start_operation_response,
};
use temporalio_protos::temporal::api::query::v1::WorkflowQueryResult;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::testing::fixture::{Fixture, LOCATION, failure as outage, payload, payloads};

const UNAVAILABLE: ErrorKind = ErrorKind::Unavailable;

fn failing(kind: ErrorKind) -> Fixture {
    let fixture = Fixture::new();
    fixture.store.fail(outage(kind));
    fixture
}

/// Makes a failure as an SDK writes one: with details at three places, and with a stack.
fn failure(non_retryable: bool, details: &dyn Fn() -> Option<Payloads>) -> Failure {
    let root = CanceledFailureInfo { details: details(), ..Default::default() };
    let root = Failure {
        message: "the network is down".into(),
        failure_info: Some(FailureInfo::CanceledFailureInfo(root)),
        ..Default::default()
    };
    let timeout = TimeoutFailureInfo { last_heartbeat_details: details(), ..Default::default() };
    let cause = Failure {
        message: "the bank said nothing".into(),
        cause: Some(Box::new(root)),
        failure_info: Some(FailureInfo::TimeoutFailureInfo(timeout)),
        ..Default::default()
    };
    let info = ApplicationFailureInfo {
        r#type: "CardError".into(),
        non_retryable,
        details: details(),
        ..Default::default()
    };
    Failure {
        message: "the card was refused".into(),
        source: "RustSDK".into(),
        stack_trace: "at charge".into(),
        cause: Some(Box::new(cause)),
        failure_info: Some(FailureInfo::ApplicationFailureInfo(info)),
        ..Default::default()
    }
}

fn with_details(non_retryable: bool) -> Option<Failure> {
    Some(failure(non_retryable, &|| payloads(&["first", "second"])))
}

/// Takes the innermost cause of a failure, and checks that it names storage.
fn take_storage(failure: &mut Option<Failure>, kind: ErrorKind) {
    let mut at = failure.as_mut().expect("the failure is told");
    while at.cause.as_ref().is_some_and(|cause| cause.cause.is_some()) {
        at = at.cause.as_mut().unwrap();
    }
    let storage = at.cause.take().expect("storage is a cause");
    assert_eq!(storage.source, "extstore");
    assert!(storage.message.contains(kind.advice()), "{}", storage.message);
    assert!(!storage.message.contains(LOCATION), "{}", storage.message);
    let Some(FailureInfo::ApplicationFailureInfo(info)) = storage.failure_info else { panic!("no type") };
    assert_eq!(info.r#type, "ExternalStorageError");
}

#[tokio::test]
async fn a_failure_keeps_its_words_and_its_retryability_whatever_storage_says() {
    for kind in [ErrorKind::Unavailable, ErrorKind::TooLarge, ErrorKind::PermissionDenied] {
        for non_retryable in [false, true] {
            let fixture = failing(kind);
            let request = RespondActivityTaskFailedRequest {
                task_token: b"token".to_vec(),
                failure: with_details(non_retryable),
                last_heartbeat_details: payloads(&["half"]),
                identity: "worker".into(),
                ..Default::default()
            };
            fixture.call(Rpc::RespondActivityTaskFailed, &request).await.unwrap();
            let mut sent: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
            take_storage(&mut sent.failure, kind);
            let failure = Some(failure(non_retryable, &|| None));
            let expected =
                RespondActivityTaskFailedRequest { failure, last_heartbeat_details: None, ..request };
            assert_eq!(sent, expected);
            assert_eq!(fixture.methods().len(), 1);
            assert_eq!(fixture.events(), [format!("failed activity_task {kind} true")]);
        }
    }
}

#[tokio::test]
async fn a_failure_by_id_keeps_its_words_too() {
    let fixture = failing(UNAVAILABLE);
    let request = RespondActivityTaskFailedByIdRequest {
        namespace: "ns".into(),
        activity_id: "act".into(),
        failure: with_details(true),
        ..Default::default()
    };
    fixture.call(Rpc::RespondActivityTaskFailedById, &request).await.unwrap();
    let mut sent: RespondActivityTaskFailedByIdRequest = fixture.last(Rpc::RespondActivityTaskFailedById);
    take_storage(&mut sent.failure, UNAVAILABLE);
    let failure = Some(failure(true, &|| None));
    assert_eq!(sent, RespondActivityTaskFailedByIdRequest { failure, ..request });
}

/// Without one of its payloads a list would be read in the wrong places, so all of it goes. Other lists stay.
#[tokio::test]
async fn only_the_payloads_that_cannot_be_stored_are_left_out() {
    let recorder = crate::testing::Recorder::new();
    *recorder.driver.poison.lock().unwrap() = Some(b"poison");
    let large = |text: &str| payload(&text.repeat(1000));
    let info = ApplicationFailureInfo {
        details: Some(Payloads { payloads: vec![large("good"), large("poison"), payload("small")] }),
        ..Default::default()
    };
    let request = RespondActivityTaskFailedRequest {
        failure: Some(Failure {
            message: "Encoded failure".into(),
            encoded_attributes: Some(large("poison")),
            failure_info: Some(FailureInfo::ApplicationFailureInfo(info)),
            ..Default::default()
        }),
        last_heartbeat_details: Some(Payloads { payloads: vec![large("good")] }),
        ..Default::default()
    };
    let sent = recorder.sent(Rpc::RespondActivityTaskFailed, &request).await;
    assert!(crate::testing::is_reference(&sent.last_heartbeat_details.unwrap().payloads[0]));
    let mut failure = sent.failure;
    take_storage(&mut failure, UNAVAILABLE);
    let expected = Failure {
        message: "Encoded failure".into(),
        failure_info: Some(FailureInfo::ApplicationFailureInfo(ApplicationFailureInfo::default())),
        ..Default::default()
    };
    assert_eq!(failure, Some(expected));
    assert_eq!(*recorder.events.lock().unwrap(), ["failed activity_task"]);
}

#[tokio::test]
async fn a_cancellation_and_a_heartbeat_go_on_without_their_details() {
    let details = || payloads(&["half"]);
    let (task_token, activity_id) = (b"token".to_vec(), "act".to_owned());
    let canceled = RespondActivityTaskCanceledRequest {
        task_token: task_token.clone(),
        details: details(),
        ..Default::default()
    };
    told(
        Rpc::RespondActivityTaskCanceled,
        canceled.clone(),
        RespondActivityTaskCanceledRequest { details: None, ..canceled },
    )
    .await;
    let canceled = RespondActivityTaskCanceledByIdRequest {
        activity_id: activity_id.clone(),
        details: details(),
        ..Default::default()
    };
    told(
        Rpc::RespondActivityTaskCanceledById,
        canceled.clone(),
        RespondActivityTaskCanceledByIdRequest { details: None, ..canceled },
    )
    .await;
    let heartbeat =
        RecordActivityTaskHeartbeatRequest { task_token, details: details(), ..Default::default() };
    told(
        Rpc::RecordActivityTaskHeartbeat,
        heartbeat.clone(),
        RecordActivityTaskHeartbeatRequest { details: None, ..heartbeat },
    )
    .await;
    let heartbeat =
        RecordActivityTaskHeartbeatByIdRequest { activity_id, details: details(), ..Default::default() };
    told(
        Rpc::RecordActivityTaskHeartbeatById,
        heartbeat.clone(),
        RecordActivityTaskHeartbeatByIdRequest { details: None, ..heartbeat },
    )
    .await;
}

/// Checks that the request goes on as expected, that its answer is the caller's, and that the event says that Temporal
/// was not told of storage.
async fn told<T: Message + Default + PartialEq + std::fmt::Debug>(rpc: Rpc, request: T, expected: T) {
    let fixture = failing(UNAVAILABLE);
    fixture.answer_bytes(bytes::Bytes::from_static(b"\x08\x01"));
    let answer = fixture.call(rpc, &request).await.unwrap();
    assert_eq!(answer.body.to_bytes().as_ref(), b"\x08\x01");
    assert_eq!(fixture.last::<T>(rpc), expected);
    assert_eq!(fixture.methods().len(), 1);
    assert_eq!(fixture.events(), ["failed activity_task Unavailable false"]);
}

/// Payloads that stay inline and are above the namespace's limit are left out in the same way.
#[tokio::test]
async fn details_above_a_limit_of_the_namespace_are_left_out() {
    let fixture = Fixture::with(|options| options.keep_inline([extstore_wire::Policy::Data]));
    let limits = namespace_info::Limits { blob_size_limit_error: 100, ..Default::default() };
    let info = NamespaceInfo { name: "ns".into(), limits: Some(limits), ..Default::default() };
    fixture.answer(&DescribeNamespaceResponse { namespace_info: Some(info), ..Default::default() });
    let ask = DescribeNamespaceRequest { namespace: "ns".into(), ..Default::default() };
    fixture.call(Rpc::DescribeNamespace, &ask).await.unwrap();
    for (size, stays) in [(10, true), (200, false)] {
        let details = payloads(&["x".repeat(size).as_str()]);
        let request = RecordActivityTaskHeartbeatRequest {
            namespace: "ns".into(),
            details: details.clone(),
            ..Default::default()
        };
        fixture.call(Rpc::RecordActivityTaskHeartbeat, &request).await.unwrap();
        let sent: RecordActivityTaskHeartbeatRequest = fixture.last(Rpc::RecordActivityTaskHeartbeat);
        assert_eq!(sent.details, details.filter(|_| stays));
    }
    assert_eq!(fixture.events(), ["failed activity_task TooLarge false"]);
}

/// The cause of a workflow task's failure decides what the server does next.
#[tokio::test]
async fn a_workflow_tasks_failure_keeps_its_cause() {
    let fixture = failing(UNAVAILABLE);
    let request = RespondWorkflowTaskFailedRequest {
        task_token: b"token".to_vec(),
        failure: with_details(false),
        cause: 24,
        ..Default::default()
    };
    fixture.call(Rpc::RespondWorkflowTaskFailed, &request).await.unwrap();
    let mut sent: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    take_storage(&mut sent.failure, UNAVAILABLE);
    let failure = Some(failure(false, &|| None));
    assert_eq!(sent, RespondWorkflowTaskFailedRequest { failure, ..request });
    assert_eq!(fixture.events(), ["failed workflow_task Unavailable true"]);
}

#[tokio::test]
async fn failures_of_nexus_tasks_and_operations_keep_their_words() {
    let fixture = failing(UNAVAILABLE);
    let request = RespondNexusTaskFailedRequest { failure: with_details(true), ..Default::default() };
    fixture.call(Rpc::RespondNexusTaskFailed, &request).await.unwrap();
    let mut sent: RespondNexusTaskFailedRequest = fixture.last(Rpc::RespondNexusTaskFailed);
    take_storage(&mut sent.failure, UNAVAILABLE);
    assert_eq!(sent.failure, Some(failure(true, &|| None)));

    let failed = start_operation_response::Variant::Failure(with_details(true).unwrap());
    let variant = Some(response::Variant::StartOperation(StartOperationResponse { variant: Some(failed) }));
    let request =
        RespondNexusTaskCompletedRequest { response: Some(Response { variant }), ..Default::default() };
    fixture.call(Rpc::RespondNexusTaskCompleted, &request).await.unwrap();
    let sent: RespondNexusTaskCompletedRequest = fixture.last(Rpc::RespondNexusTaskCompleted);
    let Some(response::Variant::StartOperation(sent)) = sent.response.unwrap().variant else { panic!() };
    let Some(start_operation_response::Variant::Failure(sent)) = sent.variant else { panic!("no failure") };
    let mut sent = Some(sent);
    take_storage(&mut sent, UNAVAILABLE);
    assert_eq!(sent, Some(failure(true, &|| None)));
    assert_eq!(fixture.events(), ["failed nexus_task Unavailable true"; 2]);
}

#[tokio::test]
async fn a_failed_answer_to_a_query_keeps_its_words() {
    let fixture = failing(UNAVAILABLE);
    let request = RespondQueryTaskCompletedRequest {
        completed_type: QueryResultType::Failed.into(),
        error_message: "no such order".into(),
        failure: with_details(false),
        ..Default::default()
    };
    fixture.call(Rpc::RespondQueryTaskCompleted, &request).await.unwrap();
    let mut sent: RespondQueryTaskCompletedRequest = fixture.last(Rpc::RespondQueryTaskCompleted);
    take_storage(&mut sent.failure, UNAVAILABLE);
    let without = Some(failure(false, &|| None));
    assert_eq!(sent, RespondQueryTaskCompletedRequest { failure: without.clone(), ..request });

    let answer = |failure| WorkflowQueryResult {
        result_type: QueryResultType::Failed.into(),
        error_message: "no such order".into(),
        failure,
        ..Default::default()
    };
    let request = RespondWorkflowTaskCompletedRequest {
        query_results: [("q-1".to_owned(), answer(with_details(false)))].into(),
        ..Default::default()
    };
    fixture.call(Rpc::RespondWorkflowTaskCompleted, &request).await.unwrap();
    let sent: RespondWorkflowTaskCompletedRequest = fixture.last(Rpc::RespondWorkflowTaskCompleted);
    assert_eq!(sent.query_results["q-1"], answer(without));
    assert_eq!(fixture.events(), ["failed query Unavailable true", "failed query Unavailable false"]);
}
