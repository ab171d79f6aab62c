//! Tests the targets of clients' requests: "Which fields each call site provides".

use extstore_wire::Rpc;
use temporalio_protos::temporal::api::batch::v1::BatchOperationSignal;
use temporalio_protos::temporal::api::common::v1::{ActivityType, Header};
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::schedule::v1::{Schedule, ScheduleAction, schedule_action};
use temporalio_protos::temporal::api::sdk::v1::UserMetadata;
use temporalio_protos::temporal::api::update::v1::{Input, Request};
use temporalio_protos::temporal::api::workflow::v1::{
    NewWorkflowExecutionInfo, PostResetOperation, post_reset_operation,
};
use temporalio_protos::temporal::api::workflowservice::v1::execute_multi_operation_request::{
    Operation, operation,
};
use temporalio_protos::temporal::api::workflowservice::v1::start_batch_operation_request;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::{activity, nexus, workflow};
use crate::testing::{LARGE, Recorder, SMALL, execution, memo, payload, payloads, workflow_type};

#[tokio::test]
async fn a_start_targets_the_workflow_that_it_starts() {
    let request = StartWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_id: "order-1".into(),
        workflow_type: workflow_type("Order"),
        input: payloads(LARGE),
        memo: memo(LARGE),
        header: Some(Header { fields: [("trace".to_owned(), payload(LARGE))].into() }),
        user_metadata: Some(UserMetadata { summary: Some(payload(LARGE)), details: None }),
        last_completion_result: payloads(LARGE),
        ..Default::default()
    };
    let recorder = Recorder::new();
    let targets = recorder.targets(Rpc::StartWorkflowExecution, &request).await;
    assert_eq!(targets, [workflow("orders", "Order", "order-1", "")]);
    assert_eq!(recorder.stores().len(), 5);
    assert!(recorder.stores().iter().all(|store| store.namespace.as_deref() == Some("orders")));
}

#[tokio::test]
async fn a_signal_with_start_targets_the_workflow_that_it_starts() {
    let request = SignalWithStartWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_id: "order-1".into(),
        workflow_type: workflow_type("Order"),
        input: payloads(LARGE),
        signal_input: payloads(LARGE),
        ..Default::default()
    };
    let targets = Recorder::new().targets(Rpc::SignalWithStartWorkflowExecution, &request).await;
    assert_eq!(targets, [workflow("orders", "Order", "order-1", "")]);
}

#[tokio::test]
async fn signal_update_query_and_terminate_target_the_run_addressed() {
    let addressed = [workflow("orders", "", "order-1", "run-1")];
    let recorder = Recorder::new();
    let signal = SignalWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", "run-1"),
        input: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::SignalWorkflowExecution, &signal).await, addressed);
    let update = UpdateWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", "run-1"),
        request: update(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::UpdateWorkflowExecution, &update).await, addressed);
    let query = QueryWorkflowRequest {
        namespace: "orders".into(),
        execution: execution("order-1", "run-1"),
        query: Some(WorkflowQuery { query_args: payloads(LARGE), ..Default::default() }),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::QueryWorkflow, &query).await, addressed);
    let terminate = TerminateWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", "run-1"),
        details: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::TerminateWorkflowExecution, &terminate).await, addressed);
}

#[tokio::test]
async fn a_signal_without_a_run_has_no_run() {
    let signal = SignalWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", ""),
        input: payloads(LARGE),
        ..Default::default()
    };
    let targets = Recorder::new().targets(Rpc::SignalWorkflowExecution, &signal).await;
    assert_eq!(targets, [workflow("orders", "", "order-1", "")]);
}

#[tokio::test]
async fn a_reset_signals_a_run_that_has_no_id_yet() {
    let signal = post_reset_operation::SignalWorkflow { input: payloads(LARGE), ..Default::default() };
    let request = ResetWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", "run-1"),
        post_reset_operations: vec![PostResetOperation {
            variant: Some(post_reset_operation::Variant::SignalWorkflow(signal)),
        }],
        ..Default::default()
    };
    let targets = Recorder::new().targets(Rpc::ResetWorkflowExecution, &request).await;
    assert_eq!(targets, [workflow("orders", "", "order-1", "")]);
}

/// Both parts have the same target, because the request is one start.
#[tokio::test]
async fn an_update_with_start_targets_the_workflow_that_it_starts() {
    for (start_size, update_size) in [(LARGE, LARGE), (SMALL, LARGE), (LARGE, SMALL)] {
        let start = StartWorkflowExecutionRequest {
            namespace: "orders".into(),
            workflow_id: "order-1".into(),
            workflow_type: workflow_type("Order"),
            input: payloads(start_size),
            ..Default::default()
        };
        let update = UpdateWorkflowExecutionRequest {
            namespace: "orders".into(),
            workflow_execution: execution("order-1", ""),
            request: update(update_size),
            ..Default::default()
        };
        let request = ExecuteMultiOperationRequest {
            namespace: "orders".into(),
            operations: vec![
                Operation { operation: Some(operation::Operation::StartWorkflow(start)) },
                Operation { operation: Some(operation::Operation::UpdateWorkflow(update)) },
            ],
            ..Default::default()
        };
        let targets = Recorder::new().targets(Rpc::ExecuteMultiOperation, &request).await;
        assert_eq!(targets, [workflow("orders", "Order", "order-1", "")]);
    }
}

/// The memo of the schedule has the workflow as target, even where no payload of the workflow itself is offloaded.
#[tokio::test]
async fn a_schedule_targets_the_workflow_that_it_starts() {
    let recorder = Recorder::new();
    for size in [LARGE, SMALL] {
        let create = CreateScheduleRequest {
            namespace: "orders".into(),
            schedule_id: "nightly".into(),
            schedule: schedule(size),
            memo: memo(LARGE),
            ..Default::default()
        };
        let targets = recorder.targets(Rpc::CreateSchedule, &create).await;
        assert_eq!(targets, [workflow("orders", "Order", "order-1", "")]);
        let update = UpdateScheduleRequest {
            namespace: "orders".into(),
            schedule_id: "nightly".into(),
            schedule: schedule(size),
            memo: memo(LARGE),
            ..Default::default()
        };
        let targets = recorder.targets(Rpc::UpdateSchedule, &update).await;
        assert_eq!(targets, [workflow("orders", "Order", "order-1", "")]);
    }
}

#[tokio::test]
async fn a_standalone_activity_targets_itself() {
    let request = StartActivityExecutionRequest {
        namespace: "orders".into(),
        activity_id: "charge-1".into(),
        activity_type: Some(ActivityType { name: "charge".into() }),
        input: payloads(LARGE),
        ..Default::default()
    };
    let targets = Recorder::new().targets(Rpc::StartActivityExecution, &request).await;
    assert_eq!(targets, [activity("orders", "charge", "charge-1", "")]);
}

#[tokio::test]
async fn a_standalone_nexus_operation_targets_the_operation() {
    let request = StartNexusOperationExecutionRequest {
        namespace: "orders".into(),
        endpoint: "billing".into(),
        service: "Invoices".into(),
        operation: "create".into(),
        input: Some(payload(LARGE)),
        ..Default::default()
    };
    let targets = Recorder::new().targets(Rpc::StartNexusOperationExecution, &request).await;
    assert_eq!(targets, [nexus("billing", "Invoices", "create")]);
}

#[tokio::test]
async fn requests_about_many_executions_have_no_target() {
    let signal = BatchOperationSignal { input: payloads(LARGE), ..Default::default() };
    let request = StartBatchOperationRequest {
        namespace: "orders".into(),
        operation: Some(start_batch_operation_request::Operation::SignalOperation(signal)),
        ..Default::default()
    };
    let recorder = Recorder::new();
    assert_eq!(recorder.targets(Rpc::StartBatchOperation, &request).await, [None]);
    assert_eq!(recorder.stores()[0].namespace.as_deref(), Some("orders"));
}

fn update(size: usize) -> Option<Request> {
    let input = Input { args: payloads(size), ..Default::default() };
    Some(Request { input: Some(input), ..Default::default() })
}

fn schedule(size: usize) -> Option<Schedule> {
    let start = NewWorkflowExecutionInfo {
        workflow_id: "order-1".into(),
        workflow_type: workflow_type("Order"),
        input: payloads(size),
        ..Default::default()
    };
    let action = ScheduleAction { action: Some(schedule_action::Action::StartWorkflow(start)) };
    Some(Schedule { action: Some(action), ..Default::default() })
}
