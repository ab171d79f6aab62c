//! Tests Nexus operations while the store is down. The SDK has no handlers, and callers only as an experiment: both sides speak
//! to the server in requests of their own, over mounts.

use std::time::Duration;

use prost::Message as _;
use temporalio_client::grpc::WorkflowService as _;
use temporalio_client::tonic::IntoRequest as _;
use temporalio_client::{Client, UntypedWorkflow};
use temporalio_common::data_converters::RawValue;
use temporalio_common::protos::temporal::api::command::v1::{
    Command, ScheduleNexusOperationCommandAttributes, command::Attributes,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::nexus::v1 as nexus;
use temporalio_common::protos::temporal::api::operatorservice::v1::CreateNexusEndpointRequest;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollNexusTaskQueueRequest, PollNexusTaskQueueResponse, PollWorkflowTaskQueueRequest,
    RespondNexusTaskCompletedRequest, RespondWorkflowTaskCompletedRequest,
};

use crate::cut_link::CutLink;
use crate::fixture::Fixture;
use crate::mounts::{THRESHOLD, mount, mount_with};
use crate::observed::Observed;
use crate::run::Run;
use crate::secrets::{Secrets, letters};
use crate::support::eventually::eventually;

const LARGE: usize = 20_000;
const NAMESPACE: &str = "default";

/// Cuts the link to the store for the input and for the result of an operation: each is tried again and arrives in the end.
pub(crate) async fn operation(fixture: Fixture) -> String {
    let (link, observed) = (CutLink::new(&fixture).await, Observed::default());
    let caller = fixture.client(&mount(link.direct_driver())).await;
    let run = schedule(&fixture, &caller).await;
    let handler = fixture.client(&mount_with(link.driver(), &observed)).await;

    link.cut().await;
    poll_until(&fixture, &handler, || (!observed.failures("nexus_task").is_empty()).then_some(())).await;
    let shown = run.until("a failed attempt", |history| history.retried_operation().is_some()).await;
    let shown = shown.retried_operation().cloned().unwrap_or_default();
    Secrets::of_s3(&link).check("the pending operation", &format!("{shown:?}"));
    let text = shown.cause.map_or(shown.message, |cause| cause.message);
    assert!(text.contains("could not restore payloads of this Nexus task. Unavailable"), "{text:?}");
    link.reconnect().await;
    let task = next_task(&fixture, &handler).await;
    assert!(input(&task) == Some(payload("input")), "the input arrives unchanged");

    let before = observed.failures("nexus_task").len();
    link.cut().await;
    // Whatever the report of the failure was answered: the operation is tried again.
    drop(complete(&handler, task).await);
    assert_eq!(observed.failures("nexus_task").len(), before + 1, "the result could not be stored");
    link.reconnect().await;
    let task = next_task(&fixture, &handler).await;
    complete(&handler, task).await.unwrap();
    let history = run.until("the operation completes", |history| history.operation_result().is_some()).await;
    let stored = history.operation_result().unwrap();
    assert!(stored.encoded_len() < usize::try_from(THRESHOLD).unwrap(), "the result is a reference");
    run.terminate().await;
    format!("input and result tried again, shown as {text:?}")
}

/// Starts a workflow whose first task schedules the operation.
async fn schedule(fixture: &Fixture, caller: &Client) -> Run {
    let endpoint = fixture.id().to_owned();
    let worker = nexus::endpoint_target::Worker {
        namespace: NAMESPACE.to_owned(),
        task_queue: fixture.id().to_owned(),
    };
    let target = nexus::EndpointTarget { variant: Some(nexus::endpoint_target::Variant::Worker(worker)) };
    let spec = nexus::EndpointSpec { name: endpoint.clone(), target: Some(target), ..Default::default() };
    let mut operator = caller.connection().operator_service();
    let request = CreateNexusEndpointRequest { spec: Some(spec) };
    operator.create_nexus_endpoint(request.into_request()).await.unwrap();

    let workflow = UntypedWorkflow::new("ScriptedWorkflow");
    caller.start_workflow(workflow, RawValue::new(Vec::new()), fixture.start_options()).await.unwrap();
    // The registry of endpoints is read from time to time: until then the command is refused.
    eventually("the operation is scheduled", async || {
        let poll = PollWorkflowTaskQueueRequest {
            namespace: NAMESPACE.to_owned(),
            task_queue: Some(queue(fixture)),
            ..Default::default()
        };
        let task = caller.clone().poll_workflow_task_queue(poll.into_request()).await.ok()?.into_inner();
        let completed = RespondWorkflowTaskCompletedRequest {
            task_token: task.task_token,
            namespace: NAMESPACE.to_owned(),
            commands: vec![command(&endpoint)],
            ..Default::default()
        };
        caller.clone().respond_workflow_task_completed(completed.into_request()).await.ok()
    })
    .await;
    Run::new(caller.clone(), fixture.plain_client().await, fixture.id())
}

fn command(endpoint: &str) -> Command {
    let attributes = ScheduleNexusOperationCommandAttributes {
        endpoint: endpoint.to_owned(),
        service: "archive".to_owned(),
        operation: "keep".to_owned(),
        input: Some(payload("input")),
        schedule_to_close_timeout: Some(Duration::from_secs(120).try_into().unwrap()),
        ..Default::default()
    };
    Command {
        command_type: CommandType::ScheduleNexusOperation.into(),
        attributes: Some(Attributes::ScheduleNexusOperationCommandAttributes(attributes)),
        ..Default::default()
    }
}

/// Polls as a worker does until `happened` returns a value. No task may be delivered meanwhile.
async fn poll_until<T>(fixture: &Fixture, handler: &Client, happened: impl Fn() -> Option<T>) -> T {
    eventually("a failed Nexus task", async || {
        let task = poll(fixture, handler).await;
        assert!(task.is_none(), "a task was delivered without its input");
        happened()
    })
    .await
}

async fn next_task(fixture: &Fixture, handler: &Client) -> PollNexusTaskQueueResponse {
    eventually("a Nexus task", async || poll(fixture, handler).await).await
}

/// Polls once; none where it found no task.
async fn poll(fixture: &Fixture, handler: &Client) -> Option<PollNexusTaskQueueResponse> {
    let request = PollNexusTaskQueueRequest {
        namespace: NAMESPACE.to_owned(),
        task_queue: Some(queue(fixture)),
        identity: "handler".to_owned(),
        ..Default::default()
    };
    let mut request = request.into_request();
    request.set_timeout(Duration::from_secs(10));
    let task = handler.clone().poll_nexus_task_queue(request).await.ok()?.into_inner();
    (!task.task_token.is_empty()).then_some(task)
}

async fn complete(
    handler: &Client,
    task: PollNexusTaskQueueResponse,
) -> Result<(), temporalio_client::tonic::Status> {
    use nexus::{response, start_operation_response};
    let success = start_operation_response::Sync { payload: Some(payload("result")), ..Default::default() };
    let variant = Some(start_operation_response::Variant::SyncSuccess(success));
    let started = response::Variant::StartOperation(nexus::StartOperationResponse { variant });
    let request = RespondNexusTaskCompletedRequest {
        namespace: NAMESPACE.to_owned(),
        identity: "handler".to_owned(),
        task_token: task.task_token,
        response: Some(nexus::Response { variant: Some(started) }),
        poller_group_id: task.poller_group_id,
    };
    handler.clone().respond_nexus_task_completed(request.into_request()).await.map(drop)
}

fn input(task: &PollNexusTaskQueueResponse) -> Option<Payload> {
    match task.request.as_ref()?.variant.as_ref()? {
        nexus::request::Variant::StartOperation(start) => start.payload.clone(),
        nexus::request::Variant::CancelOperation(_) => None,
    }
}

fn queue(fixture: &Fixture) -> TaskQueue {
    TaskQueue { name: fixture.id().to_owned(), ..Default::default() }
}

fn payload(whose: &str) -> Payload {
    let metadata = [("encoding".to_owned(), b"binary/plain".to_vec())].into();
    Payload { metadata, data: letters(whose, LARGE).into_bytes(), ..Default::default() }
}
