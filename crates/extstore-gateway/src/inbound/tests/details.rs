use bytes::{Bytes, BytesMut};
use extstore::ErrorKind;
use extstore_wire::{Rpc, put_bytes, put_varint_field};
use prost::Message;
use temporalio_protos::temporal::api::common::v1::Payload;
use temporalio_protos::temporal::api::errordetails::v1::QueryFailedFailure;
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::workflowservice::v1::QueryWorkflowRequest;

use crate::testing::fixture::{Fixture, LOST, failure, payload};
use crate::{Code, Status};

/// Encodes a `google.rpc.Status` with the detail of a failed query.
fn details(encoded_attributes: Payload) -> Bytes {
    let failure = Failure { encoded_attributes: Some(encoded_attributes), ..Default::default() };
    let detail = QueryFailedFailure { failure: Some(failure) };
    let (mut any, mut status) = (BytesMut::new(), BytesMut::new());
    put_bytes(&mut any, 1, b"type.googleapis.com/temporal.api.errordetails.v1.QueryFailedFailure");
    put_bytes(&mut any, 2, &detail.encode_to_vec());
    put_varint_field(&mut status, 1, 3);
    put_bytes(&mut status, 2, b"query failed");
    put_bytes(&mut status, 3, &any);
    status.freeze()
}

fn status(details: Bytes) -> Status {
    Status { details, ..Status::new(Code::INVALID_ARGUMENT, "query failed") }
}

#[tokio::test]
async fn the_details_of_a_status_are_restored() {
    let fixture = Fixture::new();
    let reference = fixture.reference(&payload("why")).await;
    fixture.refuse(status(details(reference)));
    let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
    assert_eq!((status.code, status.message.as_str()), (Code::INVALID_ARGUMENT, "query failed"));
    assert_eq!(status.details, details(payload("why")));
}

#[tokio::test]
async fn a_status_whose_details_cannot_be_restored_is_unchanged() {
    for fixture in [Fixture::new(), Fixture::without_storage()] {
        let reference = fixture.reference(&payload("why")).await;
        fixture.store.fail(failure(ErrorKind::Unavailable));
        fixture.refuse(status(details(reference.clone())));
        let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
        assert_eq!((status.code, status.message.as_str()), (Code::INVALID_ARGUMENT, "query failed"));
        assert_eq!(status.details, details(reference));
    }
}

#[tokio::test]
async fn details_that_are_no_status_are_unchanged() {
    let fixture = Fixture::new();
    fixture.refuse(status(Bytes::from_static(&[10, 200, 1])));
    let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
    assert_eq!(status.details, [10, 200, 1].as_slice());
}

/// The details explain the server's error: one that is lost does not hide the others.
#[tokio::test]
async fn each_detail_of_a_status_is_restored_for_itself() {
    let fixture = Fixture::new();
    let (lost, kept) = (fixture.reference(&payload(LOST)).await, fixture.reference(&payload("kept")).await);
    // Lists of messages that are written one after another are one list.
    let both = |kept| Bytes::from([details(lost.clone()), details(kept)].concat());
    fixture.refuse(status(both(kept)));
    let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
    assert_eq!(status.details, both(payload("kept")));
    assert_eq!(fixture.events(), ["left failed 1", "failed request NotFound false"]);
}
