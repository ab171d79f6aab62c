//! Tests workers that tell the server that they stop while payloads of their tasks are fetched.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use extstore_wire::Rpc;
use futures_util::FutureExt as _;
use prost::Message as _;
use temporalio_protos::temporal::api::workflowservice::v1::*;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use super::eager::{activity, completion};
use crate::testing::call;
use crate::testing::fixture::{Fixture, Server, payloads};
use crate::{Answer, Call, Code, Status, Upstream};

fn poll(key: &str, namespace: &str) -> PollActivityTaskQueueRequest {
    let (worker_instance_key, namespace) = (key.to_owned(), namespace.to_owned());
    PollActivityTaskQueueRequest { worker_instance_key, namespace, ..Default::default() }
}

fn shutdown(key: &str) -> ShutdownWorkerRequest {
    let (worker_instance_key, namespace) = (key.to_owned(), "ns".to_owned());
    ShutdownWorkerRequest { worker_instance_key, namespace, ..Default::default() }
}

fn completion_of(key: &str) -> RespondWorkflowTaskCompletedRequest {
    RespondWorkflowTaskCompletedRequest { worker_instance_key: key.into(), ..completion() }
}

/// The poll is not dropped, as where the namespace has the server complete the polls of a worker that stops.
#[tokio::test]
async fn a_task_of_a_worker_that_stops_goes_back_and_its_poll_finds_nothing() {
    let fixture = Fixture::new();
    fixture.answer(&activity(&fixture, "token", "input").await);
    let mut arrivals = fixture.store.hold();
    let polling = tokio::spawn(fixture.start(Rpc::PollActivityTaskQueue, &poll("key", "ns")));
    arrivals.recv().await.expect("the payloads are fetched");
    fixture.call(Rpc::ShutdownWorker, &shutdown("key")).await.unwrap();
    assert_eq!(
        fixture.methods(),
        ["PollActivityTaskQueue", "ShutdownWorker", "RespondActivityTaskFailed"],
        "the server knows of the stop before the task goes back, and the task is back before the worker may end"
    );
    assert!(polling.await.unwrap().unwrap().body.is_empty());
    assert_eq!(fixture.store.dropped.load(Ordering::SeqCst), 1, "storage work is stopped");
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!((report.task_token.as_slice(), report.cause), (b"token".as_slice(), 0));
    assert!(report.failure.unwrap().message.contains("the worker stopped before"));
    assert_eq!(fixture.events(), Vec::<String>::new(), "a worker that stops is no failure of storage");
}

#[tokio::test]
async fn other_workers_go_on() {
    let fixture = Fixture::new();
    let mut arrivals = fixture.store.hold();
    let mut polls = Vec::new();
    for (key, namespace) in [("other", "ns"), ("key", "other"), ("", "ns")] {
        fixture.answer(&activity(&fixture, &format!("token of {key}"), "input").await);
        polls.push(tokio::spawn(fixture.start(Rpc::PollActivityTaskQueue, &poll(key, namespace))));
        arrivals.recv().await.expect("the payloads are fetched");
    }
    fixture.answer(&activity(&fixture, "token", "input").await);
    let elsewhere = Arc::new(Elsewhere(Arc::clone(&fixture.server)));
    let request = poll("key", "ns").encode_to_vec();
    let (gateway, poll) = (fixture.gateway.clone(), call(Rpc::PollActivityTaskQueue, request.into()));
    polls.push(tokio::spawn(async move { gateway.call(poll, elsewhere).await }.boxed()));
    arrivals.recv().await.expect("the payloads are fetched");
    fixture.call(Rpc::ShutdownWorker, &shutdown("key")).await.unwrap();
    fixture.call(Rpc::ShutdownWorker, &shutdown("")).await.unwrap();
    fixture.store.gate.add_permits(polls.len());
    for poll in polls {
        assert!(!poll.await.unwrap().unwrap().body.is_empty(), "the task is delivered");
    }
    assert_eq!(fixture.retrieved(), 4);
}

/// Whoever may not stop workers of a namespace must not keep them from their tasks.
#[tokio::test]
async fn a_stop_that_the_server_forbids_to_its_caller_stops_no_worker() {
    for code in [7, 16] {
        let fixture = Fixture::new();
        fixture.answer(&activity(&fixture, "token", "input").await);
        fixture.refuse(Status::new(Code(code), "you may not"));
        let mut arrivals = fixture.store.hold();
        let polling = tokio::spawn(fixture.start(Rpc::PollActivityTaskQueue, &poll("key", "ns")));
        arrivals.recv().await.expect("the payloads are fetched");
        let refused = fixture.call(Rpc::ShutdownWorker, &shutdown("key")).await.unwrap_err();
        assert_eq!(refused.code, Code(code));
        fixture.store.gate.add_permits(1);
        assert!(!polling.await.unwrap().unwrap().body.is_empty(), "the task is delivered");
    }
}

/// A server that does not know the request does not keep the worker from stopping.
#[tokio::test]
async fn a_worker_stops_where_the_server_does_not_know_the_request() {
    let fixture = Fixture::new();
    fixture.answer(&activity(&fixture, "token", "input").await);
    fixture.refuse(Status::new(Code(12), "unknown method"));
    let mut arrivals = fixture.store.hold();
    let polling = tokio::spawn(fixture.start(Rpc::PollActivityTaskQueue, &poll("key", "ns")));
    arrivals.recv().await.expect("the payloads are fetched");
    fixture.call(Rpc::ShutdownWorker, &shutdown("key")).await.unwrap_err();
    assert!(polling.await.unwrap().unwrap().body.is_empty());
    assert_eq!(fixture.methods().last().unwrap(), "RespondActivityTaskFailed");
}

/// Stands for another server, where a worker may have the same key.
struct Elsewhere(Arc<Server>);

#[async_trait::async_trait]
impl Upstream for Elsewhere {
    fn server(&self) -> &str {
        "elsewhere"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        self.0.send(call).await
    }
}

#[tokio::test]
async fn a_task_that_arrives_after_the_stop_goes_back_unless_it_needs_no_storage() {
    let mut fixture = Fixture::new();
    let polls = Arc::new(Semaphore::new(0));
    *fixture.server.polls.lock().unwrap() = Some(Arc::clone(&polls));
    let mut arrivals = fixture.store.hold();
    let waiting = tokio::spawn(fixture.start(Rpc::PollActivityTaskQueue, &poll("key", "ns")));
    assert_eq!(fixture.called.recv().await.unwrap(), "PollActivityTaskQueue");
    fixture.call(Rpc::ShutdownWorker, &shutdown("key")).await.unwrap();
    fixture.answer(&activity(&fixture, "token", "input").await);
    polls.add_permits(2);
    assert!(waiting.await.unwrap().unwrap().body.is_empty());
    fixture.gateway.idle().await;
    assert_eq!(fixture.methods().last().unwrap(), "RespondActivityTaskFailed");
    assert!(arrivals.try_recv().is_err(), "no storage work began");

    let inline = PollActivityTaskQueueResponse {
        task_token: b"inline".to_vec(),
        input: payloads(&["inline"]),
        ..Default::default()
    };
    fixture.answer(&inline);
    assert_eq!(
        fixture
            .received::<PollActivityTaskQueueResponse>(Rpc::PollActivityTaskQueue, &poll("key", "ns"))
            .await,
        inline
    );
}

#[tokio::test]
async fn eager_tasks_of_a_worker_that_stops_go_back_and_its_completion_is_answered() {
    let fixture = Fixture::new();
    let inline = PollActivityTaskQueueResponse {
        task_token: b"inline".to_vec(),
        input: payloads(&["inline"]),
        ..Default::default()
    };
    fixture.answer(&RespondWorkflowTaskCompletedResponse {
        activity_tasks: vec![activity(&fixture, "a", "one").await, inline.clone()],
        reset_history_event_id: 7,
        ..Default::default()
    });
    let mut arrivals = fixture.store.hold();
    let completing = tokio::spawn(fixture.start(Rpc::RespondWorkflowTaskCompleted, &completion_of("key")));
    arrivals.recv().await.expect("the payloads are fetched");
    fixture.call(Rpc::ShutdownWorker, &shutdown("key")).await.unwrap();
    let answer = completing.await.unwrap().unwrap().body.to_bytes();
    let response = RespondWorkflowTaskCompletedResponse::decode(answer).unwrap();
    assert_eq!((response.activity_tasks, response.reset_history_event_id), (vec![inline], 7));
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!(report.task_token, b"a");
    fixture.gateway.idle().await;
    assert_eq!(fixture.methods().len(), 3, "the delivered task does not go back");
}

/// Never answers `ShutdownWorker`.
struct Unanswered(Arc<Server>);

#[async_trait::async_trait]
impl Upstream for Unanswered {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        let is_shutdown = call.method == "ShutdownWorker";
        let answer = self.0.send(call).await;
        if is_shutdown { std::future::pending().await } else { answer }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_the_shutdown_holds_up_no_task() {
    let fixture = Fixture::new();
    fixture.answer(&activity(&fixture, "token", "input").await);
    let mut arrivals = fixture.store.hold();
    let upstream = Arc::new(Unanswered(Arc::clone(&fixture.server))) as Arc<dyn Upstream>;
    let send = |rpc: Rpc, request: Vec<u8>| {
        let (gateway, upstream) = (fixture.gateway.clone(), Arc::clone(&upstream));
        tokio::spawn(async move { gateway.call(call(rpc, request.into()), upstream).await })
    };
    let polling = send(Rpc::PollActivityTaskQueue, poll("key", "ns").encode_to_vec());
    arrivals.recv().await.expect("the payloads are fetched");
    let started = Instant::now();
    let stopping = send(Rpc::ShutdownWorker, shutdown("key").encode_to_vec());
    assert!(polling.await.unwrap().unwrap().body.is_empty());
    fixture.gateway.idle().await;
    assert_eq!(fixture.methods().last().unwrap(), "RespondActivityTaskFailed");
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    stopping.abort();
}

/// Holds reports back until they are let go.
struct SlowReports {
    server: Arc<Server>,
    began: Notify,
    go: Notify,
}

#[async_trait::async_trait]
impl Upstream for SlowReports {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        if call.method == "RespondActivityTaskFailed" {
            self.began.notify_one();
            self.go.notified().await;
        }
        self.server.send(call).await
    }
}

#[tokio::test]
async fn a_gateway_is_idle_when_the_last_task_is_back() {
    let fixture = Fixture::new();
    fixture.answer(&activity(&fixture, "token", "input").await);
    let mut arrivals = fixture.store.hold();
    let (server, began, go) = (Arc::clone(&fixture.server), Notify::new(), Notify::new());
    let upstream = Arc::new(SlowReports { server, began, go });
    let request = poll("", "ns").encode_to_vec();
    let (gateway, poll) = (fixture.gateway.clone(), call(Rpc::PollActivityTaskQueue, request.into()));
    let reports = Arc::clone(&upstream) as Arc<dyn Upstream>;
    let polling = tokio::spawn(async move { gateway.call(poll, reports).await });
    arrivals.recv().await.expect("the payloads are fetched");
    assert!(fixture.gateway.idle().now_or_never().is_some(), "somebody waits for the task");
    polling.abort();
    assert!(polling.await.unwrap_err().is_cancelled());
    assert!(fixture.gateway.idle().now_or_never().is_none(), "its caller has left");
    upstream.began.notified().await;
    assert!(fixture.gateway.idle().now_or_never().is_none(), "the task is on its way back");
    upstream.go.notify_one();
    fixture.gateway.idle().await;
    assert_eq!(fixture.methods(), ["PollActivityTaskQueue", "RespondActivityTaskFailed"]);
}
