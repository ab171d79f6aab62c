//! Tests which payloads are offloaded and which stay inline, and that all other bytes are unchanged.

use extstore_wire::{Rpc, put_bytes};
use prost::Message as _;
use temporalio_protos::temporal::api::common::v1::{Payloads, SearchAttributes};
use temporalio_protos::temporal::api::workflowservice::v1::{
    SignalWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use crate::outbound::Offloaded;
use crate::testing::{
    LARGE, Recorder, SMALL, THRESHOLD, call, execution, is_reference, outage, payload, payloads,
};
use crate::{Call, Code, Gateway};

const SIGNAL: Rpc = Rpc::SignalWorkflowExecution;

#[tokio::test]
async fn a_large_payload_is_offloaded_and_restored_unchanged() {
    let recorder = Recorder::new();
    let request = signal(vec![payload(SMALL), payload(LARGE)]);
    let sent = recorder.sent(SIGNAL, &request).await;
    let (before, after) = (request.input.unwrap().payloads, sent.input.unwrap().payloads);
    assert_eq!(after[0], before[0]);
    assert!(is_reference(&after[1]));
    assert_eq!(after[1].external_payloads[0].size_bytes, before[1].encoded_len() as i64);
    let reference = extstore::Payload::decode(after[1].encode_to_vec()).unwrap();
    let storage = recorder.gateway.0.options.storage.clone().unwrap();
    let restored = storage.message("orders").restore(vec![reference]).await.unwrap();
    assert_eq!(restored[0].to_bytes(), before[1].encode_to_vec());
}

#[tokio::test]
async fn the_threshold_is_the_smallest_size_that_is_offloaded() {
    let recorder = Recorder::new();
    let overhead = payload(100).encoded_len() - 100 + 1;
    let (below, at) = (payload(THRESHOLD - overhead - 1), payload(THRESHOLD - overhead));
    assert_eq!(at.encoded_len(), THRESHOLD);
    let sent = recorder.sent(SIGNAL, &signal(vec![below, at])).await.input.unwrap();
    assert_eq!(sent.payloads.iter().map(is_reference).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test]
async fn a_threshold_of_zero_offloads_everything_once() {
    let recorder = Recorder::with(|storage| storage.with_payload_size_threshold(0), |gateway| gateway);
    let sent = recorder.sent(SIGNAL, &signal(vec![payload(SMALL), payload(LARGE)])).await;
    assert!(sent.input.as_ref().unwrap().payloads.iter().all(is_reference));
    assert_eq!(recorder.stores().len(), 2);
    let again = bytes::Bytes::from(sent.encode_to_vec());
    let Offloaded::Forward(call) = recorder.offload_bytes(SIGNAL, again.clone()).await else {
        panic!("it goes on")
    };
    assert_eq!(call.body.segments()[0].as_ptr(), again.as_ptr());
    assert_eq!(recorder.stores().len(), 2, "a reference is not taken again");
}

/// A driver gets the bytes that the SDK encoded, at the same address.
#[tokio::test]
async fn a_payload_is_not_copied_on_its_way_to_the_driver() {
    let recorder = Recorder::new();
    let bytes = bytes::Bytes::from(signal(vec![payload(LARGE)]).encode_to_vec());
    recorder.offload_bytes(SIGNAL, bytes.clone()).await;
    let stored = recorder.driver.payloads.lock().unwrap()[0].data().as_ptr();
    assert!(bytes.as_ptr_range().contains(&stored));
}

/// The bytes of the request are forwarded at the same address: a copy could reorder or lose fields.
#[tokio::test]
async fn a_request_with_small_payloads_is_forwarded_unchanged() {
    let recorder = Recorder::new();
    let bytes = bytes::Bytes::from(signal(vec![payload(SMALL)]).encode_to_vec());
    let Offloaded::Forward(sent) = recorder.offload_bytes(SIGNAL, bytes.clone()).await else {
        panic!("it goes on")
    };
    assert_eq!(sent.body.segments()[0].as_ptr(), bytes.as_ptr());
    assert_eq!(recorder.stores(), []);
}

#[tokio::test]
async fn unknown_fields_survive() {
    let recorder = Recorder::new();
    let mut bytes = bytes::BytesMut::from(signal(vec![payload(LARGE)]).encode_to_vec().as_slice());
    put_bytes(&mut bytes, 9999, b"from the future");
    let Offloaded::Forward(sent) = recorder.offload_bytes(SIGNAL, bytes.freeze()).await else {
        panic!("it goes on")
    };
    let sent = sent.body.to_bytes();
    assert!(sent.ends_with(b"from the future"));
    assert_eq!(recorder.stores().len(), 1);
}

#[tokio::test]
async fn a_malformed_request_is_forwarded_and_counted() {
    let recorder = Recorder::new();
    let bytes = bytes::Bytes::from_static(b"\x0a\xff\xff\xff\xff\x0f");
    let Offloaded::Forward(sent) = recorder.offload_bytes(SIGNAL, bytes.clone()).await else {
        panic!("it goes on")
    };
    assert_eq!(sent.body.to_bytes(), bytes);
    assert_eq!(*recorder.events.lock().unwrap(), ["passed_on malformed"]);
}

#[tokio::test]
async fn search_attributes_stay_inline() {
    let recorder = Recorder::new();
    let indexed = SearchAttributes { indexed_fields: [("City".to_owned(), payload(LARGE))].into() };
    let request =
        StartWorkflowExecutionRequest { search_attributes: Some(indexed.clone()), ..Default::default() };
    let with_input = StartWorkflowExecutionRequest { input: payloads(LARGE), ..request };
    let sent = recorder.sent(Rpc::StartWorkflowExecution, &with_input).await;
    assert_eq!(sent.search_attributes, Some(indexed));
    assert_eq!(recorder.stores().len(), 1);
}

#[tokio::test]
async fn a_gateway_without_storage_sends_requests_as_they_are() {
    let gateway = Gateway::without_storage().build();
    let recorder = Recorder::new();
    let bytes = bytes::Bytes::from(signal(vec![payload(LARGE)]).encode_to_vec());
    let call = call(SIGNAL, bytes.clone());
    let exchange = crate::exchange::Exchange { state: gateway.0, ..recorder.exchange(SIGNAL, &call) };
    let Offloaded::Forward(Call { body, .. }) = crate::outbound::offload(&exchange, call).await else {
        panic!("it goes on")
    };
    assert_eq!(body.to_bytes(), bytes);
}

/// A client's request has no failure RPC: its caller gets a status without the store's text.
#[tokio::test]
async fn a_request_whose_payloads_cannot_be_stored_is_not_sent() {
    let recorder = Recorder::new();
    *recorder.driver.poison.lock().unwrap() = Some(b"x");
    let Offloaded::Answered(Err(status)) = recorder.offload(SIGNAL, &signal(vec![payload(LARGE)])).await
    else {
        panic!("it does not go on")
    };
    assert_eq!(status.code, Code::UNAVAILABLE);
    assert!(status.message.contains(&outage().public()) && !status.message.contains("bucket"));
    assert!(recorder.upstream.calls.lock().unwrap().is_empty());
    assert_eq!(*recorder.events.lock().unwrap(), ["failed request"]);
}

fn signal(
    payloads: Vec<temporalio_protos::temporal::api::common::v1::Payload>,
) -> SignalWorkflowExecutionRequest {
    SignalWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", "run-1"),
        signal_name: "add".into(),
        input: Some(Payloads { payloads }),
        ..Default::default()
    }
}
