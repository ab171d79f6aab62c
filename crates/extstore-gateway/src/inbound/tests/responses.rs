use bytes::{Bytes, BytesMut};
use extstore_wire::{Rpc, put_bytes, put_varint_field};
use prost::Message;
use temporalio_protos::temporal::api::common::v1::{DataBlob, Memo};
use temporalio_protos::temporal::api::enums::v1::EncodingType;
use temporalio_protos::temporal::api::history::v1::History;
use temporalio_protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse, ListWorkflowExecutionsRequest,
    ListWorkflowExecutionsResponse, QueryWorkflowRequest, QueryWorkflowResponse,
};

use crate::Code;
use crate::testing::fixture::{Fixture, LOCATION, failure, payload, payloads};
use extstore::ErrorKind;

#[tokio::test]
async fn a_response_without_references_is_the_same_buffer() {
    let fixture = Fixture::new();
    let response =
        QueryWorkflowResponse { query_result: payloads(&[&"x".repeat(5_000)]), ..Default::default() };
    let bytes = Bytes::from(response.encode_to_vec());
    fixture.answer_bytes(bytes.clone());
    let answer = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap();
    assert_eq!(answer.body.segments().len(), 1);
    assert_eq!(answer.body.segments()[0].as_ptr(), bytes.as_ptr());
}

#[tokio::test]
async fn references_are_replaced_by_the_stored_payloads() {
    let fixture = Fixture::new();
    let query_result = fixture.references(&["first", "second"]).await;
    fixture.answer(&QueryWorkflowResponse { query_result, ..Default::default() });
    let response: QueryWorkflowResponse =
        fixture.received(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await;
    assert_eq!(response.query_result, payloads(&["first", "second"]));
    assert_eq!(fixture.events(), Vec::<String>::new());
}

#[tokio::test]
async fn unknown_fields_and_stored_bytes_are_spliced_untouched() {
    let fixture = Fixture::new();
    // A payload of an encoder that writes data first and knows more fields than this version of the API.
    let mut odd = BytesMut::new();
    put_bytes(&mut odd, 2, b"data");
    put_bytes(&mut odd, 1, &[10, 1, b'k', 18, 1, b'v']);
    put_varint_field(&mut odd, 77, 5);
    let odd = odd.freeze();
    let stored = extstore::Payload::decode(odd.clone()).unwrap();
    let offloaded = fixture.storage.message("").offload(vec![(None, stored)]).await.unwrap();
    let message = |payload: &[u8]| {
        let (mut payloads, mut message) = (BytesMut::new(), BytesMut::new());
        put_bytes(&mut payloads, 1, payload);
        put_bytes(&mut message, 99, b"unknown");
        put_bytes(&mut message, 1, &payloads);
        put_varint_field(&mut message, 100, 1 << 40);
        message.freeze()
    };
    fixture.answer_bytes(message(&offloaded[0].to_bytes()));
    let answer = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap();
    assert_eq!(answer.body.to_bytes(), message(&odd));
}

#[tokio::test]
async fn memos_in_lists_are_restored() {
    let fixture = Fixture::new();
    let note = fixture.reference(&payload("note")).await;
    let listed = |note| WorkflowExecutionInfo {
        memo: Some(Memo { fields: [("note".to_owned(), note)].into() }),
        ..Default::default()
    };
    let executions = vec![listed(note), listed(payload("inline"))];
    fixture.answer(&ListWorkflowExecutionsResponse { executions, ..Default::default() });
    let response: ListWorkflowExecutionsResponse =
        fixture.received(Rpc::ListWorkflowExecutions, &ListWorkflowExecutionsRequest::default()).await;
    assert_eq!(response.executions, [listed(payload("note")), listed(payload("inline"))]);
}

#[tokio::test]
async fn a_malformed_response_reaches_the_caller_unchanged_and_is_counted() {
    let fixture = Fixture::new();
    let malformed = Bytes::from_static(&[10, 200, 1]);
    fixture.answer_bytes(malformed.clone());
    let answer = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap();
    assert_eq!(answer.body.to_bytes(), malformed);
    assert_eq!(fixture.events(), ["passed_on malformed"]);
}

#[tokio::test]
async fn a_status_for_a_client_holds_the_advice_and_nothing_of_the_driver() {
    let codes = [
        (ErrorKind::NotFound, Code::FAILED_PRECONDITION),
        (ErrorKind::InvalidClaim, Code::INVALID_ARGUMENT),
        (ErrorKind::Throttled, Code::UNAVAILABLE),
    ];
    for (kind, code) in codes {
        let fixture = Fixture::new();
        let query_result = fixture.references(&["text"]).await;
        fixture.answer(&QueryWorkflowResponse { query_result, ..Default::default() });
        fixture.store.fail(failure(kind));
        let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
        assert_eq!(status.code, code);
        assert!(status.message.contains(kind.advice()), "{}", status.message);
        assert!(!status.message.contains(LOCATION) && !status.message.contains("of a driver"));
        assert_eq!(fixture.events(), [format!("failed request {kind} true")]);
    }
}

#[tokio::test]
async fn a_reference_without_storage_is_refused_with_its_code() {
    let fixture = Fixture::without_storage();
    let query_result = fixture.references(&["text"]).await;
    fixture.answer(&QueryWorkflowResponse { query_result, ..Default::default() });
    let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
    assert_eq!(status.code, Code::FAILED_PRECONDITION);
    assert!(status.message.contains("[TMPRL1105]"), "{}", status.message);
}

#[tokio::test]
async fn raw_history_is_restored() {
    let fixture = Fixture::new();
    let history = super::lazy::history(&fixture, 1..=2).await.unwrap();
    let blob = |history: History| DataBlob {
        encoding_type: EncodingType::Proto3.into(),
        data: history.encode_to_vec(),
    };
    fixture.answer(&GetWorkflowExecutionHistoryResponse {
        raw_history: vec![blob(history)],
        ..Default::default()
    });
    let response: GetWorkflowExecutionHistoryResponse = fixture
        .received(Rpc::GetWorkflowExecutionHistory, &GetWorkflowExecutionHistoryRequest::default())
        .await;
    let restored = History::decode(response.raw_history[0].data.as_slice()).unwrap();
    assert_eq!(super::lazy::restored(Some(restored)), [1, 2]);
}
