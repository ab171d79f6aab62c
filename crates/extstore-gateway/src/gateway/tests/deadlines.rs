//! Tests calls whose time ends while storage is at work.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use extstore::{
    Claim, ExternalStorage, MemoryDriver, Payload as Stored, RetrieveContext, StorageDriver, StoreContext,
    async_trait,
};
use extstore_wire::Rpc;
use prost::Message;
use temporalio_protos::temporal::api::workflowservice::v1::*;
use tokio::time::Instant;

use crate::testing::call;
use crate::testing::fixture::{Fixture, payloads};
use crate::{Answer, Code, Gateway, Status, Upstream};

const FOR_EVER: Duration = Duration::from_secs(3600);

/// Waits for a time in each call, and then calls a driver in memory.
struct Slow(Duration, MemoryDriver);

#[async_trait]
impl StorageDriver for Slow {
    fn name(&self) -> &str {
        "store"
    }

    fn driver_type(&self) -> &str {
        "memory"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Stored>) -> extstore::Result<Vec<Claim>> {
        wait(self.0).await;
        self.1.store(context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> extstore::Result<Vec<Stored>> {
        wait(self.0).await;
        self.1.retrieve(context, claims).await
    }
}

/// Lets the paused clock go on.
async fn wait(time: Duration) {
    assert!(tokio::time::timeout(time, pending::<()>()).await.is_err());
}

/// Makes a fixture whose gateway has a slow store, and a deadline of its own if one is given.
fn slow(time: Duration, deadline: Option<Duration>) -> Fixture {
    let fixture = Fixture::new();
    let seen = Arc::clone(&fixture.events);
    let mut storage = ExternalStorage::builder()
        .with_driver(Arc::new(Slow(time, MemoryDriver::default())))
        .with_payload_size_threshold(0)
        .with_observer(move |event: &extstore::Event<'_>| {
            if let extstore::Event::Failed { path, kind, reported, .. } = event {
                seen.lock().unwrap().push(format!("{path} {kind} {reported}"));
            }
        });
    if let Some(deadline) = deadline {
        storage = storage.with_deadline(deadline);
    }
    Fixture { gateway: Gateway::builder(storage.build().unwrap()).build(), ..fixture }
}

/// Sends a call that waits ten seconds, and returns its outcome and the time that it took.
async fn sent(fixture: &Fixture, rpc: Rpc, request: &impl Message) -> (Result<Answer, Status>, Duration) {
    let mut call = call(rpc, request.encode_to_vec().into());
    call.headers.insert("grpc-timeout", "10S".parse().unwrap());
    let (started, server) = (Instant::now(), Arc::clone(&fixture.server) as Arc<dyn Upstream>);
    let outcome = fixture.gateway.call(call, server).await;
    (outcome, started.elapsed())
}

/// Returns the time-outs of the calls that the server got.
fn time_outs(fixture: &Fixture) -> Vec<String> {
    let calls = fixture.server.calls.lock().unwrap();
    calls.iter().map(|call| call.headers["grpc-timeout"].to_str().unwrap().to_owned()).collect()
}

fn start() -> StartWorkflowExecutionRequest {
    StartWorkflowExecutionRequest { input: payloads(&["input"]), ..Default::default() }
}

#[tokio::test(start_paused = true)]
async fn a_request_ends_with_its_own_time_out() {
    let fixture = slow(FOR_EVER, None);
    let (outcome, took) = sent(&fixture, Rpc::StartWorkflowExecution, &start()).await;
    assert_eq!((outcome.unwrap_err().code, took), (Code::DEADLINE_EXCEEDED, Duration::from_secs(10)));
    assert_eq!(fixture.methods(), [""; 0]);
    assert_eq!(fixture.events(), ["request Timeout true"]);
}

#[tokio::test(start_paused = true)]
async fn a_response_ends_with_the_time_out_of_its_request() {
    let fixture = slow(FOR_EVER, None);
    let query_result = fixture.references(&["answer"]).await;
    fixture.answer(&QueryWorkflowResponse { query_result, ..Default::default() });
    let (outcome, took) = sent(&fixture, Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await;
    assert_eq!((outcome.unwrap_err().code, took), (Code::DEADLINE_EXCEEDED, Duration::from_secs(10)));
}

#[tokio::test(start_paused = true)]
async fn the_server_gets_the_rest_of_the_time() {
    let fixture = slow(Duration::from_secs(4), None);
    sent(&fixture, Rpc::StartWorkflowExecution, &start()).await.0.unwrap();
    assert_eq!(time_outs(&fixture), ["6000m"]);
}

/// The option bounds storage where it is nearer, and is not the call's own time-out.
#[tokio::test(start_paused = true)]
async fn the_deadline_of_the_storage_counts_where_it_is_nearer() {
    let fixture = slow(FOR_EVER, Some(Duration::from_secs(3)));
    let (outcome, took) = sent(&fixture, Rpc::StartWorkflowExecution, &start()).await;
    assert_eq!((outcome.unwrap_err().code, took), (Code::UNAVAILABLE, Duration::from_secs(3)));
    let fixture = slow(FOR_EVER, Some(Duration::from_secs(30)));
    let (outcome, took) = sent(&fixture, Rpc::StartWorkflowExecution, &start()).await;
    assert_eq!((outcome.unwrap_err().code, took), (Code::DEADLINE_EXCEEDED, Duration::from_secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_cannot_be_stored_in_time_is_reported() {
    let fixture = slow(FOR_EVER, None);
    let result = RespondActivityTaskCompletedRequest { result: payloads(&["r"]), ..Default::default() };
    let (outcome, took) = sent(&fixture, Rpc::RespondActivityTaskCompleted, &result).await;
    assert_eq!((outcome.is_ok(), took), (true, Duration::from_secs(10)));
    assert_eq!(fixture.methods(), ["RespondActivityTaskFailed"]);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_goes_on_without_details_that_cannot_be_stored_in_time() {
    let fixture = slow(FOR_EVER, None);
    let (task_token, identity) = (b"token".to_vec(), "worker".to_owned());
    let beat = RecordActivityTaskHeartbeatRequest { task_token, identity, ..Default::default() };
    let details = payloads(&["details"]);
    let with_details = RecordActivityTaskHeartbeatRequest { details: details.clone(), ..beat.clone() };
    fixture.answer(&RecordActivityTaskHeartbeatResponse { cancel_requested: true, ..Default::default() });
    let (outcome, took) = sent(&fixture, Rpc::RecordActivityTaskHeartbeat, &with_details).await;
    let answer = outcome.unwrap().body.to_bytes();
    assert!(RecordActivityTaskHeartbeatResponse::decode(answer).unwrap().cancel_requested);
    assert_eq!(took, Duration::from_secs(5));
    assert_eq!(fixture.last::<RecordActivityTaskHeartbeatRequest>(Rpc::RecordActivityTaskHeartbeat), beat);

    let by_id = RecordActivityTaskHeartbeatByIdRequest { activity_id: "a".into(), ..Default::default() };
    let with_details = RecordActivityTaskHeartbeatByIdRequest { details, ..by_id.clone() };
    sent(&fixture, Rpc::RecordActivityTaskHeartbeatById, &with_details).await.0.unwrap();
    assert_eq!(
        fixture.last::<RecordActivityTaskHeartbeatByIdRequest>(Rpc::RecordActivityTaskHeartbeatById),
        by_id
    );
    assert_eq!(time_outs(&fixture), ["5000m", "5000m"]);
    assert_eq!(fixture.events(), ["activity_task Timeout false", "activity_task Timeout false"]);
}

/// The server answers a poll near the end of its time-out; what follows is not the server's.
#[tokio::test(start_paused = true)]
async fn the_time_out_of_a_poll_does_not_bound_what_its_answer_needs() {
    let fixture = Fixture::new();
    let task_token = b"token".to_vec();
    let input = fixture.references(&["input"]).await;
    fixture.answer(&PollActivityTaskQueueResponse { task_token, input, ..Default::default() });
    let mut arrivals = fixture.store.hold();
    let (gateway, server) = (fixture.gateway.clone(), Arc::clone(&fixture.server) as Arc<dyn Upstream>);
    let mut poll = call(Rpc::PollActivityTaskQueue, bytes::Bytes::new());
    poll.headers.insert("grpc-timeout", "10S".parse().unwrap());
    let polling = tokio::spawn(async move { gateway.call(poll, server).await });
    arrivals.recv().await.expect("the payloads are fetched");
    wait(Duration::from_secs(30)).await;
    fixture.store.gate.add_permits(1);
    let answer = polling.await.unwrap().unwrap().body.to_bytes();
    assert_eq!(PollActivityTaskQueueResponse::decode(answer).unwrap().input, payloads(&["input"]));
    assert_eq!(time_outs(&fixture), ["10S"]);
}
