//! Tests a signal with start that a workflow sends, as the operation of a system Nexus endpoint.
//!
//! Of the released SDKs only Python's sends it, and its worker is not behind a mount: the interop run shows that its
//! payloads are read. Here the command is written by hand and goes through a mount's connection to the server.

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
use tonic::Request;

use crate::memory_store::MemoryStore;
use crate::support::fixture::Fixture;
use crate::text::{LARGE, text};

pub(crate) async fn signal_with_start(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let client = fixture.client(&store.mount()).await;
    let mut peer = Peer { service: client.connection().workflow_service(), id: fixture.id().to_owned() };
    peer.start().await;
    let task = peer.poll("").await;
    let inner = peer.inner();
    peer.complete(task, envelope(&inner)).await;
    assert!(fixture.history().await.has(EventType::NexusOperationScheduled));

    // The workflow that was started sees its input and its signal, restored.
    let started = peer.poll("-started").await;
    assert_eq!(inputs(started), [large("start-input"), large("start-signal")]);
    let place = format!("v0/ns/default/wt/Started/wi/{}-started/ri/null", fixture.id());
    for tag in ["start-input", "start-signal"] {
        assert_eq!(store.places_of(tag), [place.as_str()], "{tag}");
    }
    "input and signal of the started workflow are under its key".to_owned()
}

/// Acts as a client and a worker, with single requests to the server.
struct Peer {
    service: Box<dyn WorkflowService>,
    id: String,
}

impl Peer {
    async fn start(&mut self) {
        let start = StartWorkflowExecutionRequest {
            namespace: "default".to_owned(),
            workflow_id: self.id.clone(),
            workflow_type: kind("Sender"),
            task_queue: self.queue(""),
            request_id: self.id.clone(),
            ..StartWorkflowExecutionRequest::default()
        };
        self.service.start_workflow_execution(Request::new(start)).await.unwrap();
    }

    async fn poll(&mut self, suffix: &str) -> PollWorkflowTaskQueueResponse {
        let request = PollWorkflowTaskQueueRequest {
            namespace: "default".to_owned(),
            task_queue: self.queue(suffix),
            identity: "capacity".to_owned(),
            ..PollWorkflowTaskQueueRequest::default()
        };
        let task = self.service.poll_workflow_task_queue(Request::new(request)).await.unwrap().into_inner();
        assert!(!task.task_token.is_empty(), "no task came");
        task
    }

    async fn complete(&mut self, task: PollWorkflowTaskQueueResponse, command: command::Command) {
        let completed = RespondWorkflowTaskCompletedRequest {
            task_token: task.task_token,
            namespace: "default".to_owned(),
            commands: vec![command],
            ..RespondWorkflowTaskCompletedRequest::default()
        };
        self.service.respond_workflow_task_completed(Request::new(completed)).await.unwrap();
    }

    /// The server makes the id of this request itself.
    fn inner(&self) -> SignalWithStartWorkflowExecutionRequest {
        SignalWithStartWorkflowExecutionRequest {
            namespace: "default".to_owned(),
            workflow_id: format!("{}-started", self.id),
            workflow_type: kind("Started"),
            task_queue: self.queue("-started"),
            input: large("start-input"),
            signal_name: "hear".to_owned(),
            signal_input: large("start-signal"),
            ..SignalWithStartWorkflowExecutionRequest::default()
        }
    }

    fn queue(&self, suffix: &str) -> Option<TaskQueue> {
        Some(TaskQueue { name: format!("{}{suffix}", self.id), ..TaskQueue::default() })
    }
}

/// Returns the input and the signals of a workflow, from its task's events.
fn inputs(task: PollWorkflowTaskQueueResponse) -> Vec<Option<Payloads>> {
    let events = task.history.unwrap_or_default().events.into_iter();
    let input = |attributes| match attributes {
        Attributes::WorkflowExecutionStartedEventAttributes(started) => Some(started.input),
        Attributes::WorkflowExecutionSignaledEventAttributes(signaled) => Some(signaled.input),
        _ => None,
    };
    events.filter_map(|event| event.attributes.and_then(input)).collect()
}

fn kind(name: &str) -> Option<WorkflowType> {
    Some(WorkflowType { name: name.to_owned() })
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
