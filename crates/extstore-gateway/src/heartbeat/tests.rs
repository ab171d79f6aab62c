use std::sync::Arc;

use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::worker::v1::{StorageDriverInfo, WorkerHeartbeat};
use temporalio_protos::temporal::api::workflowservice::v1::{
    PollNexusTaskQueueRequest, RecordWorkerHeartbeatRequest, ShutdownWorkerRequest,
};

use crate::Upstream;
use crate::testing::{Recorder, call};

/// Every worker of the process uses the drivers of the gateway. A type that a heartbeat names already is not added
/// again.
#[tokio::test]
async fn every_heartbeat_names_the_driver_types_once() {
    let with = |key: &str, types: &[&str]| WorkerHeartbeat {
        worker_instance_key: key.into(),
        drivers: types.iter().map(|name| StorageDriverInfo { r#type: (*name).into() }).collect(),
        ..Default::default()
    };
    let request = RecordWorkerHeartbeatRequest {
        namespace: "orders".into(),
        worker_heartbeat: vec![with("a", &[]), with("b", &["memory"]), with("c", &["aws.s3driver"])],
        ..Default::default()
    };
    let sent = Recorder::new().sent(Rpc::RecordWorkerHeartbeat, &request).await;
    let expected =
        vec![with("a", &["memory"]), with("b", &["memory"]), with("c", &["aws.s3driver", "memory"])];
    assert_eq!(sent, RecordWorkerHeartbeatRequest { worker_heartbeat: expected, ..request });
}

#[tokio::test]
async fn the_last_heartbeat_of_a_worker_names_the_driver_types_too() {
    let request = ShutdownWorkerRequest {
        worker_heartbeat: Some(WorkerHeartbeat { worker_identity: "me".into(), ..Default::default() }),
        ..Default::default()
    };
    let sent = Recorder::new().sent(Rpc::ShutdownWorker, &request).await.worker_heartbeat.unwrap();
    assert_eq!(sent.worker_identity, "me");
    assert_eq!(sent.drivers, [StorageDriverInfo { r#type: "memory".into() }]);
    let without = ShutdownWorkerRequest::default();
    assert_eq!(Recorder::new().sent(Rpc::ShutdownWorker, &without).await, without);
}

#[tokio::test]
async fn a_heartbeat_that_comes_with_a_poll_names_the_driver_types_too() {
    let recorder = Recorder::new();
    for (worker_heartbeat, expected) in [(vec![WorkerHeartbeat::default()], 1), (vec![], 0)] {
        let poll =
            PollNexusTaskQueueRequest { identity: "me".into(), worker_heartbeat, ..Default::default() };
        let call = call(Rpc::PollNexusTaskQueue, poll.encode_to_vec().into());
        let upstream = Arc::clone(&recorder.upstream) as Arc<dyn Upstream>;
        recorder.gateway.call(call, upstream).await.unwrap();
        let sent = recorder.upstream.calls.lock().unwrap().remove(0).body.to_bytes();
        let sent = PollNexusTaskQueueRequest::decode(sent).unwrap();
        let drivers: Vec<_> = sent.worker_heartbeat.iter().map(|heartbeat| &heartbeat.drivers).collect();
        assert_eq!(drivers, vec![&vec![StorageDriverInfo { r#type: "memory".into() }]; expected]);
        assert_eq!(sent.identity, "me");
    }
}
