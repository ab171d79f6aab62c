//! Tests the targets of completions: the scheduling workflow, the standalone activity, the operation, or none.

use std::sync::Arc;

use extstore_wire::{Rpc, Scan};
use prost::Message as _;
use temporalio_protos::temporal::api::common::v1::ActivityType;
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::nexus::v1 as api;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::{activity, nexus, workflow};
use crate::Upstream;
use crate::testing::{LARGE, Recorder, call, execution, payload, payloads, scope, workflow_type};

const TOKEN: &[u8] = b"token-1";

#[tokio::test]
async fn an_activity_of_a_workflow_targets_that_workflow() {
    let recorder = Recorder::new();
    poll_activity(
        &recorder,
        PollActivityTaskQueueResponse {
            task_token: TOKEN.to_vec(),
            workflow_namespace: "orders".into(),
            workflow_type: workflow_type("Order"),
            workflow_execution: execution("order-1", "run-1"),
            activity_id: "5".into(),
            activity_type: Some(ActivityType { name: "charge".into() }),
            attempt: 3,
            ..Default::default()
        },
    );
    let scheduler = [workflow("orders", "Order", "order-1", "run-1")];
    every_outcome(&recorder, &scheduler).await;
}

#[tokio::test]
async fn a_standalone_activity_targets_itself() {
    let recorder = Recorder::new();
    poll_activity(
        &recorder,
        PollActivityTaskQueueResponse {
            task_token: TOKEN.to_vec(),
            workflow_namespace: "orders".into(),
            activity_id: "charge-1".into(),
            activity_run_id: "run-9".into(),
            activity_type: Some(ActivityType { name: "charge".into() }),
            ..Default::default()
        },
    );
    every_outcome(&recorder, &[activity("orders", "charge", "charge-1", "run-9")]).await;
}

/// A token is opaque: one that was not polled in this process has no target.
#[tokio::test]
async fn an_unknown_token_has_no_target() {
    let recorder = Recorder::new();
    every_outcome(&recorder, &[None]).await;
    assert!(recorder.stores().iter().all(|store| store.namespace.as_deref() == Some("orders")));
}

/// A caller of another namespace may send a token that it has seen somewhere.
#[tokio::test]
async fn a_token_of_another_namespace_has_no_target() {
    let recorder = Recorder::new();
    poll_order(&recorder, "victim");
    let completed = RespondActivityTaskCompletedRequest {
        task_token: TOKEN.to_vec(),
        namespace: "mallory".into(),
        result: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskCompleted, &completed).await, [None]);
    let victims = RespondActivityTaskCompletedRequest { namespace: "victim".into(), ..completed };
    let scheduler = [workflow("victim", "Order", "order-1", "run-1")];
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskCompleted, &victims).await, scheduler);
}

/// The server takes the namespace from the token where a request names none; SDKs repeat it in the metadata.
#[tokio::test]
async fn a_request_without_a_namespace_is_in_that_of_its_metadata() {
    let recorder = Recorder::new();
    poll_order(&recorder, "orders");
    let completed = RespondActivityTaskCompletedRequest {
        task_token: TOKEN.to_vec(),
        result: payloads(LARGE),
        ..Default::default()
    };
    let target = with_header(&recorder, &completed, "temporal-namespace", "orders").await;
    assert_eq!(target, workflow("orders", "Order", "order-1", "run-1"));
}

#[tokio::test]
async fn an_unknown_token_has_the_target_that_the_resource_id_names() {
    for (resource_id, expected) in [
        ("workflow:order:1", workflow("orders", "", "order:1", "")),
        ("activity:charge-1", activity("orders", "", "charge-1", "")),
        ("workflow:", None),
        ("order-1", None),
        ("poller:7", None),
    ] {
        let recorder = Recorder::new();
        let completed = RespondActivityTaskCompletedRequest {
            task_token: TOKEN.to_vec(),
            namespace: "orders".into(),
            result: payloads(LARGE),
            ..Default::default()
        };
        let in_header = with_header(&recorder, &completed, "temporal-resource-id", resource_id).await;
        assert_eq!(in_header, expected, "{resource_id} in the metadata");
        let request =
            RespondActivityTaskCompletedRequest { resource_id: resource_id.into(), ..completed.clone() };
        let header = with_header(&recorder, &request, "temporal-resource-id", "workflow:another").await;
        assert_eq!(header, expected, "{resource_id} in the request");
        poll_order(&recorder, "orders");
        let known = with_header(&recorder, &request, "temporal-resource-id", resource_id).await;
        assert_eq!(known, workflow("orders", "Order", "order-1", "run-1"), "the token says more");
    }
}

/// Sends a completion with a header, and returns the target of its payload.
async fn with_header(
    recorder: &Recorder,
    request: &RespondActivityTaskCompletedRequest,
    name: &'static str,
    value: &str,
) -> Option<extstore::Target> {
    let mut call = call(Rpc::RespondActivityTaskCompleted, request.encode_to_vec().into());
    call.headers.insert(name, value.parse().unwrap());
    let upstream = Arc::clone(&recorder.upstream) as Arc<dyn Upstream>;
    recorder.gateway.call(call, upstream).await.unwrap();
    recorder.stores().pop().unwrap().target
}

/// Polls an activity of the workflow `order-1`.
fn poll_order(recorder: &Recorder, namespace: &str) {
    let task = PollActivityTaskQueueResponse {
        task_token: TOKEN.to_vec(),
        workflow_namespace: namespace.into(),
        workflow_type: workflow_type("Order"),
        workflow_execution: execution("order-1", "run-1"),
        ..Default::default()
    };
    let scan = Scan::all(Rpc::PollActivityTaskQueue.response(), task.encode_to_vec()).unwrap();
    assert!(recorder.identities().learn_task(scan.root(), &scope(namespace)).is_some());
}

async fn every_outcome(recorder: &Recorder, expected: &[Option<extstore::Target>]) {
    let (task_token, namespace) = (TOKEN.to_vec(), "orders".to_owned());
    let completed = RespondActivityTaskCompletedRequest {
        task_token: task_token.clone(),
        namespace: namespace.clone(),
        result: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskCompleted, &completed).await, expected);
    let failed = RespondActivityTaskFailedRequest {
        task_token: task_token.clone(),
        namespace: namespace.clone(),
        failure: Some(Failure { encoded_attributes: Some(payload(LARGE)), ..Default::default() }),
        last_heartbeat_details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskFailed, &failed).await, expected);
    let canceled = RespondActivityTaskCanceledRequest {
        task_token: task_token.clone(),
        namespace: namespace.clone(),
        details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskCanceled, &canceled).await, expected);
    let heartbeat = RecordActivityTaskHeartbeatRequest {
        task_token,
        namespace,
        details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RecordActivityTaskHeartbeat, &heartbeat).await, expected);
}

#[tokio::test]
async fn an_outcome_by_id_targets_the_workflow_or_else_the_activity() {
    every_outcome_by_id("order-1", &[workflow("orders", "", "order-1", "run-1")]).await;
    every_outcome_by_id("", &[activity("orders", "", "charge-1", "run-1")]).await;
}

async fn every_outcome_by_id(workflow_id: &str, expected: &[Option<extstore::Target>]) {
    let recorder = Recorder::new();
    let completed = RespondActivityTaskCompletedByIdRequest {
        namespace: "orders".into(),
        workflow_id: workflow_id.into(),
        run_id: "run-1".into(),
        activity_id: "charge-1".into(),
        result: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskCompletedById, &completed).await, expected);
    let failed = RespondActivityTaskFailedByIdRequest {
        namespace: "orders".into(),
        workflow_id: workflow_id.into(),
        run_id: "run-1".into(),
        activity_id: "charge-1".into(),
        last_heartbeat_details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskFailedById, &failed).await, expected);
    let canceled = RespondActivityTaskCanceledByIdRequest {
        namespace: "orders".into(),
        workflow_id: workflow_id.into(),
        run_id: "run-1".into(),
        activity_id: "charge-1".into(),
        details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondActivityTaskCanceledById, &canceled).await, expected);
    let heartbeat = RecordActivityTaskHeartbeatByIdRequest {
        namespace: "orders".into(),
        workflow_id: workflow_id.into(),
        run_id: "run-1".into(),
        activity_id: "charge-1".into(),
        details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RecordActivityTaskHeartbeatById, &heartbeat).await, expected);
}

#[tokio::test]
async fn a_nexus_result_targets_the_operation_that_was_polled() {
    let recorder = Recorder::new();
    let start = api::StartOperationRequest {
        service: "Invoices".into(),
        operation: "create".into(),
        ..Default::default()
    };
    poll_nexus(&recorder, api::request::Variant::StartOperation(start));
    let result = api::start_operation_response::Sync { payload: Some(payload(LARGE)), ..Default::default() };
    let response = api::StartOperationResponse {
        variant: Some(api::start_operation_response::Variant::SyncSuccess(result)),
    };
    let completed = RespondNexusTaskCompletedRequest {
        namespace: "billing".into(),
        task_token: TOKEN.to_vec(),
        response: Some(api::Response { variant: Some(api::response::Variant::StartOperation(response)) }),
        ..Default::default()
    };
    let operation = [nexus("invoices-endpoint", "Invoices", "create")];
    assert_eq!(recorder.targets(Rpc::RespondNexusTaskCompleted, &completed).await, operation);
    assert_eq!(recorder.targets(Rpc::RespondNexusTaskFailed, &nexus_failure()).await, operation);
}

#[tokio::test]
async fn a_failed_cancellation_targets_the_operation_that_was_to_be_cancelled() {
    let recorder = Recorder::new();
    let cancel = api::CancelOperationRequest {
        service: "Invoices".into(),
        operation: "create".into(),
        ..Default::default()
    };
    poll_nexus(&recorder, api::request::Variant::CancelOperation(cancel));
    let targets = recorder.targets(Rpc::RespondNexusTaskFailed, &nexus_failure()).await;
    assert_eq!(targets, [nexus("invoices-endpoint", "Invoices", "create")]);
}

fn nexus_failure() -> RespondNexusTaskFailedRequest {
    RespondNexusTaskFailedRequest {
        namespace: "billing".into(),
        task_token: TOKEN.to_vec(),
        failure: Some(Failure { encoded_attributes: Some(payload(LARGE)), ..Default::default() }),
        ..Default::default()
    }
}

fn poll_activity(recorder: &Recorder, task: PollActivityTaskQueueResponse) {
    let scan = Scan::all(Rpc::PollActivityTaskQueue.response(), task.encode_to_vec()).unwrap();
    assert!(recorder.identities().learn_task(scan.root(), &scope("orders")).is_some());
}

fn poll_nexus(recorder: &Recorder, variant: api::request::Variant) {
    let request =
        api::Request { endpoint: "invoices-endpoint".into(), variant: Some(variant), ..Default::default() };
    let task = PollNexusTaskQueueResponse {
        task_token: TOKEN.to_vec(),
        request: Some(request),
        ..Default::default()
    };
    let scan = Scan::all(Rpc::PollNexusTaskQueue.response(), task.encode_to_vec()).unwrap();
    assert!(recorder.identities().learn_task(scan.root(), &scope("billing")).is_some());
}
