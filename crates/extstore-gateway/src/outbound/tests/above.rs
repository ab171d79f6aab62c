//! Tests requests with fields above a limit beside others that a request goes on without, and limits that the server is
//! slow to tell.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, ScheduleActivityTaskCommandAttributes};
use temporalio_protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_protos::temporal::api::failure::v1::{ApplicationFailureInfo, Failure};
use temporalio_protos::temporal::api::query::v1::WorkflowQueryResult;
use temporalio_protos::temporal::api::workflowservice::v1::{
    RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse,
    RespondWorkflowTaskCompletedRequest,
};
use tokio::time::Instant;

use crate::state::NamespaceLimits;
use crate::testing::{Recorder, answer, call, payloads, scope};
use crate::{Answer, Call, Code, Status, Upstream};

/// Makes a gateway that offloads nothing yet, as during a roll-out.
fn rolling_out() -> Recorder {
    Recorder::with(|storage| storage.with_payload_size_threshold(u64::MAX), |gateway| gateway)
}

/// The server would end the run because of the command, whatever becomes of the answer to the query.
#[tokio::test]
async fn a_completion_with_a_command_above_a_limit_does_not_go_on_because_an_answer_can_do_without_its_details()
 {
    let recorder = rolling_out();
    let limits = NamespaceLimits { blob: 1500, ..NamespaceLimits::DEFAULT };
    recorder.gateway.0.limits.keep(&scope("orders"), limits);
    let schedule = ScheduleActivityTaskCommandAttributes { input: payloads(3000), ..Default::default() };
    let attributes = Some(Attributes::ScheduleActivityTaskCommandAttributes(schedule));
    let details = ApplicationFailureInfo { details: payloads(3000), ..Default::default() };
    let failure_info = Some(FailureInfo::ApplicationFailureInfo(details));
    let failure = Some(Failure { failure_info, ..Default::default() });
    let answered = WorkflowQueryResult { failure, ..Default::default() };
    let request = RespondWorkflowTaskCompletedRequest {
        namespace: "orders".into(),
        task_token: b"token".to_vec(),
        commands: vec![Command { attributes, ..Default::default() }],
        query_results: [("query".to_owned(), answered)].into(),
        ..Default::default()
    };
    let call = call(Rpc::RespondWorkflowTaskCompleted, request.encode_to_vec().into());
    let upstream = Arc::clone(&recorder.upstream) as Arc<dyn Upstream>;
    assert_eq!(recorder.gateway.call(call, upstream).await.unwrap_err().code, Code::NOT_FOUND);
    let calls = recorder.upstream.calls.lock().unwrap();
    let methods: Vec<_> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(methods, ["RespondWorkflowTaskFailed"]);
}

/// Answers heartbeats, and never tells its limits.
struct Silent;

#[async_trait]
impl Upstream for Silent {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        match call.method.as_str() {
            "DescribeNamespace" => pending().await,
            _ => Ok(answer(&RecordActivityTaskHeartbeatResponse {
                cancel_requested: true,
                ..Default::default()
            })),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_arrives_in_time_although_the_server_does_not_tell_its_limits() {
    let (recorder, started) = (rolling_out(), Instant::now());
    let heartbeat = RecordActivityTaskHeartbeatRequest {
        namespace: "orders".into(),
        details: payloads(40_000),
        ..Default::default()
    };
    let mut call = call(Rpc::RecordActivityTaskHeartbeat, heartbeat.encode_to_vec().into());
    call.headers.insert("grpc-timeout", "8S".parse().unwrap());
    let send = || recorder.gateway.call(call.clone(), Arc::new(Silent));
    let (first, second) = tokio::join!(send(), send());
    assert_eq!(started.elapsed(), Duration::from_secs(4), "half of the time of both");
    for answered in [first, second] {
        let body = answered.expect("the heartbeat arrives").body.to_bytes();
        assert!(RecordActivityTaskHeartbeatResponse::decode(body).unwrap().cancel_requested);
    }
    tokio::time::advance(Duration::from_secs(7)).await;
    let asked_in_vain = Instant::now();
    send().await.unwrap();
    assert_eq!(asked_in_vain.elapsed(), Duration::ZERO, "the question went on, and failed for all");
}
