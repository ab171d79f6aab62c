//! Tests the targets of commands: "Retargeting for each command".

use extstore::Target;
use extstore_wire::{Command as Kind, MessageType, Rpc};
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::*;
use temporalio_protos::temporal::api::common::v1::SearchAttributes;
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::history::v1::history_event::Attributes as EventAttributes;
use temporalio_protos::temporal::api::history::v1::{
    History, HistoryEvent, WorkflowExecutionStartedEventAttributes,
};
use temporalio_protos::temporal::api::sdk::v1::UserMetadata;
use temporalio_protos::temporal::api::workflowservice::v1::{
    PollWorkflowTaskQueueResponse, RespondQueryTaskCompletedRequest, RespondWorkflowTaskCompletedRequest,
    RespondWorkflowTaskFailedRequest,
};

use super::{nexus, workflow};
use crate::testing::{LARGE, Recorder, execution, memo, payload, payloads, workflow_type};

/// Returns the current workflow: the table's "namespace, workflow id, run id, workflow type".
fn current() -> Option<Target> {
    workflow("orders", "Order", "order-1", "run-1")
}

#[tokio::test]
#[expect(deprecated, reason = "histories from before server 1.30.1 have commands to other namespaces")]
async fn a_child_targets_itself_and_has_no_run() {
    let mut child = StartChildWorkflowExecutionCommandAttributes {
        workflow_id: "child-1".into(),
        workflow_type: workflow_type("Shipment"),
        input: payloads(LARGE),
        memo: memo(LARGE),
        ..Default::default()
    };
    let attributes = Attributes::StartChildWorkflowExecutionCommandAttributes(child.clone());
    assert_eq!(targets(attributes).await, [workflow("orders", "Shipment", "child-1", "")]);
    child.namespace = "shipping".into();
    let attributes = Attributes::StartChildWorkflowExecutionCommandAttributes(child);
    assert_eq!(targets(attributes).await, [workflow("shipping", "Shipment", "child-1", "")]);
}

#[tokio::test]
#[expect(deprecated, reason = "histories from before server 1.30.1 have commands to other namespaces")]
async fn a_signal_targets_the_run_addressed() {
    let signal = SignalExternalWorkflowExecutionCommandAttributes {
        execution: execution("order-2", "run-2"),
        input: payloads(LARGE),
        ..Default::default()
    };
    let attributes = Attributes::SignalExternalWorkflowExecutionCommandAttributes(signal.clone());
    assert_eq!(targets(attributes).await, [workflow("orders", "", "order-2", "run-2")]);
    let elsewhere =
        SignalExternalWorkflowExecutionCommandAttributes { namespace: "shipping".into(), ..signal };
    let attributes = Attributes::SignalExternalWorkflowExecutionCommandAttributes(elsewhere);
    assert_eq!(targets(attributes).await, [workflow("shipping", "", "order-2", "run-2")]);
}

#[tokio::test]
async fn a_continuation_targets_the_same_id_and_the_new_type_without_a_run() {
    for (set, expected) in [("Order2", "Order2"), ("", "Order")] {
        let successor = ContinueAsNewWorkflowExecutionCommandAttributes {
            workflow_type: workflow_type(set),
            input: payloads(LARGE),
            memo: memo(LARGE),
            ..Default::default()
        };
        let attributes = Attributes::ContinueAsNewWorkflowExecutionCommandAttributes(successor);
        assert_eq!(targets(attributes).await, [workflow("orders", expected, "order-1", "")]);
    }
}

#[tokio::test]
async fn a_result_targets_the_parent_if_there_is_one() {
    let recorder = Recorder::new();
    let request = completion(&recorder, vec![complete()], None);
    assert_eq!(recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await, [current()]);
    let parent = WorkflowExecutionStartedEventAttributes {
        parent_workflow_namespace: "sales".into(),
        parent_workflow_execution: execution("sale-1", "run-0"),
        workflow_type: workflow_type("Order"),
        ..Default::default()
    };
    let recorder = Recorder::new();
    let request = completion(&recorder, vec![complete()], Some(parent));
    assert_eq!(
        recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await,
        [workflow("sales", "", "sale-1", "run-0")]
    );
}

/// A sticky poll carries neither parent nor first event; the gateway remembers them from an earlier poll of the run.
#[tokio::test]
async fn the_parent_is_remembered_for_sticky_tasks_of_the_same_run() {
    let recorder = Recorder::new();
    let parent = WorkflowExecutionStartedEventAttributes {
        parent_workflow_execution: execution("sale-1", "run-0"),
        ..Default::default()
    };
    completion(&recorder, vec![], Some(parent));
    let mut request = completion(&recorder, vec![complete()], None);
    recorder.poll(&PollWorkflowTaskQueueResponse { task_token: b"sticky".to_vec(), ..task() }, "orders");
    request.task_token = b"sticky".to_vec();
    // The event names no namespace: the parent is in the workflow's own.
    let parent = workflow("orders", "", "sale-1", "run-0");
    assert_eq!(recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await, [parent]);
}

#[tokio::test]
async fn a_nexus_operation_targets_the_operation() {
    let operation = ScheduleNexusOperationCommandAttributes {
        endpoint: "billing".into(),
        service: "Invoices".into(),
        operation: "create".into(),
        input: Some(payload(LARGE)),
        ..Default::default()
    };
    let attributes = Attributes::ScheduleNexusOperationCommandAttributes(operation);
    assert_eq!(targets(attributes).await, [nexus("billing", "Invoices", "create")]);
}

#[tokio::test]
async fn everything_else_targets_the_current_workflow() {
    let failure = Some(Failure { encoded_attributes: Some(payload(LARGE)), ..Default::default() });
    let marker = [("result".to_owned(), payloads(LARGE).unwrap())];
    for attributes in [
        Attributes::ScheduleActivityTaskCommandAttributes(ScheduleActivityTaskCommandAttributes {
            activity_id: "5".into(),
            input: payloads(LARGE),
            ..Default::default()
        }),
        Attributes::RecordMarkerCommandAttributes(RecordMarkerCommandAttributes {
            marker_name: "core_local_activity".into(),
            details: marker.into(),
            ..Default::default()
        }),
        Attributes::FailWorkflowExecutionCommandAttributes(FailWorkflowExecutionCommandAttributes {
            failure,
        }),
        Attributes::CancelWorkflowExecutionCommandAttributes(CancelWorkflowExecutionCommandAttributes {
            details: payloads(LARGE),
        }),
        Attributes::ModifyWorkflowPropertiesCommandAttributes(ModifyWorkflowPropertiesCommandAttributes {
            upserted_memo: memo(LARGE),
        }),
    ] {
        assert_eq!(targets(attributes).await, [current()]);
    }
}

/// The SDK's core reads local activities and patches in markers before any data converter, but not what a local activity
/// took and returned.
#[tokio::test]
async fn sdk_internal_marker_details_stay_inline() {
    for (name, key, leaves) in [
        ("core_local_activity", "result", true),
        ("core_local_activity", "input", true),
        ("core_local_activity", "data", false),
        ("core_patch", "patch-data", false),
        ("somebody else's", "data", true),
    ] {
        let marker = Attributes::RecordMarkerCommandAttributes(RecordMarkerCommandAttributes {
            marker_name: name.into(),
            details: [(key.to_owned(), payloads(LARGE).unwrap())].into(),
            ..Default::default()
        });
        assert_eq!(targets(marker).await.len(), usize::from(leaves), "{name} {key}");
    }
}

/// A summary has its command's target, even where the command itself holds no payload.
#[tokio::test]
async fn user_metadata_goes_with_its_command() {
    let child = StartChildWorkflowExecutionCommandAttributes {
        workflow_id: "child-1".into(),
        workflow_type: workflow_type("Shipment"),
        ..Default::default()
    };
    let metadata = Some(UserMetadata { summary: Some(payload(LARGE)), details: None });
    for (attributes, expected) in [
        (
            Attributes::StartChildWorkflowExecutionCommandAttributes(child),
            workflow("orders", "Shipment", "child-1", ""),
        ),
        (Attributes::StartTimerCommandAttributes(StartTimerCommandAttributes::default()), current()),
    ] {
        let command =
            Command { attributes: Some(attributes), user_metadata: metadata.clone(), ..Default::default() };
        let recorder = Recorder::new();
        let request = completion(&recorder, vec![command], None);
        assert_eq!(recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await, [expected]);
    }
}

#[tokio::test]
async fn search_attributes_stay_inline() {
    let indexed = SearchAttributes { indexed_fields: [("City".to_owned(), payload(LARGE))].into() };
    let upsert = UpsertWorkflowSearchAttributesCommandAttributes { search_attributes: Some(indexed.clone()) };
    let child = StartChildWorkflowExecutionCommandAttributes {
        workflow_id: "child-1".into(),
        search_attributes: Some(indexed),
        ..Default::default()
    };
    let recorder = Recorder::new();
    let request = completion(
        &recorder,
        vec![
            command(Attributes::UpsertWorkflowSearchAttributesCommandAttributes(upsert)),
            command(Attributes::StartChildWorkflowExecutionCommandAttributes(child)),
        ],
        None,
    );
    assert_eq!(recorder.sent(Rpc::RespondWorkflowTaskCompleted, &request).await, request);
    assert_eq!(recorder.stores(), []);
}

#[tokio::test]
async fn the_answer_to_a_query_and_a_failed_task_target_the_current_workflow() {
    let recorder = Recorder::new();
    let task_token = recorder.poll(&task(), "orders");
    let answer = RespondQueryTaskCompletedRequest {
        task_token: task_token.clone(),
        namespace: "orders".into(),
        query_result: payloads(LARGE),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondQueryTaskCompleted, &answer).await, [current()]);
    let failed = RespondWorkflowTaskFailedRequest {
        task_token,
        namespace: "orders".into(),
        failure: Some(Failure { encoded_attributes: Some(payload(LARGE)), ..Default::default() }),
        ..Default::default()
    };
    assert_eq!(recorder.targets(Rpc::RespondWorkflowTaskFailed, &failed).await, [current()]);
}

/// Without the poll the current workflow is unknown; a command's own target is known.
#[tokio::test]
async fn commands_of_an_unknown_task_have_the_target_that_they_name() {
    let child = StartChildWorkflowExecutionCommandAttributes {
        workflow_id: "child-1".into(),
        workflow_type: workflow_type("Shipment"),
        input: payloads(LARGE),
        ..Default::default()
    };
    let successor = ContinueAsNewWorkflowExecutionCommandAttributes {
        workflow_type: workflow_type("Order"),
        input: payloads(LARGE),
        ..Default::default()
    };
    let recorder = Recorder::new();
    for (attributes, expected) in [
        (
            Attributes::StartChildWorkflowExecutionCommandAttributes(child),
            workflow("orders", "Shipment", "child-1", ""),
        ),
        (Attributes::ContinueAsNewWorkflowExecutionCommandAttributes(successor), None),
    ] {
        let request = RespondWorkflowTaskCompletedRequest {
            task_token: b"unknown".to_vec(),
            namespace: "orders".into(),
            commands: vec![command(attributes)],
            ..Default::default()
        };
        assert_eq!(recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await, [expected]);
    }
    assert!(recorder.stores().iter().all(|store| store.namespace.as_deref() == Some("orders")));
}

/// Every command of the API has a message of attributes.
#[test]
fn every_command_has_attributes() {
    let kinds: Vec<Kind> = MessageType::ALL.into_iter().filter_map(MessageType::command).collect();
    assert_eq!(kinds.len(), 17);
}

fn command(attributes: Attributes) -> Command {
    Command { attributes: Some(attributes), ..Default::default() }
}

fn complete() -> Command {
    let result = CompleteWorkflowExecutionCommandAttributes { result: payloads(LARGE) };
    command(Attributes::CompleteWorkflowExecutionCommandAttributes(result))
}

fn task() -> PollWorkflowTaskQueueResponse {
    PollWorkflowTaskQueueResponse {
        task_token: b"token-1".to_vec(),
        workflow_execution: execution("order-1", "run-1"),
        workflow_type: workflow_type("Order"),
        attempt: 1,
        ..Default::default()
    }
}

/// Polls a task and returns its completion.
fn completion(
    recorder: &Recorder,
    commands: Vec<Command>,
    started: Option<WorkflowExecutionStartedEventAttributes>,
) -> RespondWorkflowTaskCompletedRequest {
    let event = |attributes| HistoryEvent {
        event_id: 1,
        attributes: Some(EventAttributes::WorkflowExecutionStartedEventAttributes(attributes)),
        ..Default::default()
    };
    let history = started.map(|started| History { events: vec![event(started)] });
    let task_token = recorder.poll(&PollWorkflowTaskQueueResponse { history, ..task() }, "orders");
    RespondWorkflowTaskCompletedRequest {
        task_token,
        namespace: "orders".into(),
        commands,
        ..Default::default()
    }
}

async fn targets(attributes: Attributes) -> Vec<Option<Target>> {
    let recorder = Recorder::new();
    let request = completion(&recorder, vec![command(attributes)], None);
    recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await
}
