//! A signal with start that a workflow sends, as the operation of a system Nexus endpoint.
//!
//! No released SDK that this project knows emits it, so the command is written by hand and goes through the mount's
//! connection to the real server.

use prost::{Message as _, Name as _};
use temporalio_client::grpc::WorkflowService;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Command;
use temporalio_common::protos::temporal::api::command::v1::{
    self as command, ScheduleNexusOperationCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::{CommandType, EventType};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse, RespondWorkflowTaskCompletedRequest,
    SignalWithStartWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use crate::shelf::Shelf;
use crate::stage::Stage;
use crate::text::{LARGE, text};

pub(crate) async fn signal_with_start(stage: Stage) -> String {
    let shelf = Shelf::default();
    let client = stage.client(&shelf.mount()).await;
    let mut service = client.connection().workflow_service();
    let queue = |suffix: &str| TaskQueue { name: format!("{}{suffix}", stage.id()), ..TaskQueue::default() };
    let kind = |name: &str| Some(WorkflowType { name: name.to_owned() });
    let start = StartWorkflowExecutionRequest {
        namespace: "default".to_owned(),
        workflow_id: stage.id().to_owned(),
        workflow_type: kind("Sender"),
        task_queue: Some(queue("")),
        request_id: stage.id().to_owned(),
        ..StartWorkflowExecutionRequest::default()
    };
    service.start_workflow_execution(tonic::Request::new(start)).await.unwrap();
    let task = poll(&mut *service, queue("")).await;
    let inner = SignalWithStartWorkflowExecutionRequest {
        namespace: "default".to_owned(),
        workflow_id: format!("{}-started", stage.id()),
        workflow_type: kind("Started"),
        task_queue: Some(queue("-started")),
        // The server makes the request's id itself.
        input: large("start-input"),
        signal_name: "hear".to_owned(),
        signal_input: large("start-signal"),
        ..SignalWithStartWorkflowExecutionRequest::default()
    };
    let completed = RespondWorkflowTaskCompletedRequest {
        task_token: task.task_token,
        namespace: "default".to_owned(),
        commands: vec![envelope(&inner)],
        ..RespondWorkflowTaskCompletedRequest::default()
    };
    service.respond_workflow_task_completed(tonic::Request::new(completed)).await.unwrap();

    // The workflow that was started sees its input and its signal, restored.
    let started = poll(&mut *service, queue("-started")).await;
    let mut seen = Vec::new();
    for event in started.history.unwrap_or_default().events {
        match event.attributes {
            Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => seen.push(started.input),
            Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled)) => seen.push(signaled.input),
            _ => {}
        }
    }
    assert_eq!(seen, [large("start-input"), large("start-signal")]);
    let place = format!("v0/ns/default/wt/Started/wi/{}-started/ri/null", stage.id());
    for tag in ["start-input", "start-signal"] {
        assert_eq!(shelf.places_of(tag), [place.as_str()], "{tag}");
    }
    let journal = stage.journal().await;
    assert!(journal.has(EventType::NexusOperationScheduled));
    "input and signal of the started workflow are under its key".to_owned()
}

async fn poll(service: &mut (dyn WorkflowService + '_), queue: TaskQueue) -> PollWorkflowTaskQueueResponse {
    let request = PollWorkflowTaskQueueRequest {
        namespace: "default".to_owned(),
        task_queue: Some(queue),
        identity: "capacity".to_owned(),
        ..PollWorkflowTaskQueueRequest::default()
    };
    let task = service.poll_workflow_task_queue(tonic::Request::new(request)).await.unwrap().into_inner();
    assert!(!task.task_token.is_empty(), "no task came");
    task
}

fn large(tag: &str) -> Option<Payloads> {
    let metadata = [("encoding".to_owned(), b"binary/plain".to_vec())].into();
    let data = text(tag, LARGE).into_bytes();
    Some(Payloads { payloads: vec![Payload { metadata, data, ..Payload::default() }] })
}

fn envelope(inner: &SignalWithStartWorkflowExecutionRequest) -> command::Command {
    let name = SignalWithStartWorkflowExecutionRequest::full_name();
    let metadata = [
        ("encoding", "binary/protobuf"),
        ("messageType", name.as_str()),
        ("__temporal_system_payload", "true"),
    ];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value.as_bytes().to_vec())).into();
    let operation = ScheduleNexusOperationCommandAttributes {
        endpoint: "__temporal_system".to_owned(),
        service: "temporal.api.workflowservice.v1.WorkflowService".to_owned(),
        operation: "SignalWithStartWorkflowExecution".to_owned(),
        input: Some(Payload { metadata, data: inner.encode_to_vec(), ..Payload::default() }),
        ..ScheduleNexusOperationCommandAttributes::default()
    };
    let attributes = Some(Command::ScheduleNexusOperationCommandAttributes(operation));
    command::Command {
        command_type: CommandType::ScheduleNexusOperation.into(),
        attributes,
        ..Default::default()
    }
}
