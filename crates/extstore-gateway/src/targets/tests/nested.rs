//! Tests messages inside messages: updates in an `Any`, requests in a system Nexus envelope, unknown commands.

use bytes::BytesMut;
use extstore_wire::{Rpc, put_bytes};
use prost::{Message as _, Name as _};
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{
    Command, ScheduleActivityTaskCommandAttributes, ScheduleNexusOperationCommandAttributes,
};
use temporalio_protos::temporal::api::common::v1::Payload;
use temporalio_protos::temporal::api::protocol::v1::Message;
use temporalio_protos::temporal::api::update::v1::{Outcome, Response, outcome};
use temporalio_protos::temporal::api::workflowservice::v1::{
    CreateScheduleRequest, PollWorkflowTaskQueueResponse, RespondWorkflowTaskCompletedRequest,
    SignalWithStartWorkflowExecutionRequest,
};

use super::workflow;
use crate::outbound::Offloaded;
use crate::testing::{LARGE, Recorder, execution, is_reference, memo, payload, payloads, workflow_type};

#[tokio::test]
async fn the_result_of_an_update_targets_the_current_workflow() {
    let recorder = Recorder::new();
    let response = Response {
        outcome: Some(Outcome { value: Some(outcome::Value::Success(payloads(LARGE).unwrap())) }),
        ..Default::default()
    };
    let mut message = Message { id: "update-1/response".into(), ..Default::default() };
    let body = message.body.get_or_insert_default();
    body.type_url = "type.googleapis.com/temporal.api.update.v1.Response".into();
    body.value = response.encode_to_vec();
    let mut request = completion(&recorder, vec![]);
    request.messages = vec![message];
    let sent = recorder.sent(Rpc::RespondWorkflowTaskCompleted, &request).await;
    let body = sent.messages[0].body.clone().unwrap();
    let response = Response::decode(body.value.as_slice()).unwrap();
    let Some(outcome::Value::Success(result)) = response.outcome.unwrap().value else { panic!("a result") };
    assert!(is_reference(&result.payloads[0]));
    assert_eq!(recorder.stores()[0].target, workflow("orders", "Order", "order-1", "run-1"));
}

/// The server reads the envelope, so it stays inline; payloads in it target the workflow that its request names.
#[tokio::test]
async fn a_signal_with_start_from_a_workflow_targets_the_workflow_that_it_starts() {
    let recorder = Recorder::new();
    let inner = SignalWithStartWorkflowExecutionRequest {
        namespace: "shipping".into(),
        workflow_id: "shipment-1".into(),
        workflow_type: workflow_type("Shipment"),
        signal_input: payloads(LARGE),
        ..Default::default()
    };
    let request = completion(&recorder, vec![envelope(&inner)]);
    let sent = recorder.sent(Rpc::RespondWorkflowTaskCompleted, &request).await;
    let Some(Attributes::ScheduleNexusOperationCommandAttributes(operation)) = &sent.commands[0].attributes
    else {
        panic!("the command stays")
    };
    let envelope = operation.input.as_ref().unwrap();
    assert_eq!(envelope.metadata["__temporal_system_payload"], b"true");
    let inner = SignalWithStartWorkflowExecutionRequest::decode(envelope.data.as_slice()).unwrap();
    assert!(is_reference(&inner.signal_input.unwrap().payloads[0]));
    assert_eq!(recorder.stores()[0].target, workflow("shipping", "Shipment", "shipment-1", ""));
}

/// A request in an envelope that names no namespace has that of the request around it.
#[tokio::test]
async fn the_namespace_around_an_envelope_counts_where_it_names_none() {
    let recorder = Recorder::new();
    let inner = SignalWithStartWorkflowExecutionRequest {
        workflow_id: "shipment-1".into(),
        workflow_type: workflow_type("Shipment"),
        input: payloads(LARGE),
        ..Default::default()
    };
    let request = completion(&recorder, vec![envelope(&inner)]);
    let targets = recorder.targets(Rpc::RespondWorkflowTaskCompleted, &request).await;
    assert_eq!(targets, [workflow("orders", "Shipment", "shipment-1", "")]);
}

/// The payloads and the summary of a newer SDK's command stay inline; the command beside it is offloaded.
#[tokio::test]
async fn an_unknown_command_stays_inline_and_is_counted() {
    let recorder = Recorder::new();
    let known = Attributes::ScheduleActivityTaskCommandAttributes(ScheduleActivityTaskCommandAttributes {
        input: payloads(LARGE),
        ..Default::default()
    });
    let request = completion(&recorder, vec![Command { attributes: Some(known), ..Default::default() }]);
    let unknown = unknown_command();
    let mut bytes = BytesMut::from(request.encode_to_vec().as_slice());
    put_bytes(&mut bytes, 2, &unknown);
    put_bytes(&mut bytes, 2, &unknown);
    let Offloaded::Forward(call) =
        recorder.offload_bytes(Rpc::RespondWorkflowTaskCompleted, bytes.freeze()).await
    else {
        panic!("the request goes on")
    };
    let sent = call.body.to_bytes();
    let kept = sent.windows(unknown.len()).filter(|window| *window == unknown.as_ref()).count();
    assert_eq!(kept, 2);
    assert_eq!(recorder.stores().len(), 1);
    assert_eq!(*recorder.events.lock().unwrap(), ["passed_on unknown_command"; 2]);
}

/// The payloads of a newer SDK's action stay inline. The memo beside it has no target, because nobody has decided about
/// what the action starts.
#[tokio::test]
async fn an_unknown_action_of_a_schedule_stays_inline_and_is_counted() {
    let recorder = Recorder::new();
    let request = CreateScheduleRequest { memo: memo(LARGE), ..Default::default() };
    let [mut unknown, mut action, mut schedule] = std::array::from_fn(|_| BytesMut::new());
    put_bytes(&mut unknown, 1, &payloads(LARGE).unwrap().encode_to_vec());
    put_bytes(&mut action, 2, &unknown);
    put_bytes(&mut schedule, 2, &action);
    let mut bytes = BytesMut::from(request.encode_to_vec().as_slice());
    put_bytes(&mut bytes, 3, &schedule);
    let Offloaded::Forward(call) = recorder.offload_bytes(Rpc::CreateSchedule, bytes.freeze()).await else {
        panic!("the request goes on")
    };
    let sent = call.body.to_bytes();
    assert!(sent.windows(unknown.len()).any(|window| window == unknown.as_ref()));
    let targets: Vec<_> = recorder.stores().into_iter().map(|store| store.target).collect();
    assert_eq!(targets, [None]);
    assert_eq!(*recorder.events.lock().unwrap(), ["passed_on unknown_field"]);
}

/// Encodes a command with attributes in field 250, which the descriptors do not know, and a summary in field 301.
fn unknown_command() -> BytesMut {
    let (mut attributes, mut metadata, mut command) = (BytesMut::new(), BytesMut::new(), BytesMut::new());
    put_bytes(&mut attributes, 5, &payloads(LARGE).unwrap().encode_to_vec());
    put_bytes(&mut metadata, 1, &payload(LARGE).encode_to_vec());
    put_bytes(&mut command, 250, &attributes);
    put_bytes(&mut command, 301, &metadata);
    command
}

fn envelope(inner: &SignalWithStartWorkflowExecutionRequest) -> Command {
    let name = SignalWithStartWorkflowExecutionRequest::full_name();
    let metadata = [
        ("encoding", "binary/protobuf"),
        ("messageType", name.as_str()),
        ("__temporal_system_payload", "true"),
    ];
    let input = Payload {
        metadata: metadata.map(|(key, value)| (key.to_owned(), value.as_bytes().to_vec())).into(),
        data: inner.encode_to_vec(),
        external_payloads: vec![],
    };
    let operation = ScheduleNexusOperationCommandAttributes {
        endpoint: "__temporal_system".into(),
        service: "temporal.api.workflowservice.v1.WorkflowService".into(),
        operation: "SignalWithStartWorkflowExecution".into(),
        input: Some(input),
        ..Default::default()
    };
    let attributes = Attributes::ScheduleNexusOperationCommandAttributes(operation);
    Command { attributes: Some(attributes), ..Default::default() }
}

fn completion(recorder: &Recorder, commands: Vec<Command>) -> RespondWorkflowTaskCompletedRequest {
    let task = PollWorkflowTaskQueueResponse {
        task_token: b"token-1".to_vec(),
        workflow_execution: execution("order-1", "run-1"),
        workflow_type: workflow_type("Order"),
        ..Default::default()
    };
    RespondWorkflowTaskCompletedRequest {
        task_token: recorder.poll(&task, "orders"),
        namespace: "orders".into(),
        commands,
        ..Default::default()
    }
}
