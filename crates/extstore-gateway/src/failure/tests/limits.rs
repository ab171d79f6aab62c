//! Tests inline payloads above a limit of the namespace.

use extstore_wire::{Policy, Rpc};
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, CompleteWorkflowExecutionCommandAttributes};
use temporalio_protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_protos::temporal::api::namespace::v1::NamespaceInfo;
use temporalio_protos::temporal::api::namespace::v1::namespace_info::Limits;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::Code;
use crate::testing::fixture::{Fixture, payloads};

/// Makes a fixture that keeps data inline, in a namespace with a limit of 100 bytes.
async fn limited() -> Fixture {
    let fixture = Fixture::with(|options| options.keep_inline([Policy::Data]));
    let limits = Limits { blob_size_limit_error: 100, ..Default::default() };
    let info = NamespaceInfo { name: "ns".into(), limits: Some(limits), ..Default::default() };
    fixture.answer(&DescribeNamespaceResponse { namespace_info: Some(info), ..Default::default() });
    fixture.call(Rpc::DescribeNamespace, &DescribeNamespaceRequest::default()).await.unwrap();
    fixture
}

#[tokio::test]
async fn a_workflow_task_above_the_limit_fails_with_its_own_cause() {
    let fixture = limited().await;
    let completed = CompleteWorkflowExecutionCommandAttributes { result: payloads(&[&"x".repeat(200)]) };
    let attributes = Some(Attributes::CompleteWorkflowExecutionCommandAttributes(completed));
    let request = RespondWorkflowTaskCompletedRequest {
        namespace: "ns".into(),
        commands: vec![Command { attributes, ..Default::default() }],
        ..Default::default()
    };
    let status = fixture.call(Rpc::RespondWorkflowTaskCompleted, &request).await.unwrap_err();
    assert_eq!(status.code, Code::NOT_FOUND);
    let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert_eq!(report.cause, 37);
    let text = report.failure.unwrap().message;
    assert!(text.starts_with("[TMPRL1103]"), "{text}");
}

#[tokio::test]
async fn an_activity_result_above_the_limit_fails_for_good_with_its_own_cause() {
    let fixture = limited().await;
    let request = RespondActivityTaskCompletedRequest {
        namespace: "ns".into(),
        result: payloads(&[&"x".repeat(200)]),
        ..Default::default()
    };
    fixture.call(Rpc::RespondActivityTaskCompleted, &request).await.unwrap();
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!(report.cause, 1);
    let failure = report.failure.unwrap();
    assert!(
        failure.message.contains("[TMPRL1103]") && failure.message.contains("limit: 100 bytes"),
        "{}",
        failure.message
    );
    let Some(FailureInfo::ApplicationFailureInfo(info)) = failure.failure_info else { panic!("{failure:?}") };
    assert!(info.non_retryable);
}

#[tokio::test]
async fn a_client_is_refused_above_the_limit() {
    let fixture = limited().await;
    let request = SignalWorkflowExecutionRequest {
        namespace: "ns".into(),
        input: payloads(&[&"x".repeat(200)]),
        ..Default::default()
    };
    let status = fixture.call(Rpc::SignalWorkflowExecution, &request).await.unwrap_err();
    assert_eq!(status.code, Code::INVALID_ARGUMENT);
    assert_eq!(fixture.events(), ["failed request TooLarge true"]);
}
