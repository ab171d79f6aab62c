use bytes::Bytes;
use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::*;
use temporalio_protos::temporal::api::common::v1::Payloads;
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::namespace::v1::{NamespaceInfo, namespace_info};
use temporalio_protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceResponse, RespondWorkflowTaskCompletedRequest,
};

use super::*;
use crate::Gateway;
use crate::testing::{Recorder, answer, call, memo, payload, payloads};

/// An SDK reads zeros; all other fields of the answer are unchanged, the capability to page completions among them:
/// without pages a large completion is one request, which the server refuses, and then it terminates the run.
#[test]
fn the_limits_are_hidden_and_nothing_else() {
    let before = described();
    let after = rewritten(&Recorder::new(), &before);
    let mut expected = before;
    let info = expected.namespace_info.as_mut().unwrap();
    info.limits = Some(namespace_info::Limits::default());
    assert!(info.capabilities.as_ref().unwrap().workflow_task_completion_pagination);
    assert_eq!(after, expected);
}

#[test]
fn an_option_shows_the_real_limits_or_a_number_in_their_place() {
    let with = |shown| Recorder::with(|storage| storage, |gateway| gateway.with_shown_limits(shown));
    let before = described();
    let real = with(ShownLimits::Real);
    assert_eq!(rewritten(&real, &before), before);
    let scope = crate::testing::scope("orders");
    assert_eq!(real.gateway.0.limits.last_known(&scope).unwrap().blob, 2 << 20, "it is enforced too");
    let mut expected = before.clone();
    expected.namespace_info.as_mut().unwrap().limits = Some(namespace_info::Limits {
        blob_size_limit_error: 1 << 30,
        memo_size_limit_error: 1 << 30,
        workflow_task_completion_size_limit_error: 1 << 30,
    });
    assert_eq!(rewritten(&with(ShownLimits::Bytes(1 << 30)), &before), expected);
    expected.namespace_info.as_mut().unwrap().limits = Some(namespace_info::Limits {
        blob_size_limit_error: i64::MAX,
        memo_size_limit_error: i64::MAX,
        workflow_task_completion_size_limit_error: i64::MAX,
    });
    assert_eq!(rewritten(&with(ShownLimits::Bytes(u64::MAX)), &before), expected, "no negative number");
}

#[test]
fn without_storage_the_answer_is_as_it_was() {
    let (recorder, before) = (Recorder::new(), described());
    let request = call(Rpc::DescribeNamespace, Bytes::new());
    let gateway = Gateway::without_storage().build();
    let exchange = Exchange { state: gateway.0, ..recorder.exchange(Rpc::DescribeNamespace, &request) };
    let after = rewrite(&exchange, answer(&before)).body.to_bytes();
    assert_eq!(DescribeNamespaceResponse::decode(after).unwrap(), before);
}

#[test]
fn an_answer_without_limits_is_the_same_bytes() {
    let info = NamespaceInfo { name: "orders".into(), ..Default::default() };
    let before = DescribeNamespaceResponse { namespace_info: Some(info), ..Default::default() };
    let recorder = Recorder::new();
    let exchange = recorder.exchange(Rpc::DescribeNamespace, &call(Rpc::DescribeNamespace, Bytes::new()));
    let answer = answer(&before);
    let address = answer.body.segments()[0].as_ptr();
    assert_eq!(rewrite(&exchange, answer).body.segments()[0].as_ptr(), address);
}

/// The sizes are those that `temporalio-common` 1.1.1 compares: `encoded_len` of the field, keys and data of a changed
/// memo, keys and payloads of a marker.
#[test]
fn commands_are_measured_as_the_sdk_does() {
    let (input, failure) = (payloads(700).unwrap(), failure());
    let upserted = memo(300).unwrap();
    let child_memo = memo(400).unwrap();
    let details = Payloads { payloads: vec![payload(50), payload(60)] };
    let commands = vec![
        Attributes::ScheduleActivityTaskCommandAttributes(ScheduleActivityTaskCommandAttributes {
            input: Some(input.clone()),
            ..Default::default()
        }),
        Attributes::FailWorkflowExecutionCommandAttributes(FailWorkflowExecutionCommandAttributes {
            failure: Some(failure.clone()),
        }),
        Attributes::ModifyWorkflowPropertiesCommandAttributes(ModifyWorkflowPropertiesCommandAttributes {
            upserted_memo: Some(upserted.clone()),
        }),
        Attributes::StartChildWorkflowExecutionCommandAttributes(
            StartChildWorkflowExecutionCommandAttributes {
                memo: Some(child_memo.clone()),
                ..Default::default()
            },
        ),
        Attributes::RecordMarkerCommandAttributes(RecordMarkerCommandAttributes {
            details: [("result".to_owned(), details.clone())].into(),
            ..Default::default()
        }),
    ];
    let expected = [
        (Limit::Blob, input.encoded_len()),
        (Limit::Blob, failure.encoded_len()),
        (Limit::Blob, "note".len() + upserted.fields["note"].data.len()),
        (Limit::Memo, child_memo.encoded_len()),
        (Limit::Blob, "result".len() + details.encoded_len()),
    ];
    let command = |attributes| Command { attributes: Some(attributes), ..Default::default() };
    let request = RespondWorkflowTaskCompletedRequest {
        commands: commands.into_iter().map(command).collect(),
        ..Default::default()
    };
    let scan = Scan::all(Rpc::RespondWorkflowTaskCompleted.request(), request.encode_to_vec()).unwrap();
    let found: Vec<_> = measure::sizes(&scan).filter(|(_, size)| *size > 0).collect();
    assert_eq!(found, expected.map(|(limit, size)| (limit, size as u64)));
}

/// Makes a failure without a payload. It is measured too: its message and stack trace can be long.
fn failure() -> Failure {
    Failure { message: "no".repeat(200), stack_trace: "at".repeat(300), ..Default::default() }
}

#[test]
fn the_sentence_names_both_sizes() {
    let exceeded = Exceeded { limit: Limit::Memo, size: 12, allowed: 10 };
    assert_eq!(
        exceeded.to_string(),
        "[TMPRL1103] Attempted to upload memo with size that exceeded the error limit. Size: 12 bytes, limit: 10 bytes."
    );
}

fn described() -> DescribeNamespaceResponse {
    let limits = namespace_info::Limits {
        blob_size_limit_error: 2 << 20,
        memo_size_limit_error: 1 << 20,
        workflow_task_completion_size_limit_error: 5 << 20,
    };
    let capabilities = namespace_info::Capabilities {
        eager_workflow_start: true,
        worker_heartbeats: true,
        workflow_task_completion_pagination: true,
        ..Default::default()
    };
    let info = NamespaceInfo {
        name: "orders".into(),
        id: "7".into(),
        limits: Some(limits),
        capabilities: Some(capabilities),
        supports_schedules: true,
        ..Default::default()
    };
    DescribeNamespaceResponse { namespace_info: Some(info), failover_version: 3, ..Default::default() }
}

fn rewritten(recorder: &Recorder, before: &DescribeNamespaceResponse) -> DescribeNamespaceResponse {
    let exchange = recorder.exchange(Rpc::DescribeNamespace, &call(Rpc::DescribeNamespace, Bytes::new()));
    let after = rewrite(&exchange, answer(before)).body.to_bytes();
    DescribeNamespaceResponse::decode(after).unwrap()
}
