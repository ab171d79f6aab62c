//! Tests the kinds that an option keeps inline, and the one that always stays inline.

use extstore_wire::{Policy, Rpc};
use temporalio_protos::temporal::api::common::v1::Header;
use temporalio_protos::temporal::api::compute::v1::{
    ComputeConfig, ComputeConfigScalingGroup, ComputeProvider,
};
use temporalio_protos::temporal::api::sdk::v1::UserMetadata;
use temporalio_protos::temporal::api::workflowservice::v1::{
    CreateWorkerDeploymentVersionRequest, StartWorkflowExecutionRequest,
};

use crate::testing::{LARGE, Recorder, is_reference, memo, payload, payloads};

const START: Rpc = Rpc::StartWorkflowExecution;

#[tokio::test]
async fn memo_header_and_user_metadata_are_offloaded_unless_kept_inline() {
    for kept in
        [None, Some(Policy::Memo), Some(Policy::Header), Some(Policy::UserMetadata), Some(Policy::Data)]
    {
        let recorder = Recorder::with(
            |storage| storage.with_payload_size_threshold(1000),
            |gateway| gateway.keep_inline(kept),
        );
        let request = StartWorkflowExecutionRequest {
            input: payloads(LARGE),
            memo: memo(LARGE),
            header: Some(Header { fields: [("trace".to_owned(), payload(LARGE))].into() }),
            user_metadata: Some(UserMetadata {
                summary: Some(payload(LARGE)),
                details: Some(payload(LARGE)),
            }),
            ..Default::default()
        };
        let sent = recorder.sent(START, &request).await;
        let metadata = sent.user_metadata.unwrap();
        let left = [
            (Policy::Data, is_reference(&sent.input.unwrap().payloads[0])),
            (Policy::Memo, is_reference(&sent.memo.unwrap().fields["note"])),
            (Policy::Header, is_reference(&sent.header.unwrap().fields["trace"])),
            (Policy::UserMetadata, is_reference(&metadata.summary.unwrap())),
            (Policy::UserMetadata, is_reference(&metadata.details.unwrap())),
        ];
        for (policy, left) in left {
            assert_eq!(left, kept != Some(policy), "{policy:?} where {kept:?} is kept");
        }
    }
}

/// An operator sets these payloads for the server, which reads them.
#[tokio::test]
async fn settings_of_the_server_stay_inline() {
    let provider =
        ComputeProvider { r#type: "lambda".into(), details: Some(payload(LARGE)), ..Default::default() };
    let group = ComputeConfigScalingGroup { provider: Some(provider), ..Default::default() };
    let request = CreateWorkerDeploymentVersionRequest {
        namespace: "orders".into(),
        compute_config: Some(ComputeConfig { scaling_groups: [("g".to_owned(), group)].into() }),
        ..Default::default()
    };
    let recorder = Recorder::new();
    assert_eq!(recorder.sent(Rpc::CreateWorkerDeploymentVersion, &request).await, request);
    assert_eq!(recorder.stores(), []);
}
