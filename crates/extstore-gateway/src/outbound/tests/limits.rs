//! Tests that inline payloads are measured after the others were offloaded.

use std::sync::Arc;

use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::common::v1::Payloads;
use temporalio_protos::temporal::api::namespace::v1::{NamespaceInfo, namespace_info};
use temporalio_protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeNamespaceResponse, SignalWorkflowExecutionRequest,
    StartWorkflowExecutionRequest,
};

use crate::limits;
use crate::outbound::Offloaded;
use crate::testing::{LARGE, Recorder, RecordingUpstream, answer, call, memo, payload, payloads};
use crate::{Answer, Call, Code, Status, Upstream};

#[tokio::test]
async fn offloaded_payloads_are_not_measured() {
    let recorder = limited(1500, 0);
    let request = signal(payloads(LARGE).unwrap());
    assert!(matches!(recorder.offload(Rpc::SignalWorkflowExecution, &request).await, Offloaded::Forward(_)));
}

#[tokio::test]
async fn small_payloads_that_are_too_large_together_are_refused() {
    let recorder = limited(1500, 0);
    let request = signal(Payloads { payloads: (0..4).map(|_| payload(500)).collect() });
    let Offloaded::Answered(Err(status)) = recorder.offload(Rpc::SignalWorkflowExecution, &request).await
    else {
        panic!("it does not go on")
    };
    assert_eq!(status.code, Code::INVALID_ARGUMENT);
    let sentence = "[TMPRL1103] Attempted to upload payloads with size that exceeded the error limit.";
    assert!(status.message.contains(sentence), "{}", status.message);
    assert!(recorder.upstream.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_memo_has_a_limit_of_its_own() {
    let recorder = limited(1_000_000, 500);
    let request = StartWorkflowExecutionRequest {
        namespace: "orders".into(),
        input: payloads(700),
        memo: memo(700),
        ..Default::default()
    };
    let Offloaded::Answered(Err(status)) = recorder.offload(Rpc::StartWorkflowExecution, &request).await
    else {
        panic!("it does not go on")
    };
    assert!(status.message.contains("[TMPRL1103] Attempted to upload memo with size"), "{}", status.message);
}

#[tokio::test]
async fn another_namespace_has_other_limits() {
    let recorder = limited(1500, 0);
    let request = SignalWorkflowExecutionRequest {
        namespace: "billing".into(),
        ..signal(Payloads { payloads: (0..4).map(|_| payload(500)).collect() })
    };
    assert!(matches!(recorder.offload(Rpc::SignalWorkflowExecution, &request).await, Offloaded::Forward(_)));
}

/// Stands for another server, whose namespace of the same name has other limits.
struct Another(Arc<RecordingUpstream>);

#[async_trait::async_trait]
impl Upstream for Another {
    fn server(&self) -> &str {
        "another server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        self.0.send(call).await
    }
}

#[tokio::test]
async fn another_server_has_other_limits() {
    let recorder = limited(500, 0);
    let request = signal(Payloads { payloads: vec![payload(800)] });
    let call = || call(Rpc::SignalWorkflowExecution, request.encode_to_vec().into());
    let same = Arc::clone(&recorder.upstream) as Arc<dyn Upstream>;
    let refused = recorder.gateway.call(call(), same).await.unwrap_err();
    assert!(refused.message.contains("limit: 500 bytes"), "{}", refused.message);
    let other = Arc::new(Another(Arc::clone(&recorder.upstream)));
    recorder.gateway.call(call(), other).await.unwrap();
}

/// Another replica, or another mount, took the limits out of the answer that the SDK got.
#[tokio::test]
async fn limits_that_this_gateway_never_saw_are_asked_for_with_the_callers_metadata() {
    let recorder = rolling_out();
    recorder.upstream.answers.lock().unwrap().push(Ok(answer(&described(2 << 20, 0))));
    for _ in 0..2 {
        let refused = send(&recorder, 3 << 20).await.unwrap_err();
        assert!(refused.message.contains("[TMPRL1103]"), "{}", refused.message);
        assert!(refused.message.contains("limit: 2097152 bytes"), "{}", refused.message);
    }
    let calls = recorder.upstream.calls.lock().unwrap();
    let [asked] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(asked.method, "DescribeNamespace");
    assert_eq!(asked.headers["authorization"], "Bearer key");
    let request = DescribeNamespaceRequest::decode(asked.body.to_bytes()).unwrap();
    assert_eq!(request, DescribeNamespaceRequest { namespace: "orders".into(), ..Default::default() });
}

#[tokio::test]
async fn a_server_that_does_not_say_its_limits_has_the_defaults() {
    let recorder = rolling_out();
    recorder.upstream.answers.lock().unwrap().push(Err(Status::new(Code(7), "you may not ask")));
    let refused = send(&recorder, 3 << 20).await.unwrap_err();
    assert!(refused.message.contains("limit: 2097152 bytes"), "{}", refused.message);
    send(&recorder, 1 << 20).await.unwrap();
    let calls = recorder.upstream.calls.lock().unwrap();
    let methods: Vec<_> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(methods, ["DescribeNamespace", "SignalWorkflowExecution"]);
}

#[tokio::test]
async fn a_small_request_asks_nothing() {
    let recorder = rolling_out();
    send(&recorder, 30 << 10).await.unwrap();
    assert_eq!(recorder.upstream.calls.lock().unwrap().len(), 1);
}

/// Makes a gateway that offloads nothing yet, as during a roll-out.
fn rolling_out() -> Recorder {
    Recorder::with(|storage| storage.with_payload_size_threshold(u64::MAX), |gateway| gateway)
}

async fn send(recorder: &Recorder, size: usize) -> Result<Answer, Status> {
    let request = signal(Payloads { payloads: vec![payload(size)] });
    let mut call = call(Rpc::SignalWorkflowExecution, request.encode_to_vec().into());
    call.headers.insert("authorization", "Bearer key".parse().unwrap());
    let upstream = Arc::clone(&recorder.upstream) as Arc<dyn Upstream>;
    recorder.gateway.call(call, upstream).await
}

#[tokio::test]
async fn a_limit_of_zero_is_none() {
    let recorder = limited(0, 500);
    let request = signal(Payloads { payloads: (0..4).map(|_| payload(500)).collect() });
    assert!(matches!(recorder.offload(Rpc::SignalWorkflowExecution, &request).await, Offloaded::Forward(_)));
}

/// Makes a gateway that has learnt the limits of the namespace `orders`; 0 is none.
fn limited(blob: i64, memo: i64) -> Recorder {
    let recorder = Recorder::new();
    let exchange =
        recorder.exchange(Rpc::DescribeNamespace, &call(Rpc::DescribeNamespace, bytes::Bytes::new()));
    limits::rewrite(&exchange, answer(&described(blob, memo)));
    recorder
}

fn described(blob: i64, memo: i64) -> DescribeNamespaceResponse {
    let limits = namespace_info::Limits {
        blob_size_limit_error: blob,
        memo_size_limit_error: memo,
        ..Default::default()
    };
    let info = NamespaceInfo { name: "orders".into(), limits: Some(limits), ..Default::default() };
    DescribeNamespaceResponse { namespace_info: Some(info), ..Default::default() }
}

fn signal(input: Payloads) -> SignalWorkflowExecutionRequest {
    SignalWorkflowExecutionRequest { namespace: "orders".into(), input: Some(input), ..Default::default() }
}
