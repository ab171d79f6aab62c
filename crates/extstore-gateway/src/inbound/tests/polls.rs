use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;

use extstore::ErrorKind;
use extstore_wire::Rpc;
use prost::Message;
use temporalio_protos::temporal::api::common::v1::Payload;
use temporalio_protos::temporal::api::enums::v1::{QueryResultType, WorkflowTaskFailedCause};
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_protos::temporal::api::nexus::v1::{Request, StartOperationRequest, request};
use temporalio_protos::temporal::api::protocol::v1::Message as ProtocolMessage;
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::update::v1::{Input, Request as UpdateRequest};
use temporalio_protos::temporal::api::workflowservice::v1::*;
use tokio::sync::Semaphore;

use crate::testing::call;
use crate::testing::fixture::{Fixture, Server, failure, payload, payloads};
use crate::{Answer, Call, Code, Status, Upstream};

pub(super) fn workflow_poll() -> PollWorkflowTaskQueueRequest {
    PollWorkflowTaskQueueRequest { namespace: "ns".into(), identity: "worker".into(), ..Default::default() }
}

fn activity_poll() -> PollActivityTaskQueueRequest {
    PollActivityTaskQueueRequest { namespace: "ns".into(), identity: "worker".into(), ..Default::default() }
}

fn nexus_poll() -> PollNexusTaskQueueRequest {
    PollNexusTaskQueueRequest { namespace: "ns".into(), identity: "worker".into(), ..Default::default() }
}

async fn query_task(fixture: &Fixture) -> PollWorkflowTaskQueueResponse {
    PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        query: Some(WorkflowQuery { query_args: fixture.references(&["args"]).await, ..Default::default() }),
        poller_group_id: "group".into(),
        ..Default::default()
    }
}

async fn update_task(fixture: &Fixture, args: Option<Vec<Payload>>) -> PollWorkflowTaskQueueResponse {
    let args = match args {
        Some(payloads) => payloads,
        None => fixture.references(&["args"]).await.unwrap().payloads,
    };
    let args = temporalio_protos::temporal::api::common::v1::Payloads { payloads: args };
    let update =
        UpdateRequest { input: Some(Input { args: Some(args), ..Default::default() }), ..Default::default() };
    let mut message = ProtocolMessage { id: "1".into(), ..Default::default() };
    let body = message.body.get_or_insert_default();
    body.type_url = "type.googleapis.com/temporal.api.update.v1.Request".into();
    body.value = update.encode_to_vec();
    PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        messages: vec![message],
        ..Default::default()
    }
}

async fn activity_task(fixture: &Fixture) -> PollActivityTaskQueueResponse {
    PollActivityTaskQueueResponse {
        task_token: b"token".to_vec(),
        input: fixture.references(&["input"]).await,
        ..Default::default()
    }
}

async fn nexus_task(fixture: &Fixture) -> PollNexusTaskQueueResponse {
    let start = StartOperationRequest {
        service: "service".into(),
        payload: Some(fixture.reference(&payload("input")).await),
        ..Default::default()
    };
    PollNexusTaskQueueResponse {
        task_token: b"token".to_vec(),
        request: Some(Request {
            variant: Some(request::Variant::StartOperation(start)),
            ..Default::default()
        }),
        poller_group_id: "group".into(),
        ..Default::default()
    }
}

#[tokio::test]
async fn polled_tasks_are_restored_and_remembered() {
    let fixture = Fixture::new();
    fixture.answer(&activity_task(&fixture).await);
    let task: PollActivityTaskQueueResponse =
        fixture.received(Rpc::PollActivityTaskQueue, &activity_poll()).await;
    assert_eq!(task.input, payloads(&["input"]));
    assert!(fixture.gateway.0.identities.find(&crate::testing::scope("ns"), b"token").is_some());
    assert_eq!(fixture.methods(), ["PollActivityTaskQueue"]);
}

#[tokio::test]
async fn updates_inside_any_are_restored() {
    let fixture = Fixture::new();
    fixture.answer(&update_task(&fixture, None).await);
    let task: PollWorkflowTaskQueueResponse =
        fixture.received(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await;
    assert_eq!(task, update_task(&fixture, Some(vec![payload("args")])).await);
}

#[tokio::test]
async fn a_poll_answer_without_a_task_is_returned_unchanged() {
    let fixture = Fixture::new();
    let empty =
        PollActivityTaskQueueResponse { input: fixture.references(&["x"]).await, ..Default::default() };
    fixture.answer(&empty);
    let received: PollActivityTaskQueueResponse =
        fixture.received(Rpc::PollActivityTaskQueue, &activity_poll()).await;
    assert_eq!(received, empty);
    let nothing = fixture.call(Rpc::PollActivityTaskQueue, &activity_poll()).await.unwrap();
    assert!(nothing.body.is_empty());
    assert_eq!(fixture.retrieved(), 0);
}

#[tokio::test]
async fn a_poll_that_is_dropped_before_its_answer_abandons_the_request() {
    let mut fixture = Fixture::new();
    *fixture.server.polls.lock().unwrap() = Some(Arc::new(Semaphore::new(0)));
    let poll = tokio::spawn(fixture.start(Rpc::PollActivityTaskQueue, &activity_poll()));
    assert_eq!(fixture.called.recv().await.unwrap(), "PollActivityTaskQueue");
    poll.abort();
    assert!(poll.await.unwrap_err().is_cancelled());
    while fixture.server.dropped.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(fixture.methods(), ["PollActivityTaskQueue"]);
}

/// Drops a poll while its task's payloads are fetched, and returns the fixture after the task was given back.
async fn dropped_while_restoring(
    rpc: Rpc,
    request: &impl Message,
    task: impl AsyncFn(&Fixture) -> Vec<u8>,
) -> Fixture {
    let mut fixture = Fixture::new();
    let task = task(&fixture).await;
    fixture.answer_bytes(task.into());
    let mut arrivals = fixture.store.hold();
    let poll = tokio::spawn(fixture.start(rpc, request));
    arrivals.recv().await.expect("the payloads are fetched");
    assert_eq!(fixture.called.recv().await.unwrap(), rpc.method());
    poll.abort();
    fixture.called.recv().await.expect("the task is given back");
    assert_eq!(fixture.store.dropped.load(Ordering::SeqCst), 1, "storage work is stopped");
    assert_eq!(fixture.events(), Vec::<String>::new(), "a worker that stops is no failure of storage");
    fixture
}

#[tokio::test]
async fn a_workflow_task_whose_caller_is_gone_goes_back() {
    let task = async |fixture: &Fixture| update_task(fixture, None).await.encode_to_vec();
    let fixture = dropped_while_restoring(Rpc::PollWorkflowTaskQueue, &workflow_poll(), task).await;
    let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert_eq!((report.task_token.as_slice(), report.namespace.as_str()), (b"token".as_slice(), "ns"));
    assert_eq!(report.identity, "worker");
    assert_eq!(report.cause(), WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure);
    assert!(report.failure.unwrap().message.contains("the worker stopped before"));
}

#[tokio::test]
async fn an_activity_whose_caller_is_gone_goes_back() {
    let task = async |fixture: &Fixture| activity_task(fixture).await.encode_to_vec();
    let fixture = dropped_while_restoring(Rpc::PollActivityTaskQueue, &activity_poll(), task).await;
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!((report.task_token.as_slice(), report.cause), (b"token".as_slice(), 0));
    let failure = report.failure.unwrap();
    assert!(failure.message.contains("the worker stopped before"));
    let Some(FailureInfo::ApplicationFailureInfo(info)) = failure.failure_info else { panic!("{failure:?}") };
    assert!(!info.non_retryable);
}

#[tokio::test]
async fn a_nexus_task_whose_caller_is_gone_goes_back() {
    let task = async |fixture: &Fixture| nexus_task(fixture).await.encode_to_vec();
    let fixture = dropped_while_restoring(Rpc::PollNexusTaskQueue, &nexus_poll(), task).await;
    let report: RespondNexusTaskFailedRequest = fixture.last(Rpc::RespondNexusTaskFailed);
    assert_eq!(
        (report.task_token.as_slice(), report.poller_group_id.as_str()),
        (b"token".as_slice(), "group")
    );
    #[expect(deprecated, reason = "the form that servers of every version read")]
    let error = report.error.unwrap();
    assert_eq!((error.error_type.as_str(), error.retry_behavior), ("INTERNAL", 1));
}

#[tokio::test]
async fn a_query_whose_caller_is_gone_is_answered() {
    let task = async |fixture: &Fixture| query_task(fixture).await.encode_to_vec();
    let fixture = dropped_while_restoring(Rpc::PollWorkflowTaskQueue, &workflow_poll(), task).await;
    let report: RespondQueryTaskCompletedRequest = fixture.last(Rpc::RespondQueryTaskCompleted);
    assert_eq!((report.completed_type(), report.cause), (QueryResultType::Failed, 0));
    assert_eq!(report.poller_group_id, "group");
    assert!(report.error_message.contains("the worker stopped before"));
}

#[tokio::test]
async fn a_task_that_is_dropped_between_restore_and_delivery_goes_back() {
    let mut fixture = Fixture::new();
    fixture.answer(&activity_task(&fixture).await);
    {
        let mut waiting = fixture.start(Rpc::PollActivityTaskQueue, &activity_poll());
        assert!(poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await);
        assert_eq!(fixture.called.recv().await.unwrap(), "PollActivityTaskQueue");
        while fixture.retrieved() == 0 {
            tokio::task::yield_now().await;
        }
        // The poll's task runs to its end; its delivery is dropped.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(fixture.called.recv().await.unwrap(), "RespondActivityTaskFailed");
}

#[tokio::test]
async fn a_task_without_references_goes_back_too() {
    let mut fixture = Fixture::new();
    let task = PollActivityTaskQueueResponse { task_token: b"token".to_vec(), ..Default::default() };
    fixture.answer(&task);
    {
        let mut waiting = fixture.start(Rpc::PollActivityTaskQueue, &activity_poll());
        assert!(poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await);
        assert_eq!(fixture.called.recv().await.unwrap(), "PollActivityTaskQueue");
    }
    assert_eq!(fixture.called.recv().await.unwrap(), "RespondActivityTaskFailed");
}

#[tokio::test]
async fn a_delivered_task_stays_delivered() {
    let mut fixture = Fixture::new();
    fixture.answer(&activity_task(&fixture).await);
    let task: PollActivityTaskQueueResponse =
        fixture.received(Rpc::PollActivityTaskQueue, &activity_poll()).await;
    drop(task);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(fixture.called.recv().await.unwrap(), "PollActivityTaskQueue");
    assert!(fixture.called.try_recv().is_err());
}

/// Panics in place of an answer.
struct Panics;

#[async_trait::async_trait]
impl Upstream for Panics {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, _: Call) -> Result<Answer, Status> {
        panic!("a defect of the host")
    }
}

#[tokio::test]
async fn a_panic_ends_one_poll_and_not_the_polling() {
    let gateway = Fixture::new().gateway;
    let poll = call(Rpc::PollActivityTaskQueue, activity_poll().encode_to_vec().into());
    assert!(gateway.call(poll, Arc::new(Panics)).await.unwrap().body.is_empty());
    let start =
        call(Rpc::StartWorkflowExecution, StartWorkflowExecutionRequest::default().encode_to_vec().into());
    assert_eq!(gateway.call(start, Arc::new(Panics)).await.unwrap_err().code, Code::INTERNAL);
}

/// A sender decides how deep an envelope nests. However deep it is, it must not hide the references beside it.
#[tokio::test]
async fn an_envelope_that_nests_too_deep_hides_no_reference() {
    let fixture = Fixture::new();
    let deep = (0..140)
        .fold(Failure::default(), |inner, _| Failure { cause: Some(Box::new(inner)), ..Default::default() });
    let inside = RespondActivityTaskFailedRequest { failure: Some(deep), ..Default::default() };
    let metadata = [
        ("encoding", "binary/protobuf"),
        ("messageType", "temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest"),
        ("__temporal_system_payload", "true"),
    ];
    let envelope = Payload {
        metadata: metadata.map(|(key, value)| (key.to_owned(), value.into())).into(),
        data: inside.encode_to_vec(),
        external_payloads: vec![],
    };
    let mut task = activity_task(&fixture).await;
    task.input.as_mut().unwrap().payloads.push(envelope.clone());
    fixture.answer(&task);
    let received: PollActivityTaskQueueResponse =
        fixture.received(Rpc::PollActivityTaskQueue, &activity_poll()).await;
    assert_eq!(received.input.unwrap().payloads, [payload("input"), envelope]);
    assert!(fixture.gateway.0.identities.find(&crate::testing::scope("ns"), b"token").is_some());
    assert_eq!(fixture.events(), ["passed_on malformed_content"]);
}

/// Answers polls, and no other request.
struct Silent(Arc<Server>);

#[async_trait::async_trait]
impl Upstream for Silent {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        let is_poll = call.method.starts_with("Poll");
        let answer = self.0.send(call).await;
        if is_poll { answer } else { std::future::pending().await }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_a_report_does_not_hold_up_the_poll() {
    let fixture = Fixture::new();
    fixture.answer(&activity_task(&fixture).await);
    fixture.store.fail(failure(ErrorKind::Unavailable));
    let poll = call(Rpc::PollActivityTaskQueue, activity_poll().encode_to_vec().into());
    let started = tokio::time::Instant::now();
    let answer = fixture.gateway.call(poll, Arc::new(Silent(Arc::clone(&fixture.server)))).await.unwrap();
    assert!(answer.body.is_empty());
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_report_that_nobody_else_can_send_again_is_sent_again() {
    let fixture = Fixture::new();
    fixture.answer(&activity_task(&fixture).await);
    fixture.store.fail(failure(ErrorKind::Unavailable));
    fixture.refuse(Status::new(Code::UNAVAILABLE, "later"));
    fixture.refuse(Status::new(Code(8), "slowly"));
    fixture.call(Rpc::PollActivityTaskQueue, &activity_poll()).await.unwrap();
    let reports = ["RespondActivityTaskFailed"; 3];
    assert_eq!(fixture.methods(), [&["PollActivityTaskQueue"][..], &reports].concat());
    fixture.answer(&activity_task(&Fixture::new()).await);
    fixture.refuse(Status::new(Code::NOT_FOUND, "timed out before"));
    fixture.call(Rpc::PollActivityTaskQueue, &activity_poll()).await.unwrap();
    assert_eq!(fixture.methods().len(), 6, "what Temporal does not know any more is not reported again");
}

#[tokio::test]
async fn a_report_whose_caller_sends_its_request_again_is_sent_once() {
    let fixture = Fixture::new();
    fixture.store.fail(failure(ErrorKind::Unavailable));
    fixture.refuse(Status::new(Code::UNAVAILABLE, "later"));
    let result = RespondActivityTaskCompletedRequest { result: payloads(&["result"]), ..Default::default() };
    let refused = fixture.call(Rpc::RespondActivityTaskCompleted, &result).await.unwrap_err();
    assert_eq!((refused.code, fixture.methods().len()), (Code::UNAVAILABLE, 1));
}
