//! Tests responses that somebody filled on purpose, and counts the work that they make.

use std::collections::HashMap;

use bytes::{Bytes, BytesMut};
use extstore_wire::{Rpc, Scan, put_bytes, put_varint_field, steps};
use prost::Message as _;
use temporalio_protos::temporal::api::common::v1::{Header, Payload, Payloads};
use temporalio_protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_protos::temporal::api::history::v1::{
    History, HistoryEvent, WorkflowExecutionSignaledEventAttributes,
};
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::polls::workflow_poll;
use crate::Code;
use crate::testing::fixture::{Fixture, payload, payloads};
use crate::testing::scope;

/// Makes a payload of 45 bytes that is a reference by its metadata, and leads nowhere.
fn tiny() -> Payload {
    let metadata = [("__temporal_external_storage_reference".to_owned(), b"true".to_vec())].into();
    Payload { metadata, ..Default::default() }
}

fn signal(event_id: i64, entries: usize) -> HistoryEvent {
    let fields: HashMap<String, Payload> = (0..entries).map(|at| (at.to_string(), tiny())).collect();
    let header = Some(Header { fields });
    let signaled = WorkflowExecutionSignaledEventAttributes { header, ..Default::default() };
    let attributes = Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled));
    HistoryEvent { event_id, attributes, ..Default::default() }
}

fn task(events: Vec<HistoryEvent>) -> PollWorkflowTaskQueueResponse {
    PollWorkflowTaskQueueResponse {
        task_token: b"token".to_vec(),
        attempt: 1,
        previous_started_event_id: 1 << 40,
        history: Some(History { events }),
        ..Default::default()
    }
}

/// Returns the steps that the gateway makes for each byte of an answer.
async fn work_per_byte(rpc: Rpc, answer: Bytes) -> f64 {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let (bytes, before) = (answer.len(), steps());
    fixture.answer_bytes(answer);
    let _ = fixture.call(rpc, &()).await;
    (steps() - before) as f64 / bytes as f64
}

/// Checks that the work per byte stays the same, and is bounded, where the number of references grows.
async fn is_linear<M: prost::Message>(rpc: Rpc, of_size: impl Fn(usize) -> M) {
    encoded_is_linear(rpc, |size| of_size(size).encode_to_vec().into()).await;
}

/// Checks the same of answers that are encoded already.
async fn encoded_is_linear(rpc: Rpc, of_size: impl Fn(usize) -> Bytes) {
    let mut per_byte = Vec::new();
    for size in [1_000, 16_000] {
        per_byte.push(work_per_byte(rpc, of_size(size)).await);
    }
    assert!(per_byte[1] < per_byte[0] * 1.2 && per_byte[1] < 2.0, "{} {per_byte:?}", rpc.method());
}

#[tokio::test]
async fn the_work_for_replayed_references_grows_with_the_bytes_alone() {
    is_linear(Rpc::PollWorkflowTaskQueue, |size| task(vec![signal(3, size / 2), signal(4, size / 2)])).await;
    is_linear(Rpc::PollWorkflowTaskQueue, |size| {
        task((0..size as i64 / 10).map(|id| signal(id + 1, 10)).collect())
    })
    .await;
}

#[tokio::test]
async fn the_work_for_an_eager_workflow_task_grows_with_the_bytes_alone() {
    is_linear(Rpc::RespondWorkflowTaskCompleted, |size| RespondWorkflowTaskCompletedResponse {
        workflow_task: Some(task(vec![signal(3, size)])),
        ..Default::default()
    })
    .await;
}

/// Each query fails alone, because its arguments are lost, and is removed from the task.
#[tokio::test]
async fn the_work_for_queries_that_fail_grows_with_the_bytes_alone() {
    is_linear(Rpc::PollWorkflowTaskQueue, |size| {
        let query_args = Some(Payloads { payloads: vec![tiny()] });
        let query = WorkflowQuery { query_args, ..Default::default() };
        let queries = (0..size / 10).map(|at| (at.to_string(), query.clone())).collect();
        PollWorkflowTaskQueueResponse { queries, ..task(vec![]) }
    })
    .await;
}

/// Encodes a message of length-delimited fields.
fn message<const N: usize>(fields: [(u32, &[u8]); N]) -> Bytes {
    let mut message = BytesMut::new();
    fields.into_iter().for_each(|(number, content)| put_bytes(&mut message, number, content));
    message.freeze()
}

/// Encodes an event, with the field of its attributes.
fn event(number: u32, attributes: &[u8]) -> Bytes {
    let mut event = BytesMut::new();
    put_varint_field(&mut event, 1, 5);
    put_bytes(&mut event, number, attributes);
    event.freeze()
}

/// Encodes the event of a local activity's marker.
fn marker(details: &[Bytes]) -> Bytes {
    let mut marker = BytesMut::from(&*message([(1, b"core_local_activity")]));
    details.iter().for_each(|entry| put_bytes(&mut marker, 2, entry));
    event(25, &marker)
}

/// Encodes a task with these events.
fn encoded_task(events: &[Bytes]) -> Bytes {
    let mut history = BytesMut::new();
    events.iter().for_each(|event| put_bytes(&mut history, 1, event));
    [task(vec![]).encode_to_vec(), message([(8, &history)]).to_vec()].concat().into()
}

/// Makes a payload whose data is a message that the server reads.
fn envelope(name: &str, content: Bytes) -> Payload {
    let metadata = [
        ("__temporal_system_payload".to_owned(), b"true".to_vec()),
        ("encoding".to_owned(), b"binary/protobuf".to_vec()),
        ("messageType".to_owned(), name.as_bytes().to_vec()),
    ];
    Payload { metadata: metadata.into(), data: content.to_vec(), ..Default::default() }
}

/// The key of a marker's detail may come any number of times, and before any number of references.
#[tokio::test]
async fn the_work_for_a_detail_of_many_keys_grows_with_the_bytes_alone() {
    encoded_is_linear(Rpc::PollWorkflowTaskQueue, |size| {
        let mut detail = BytesMut::new();
        (0..size).for_each(|_| put_bytes(&mut detail, 1, b"result"));
        put_bytes(&mut detail, 2, &Payloads { payloads: vec![tiny(); size] }.encode_to_vec());
        encoded_task(&[marker(&[detail.freeze()])])
    })
    .await;
}

/// A marker inside a detail of a marker: the payloads of the two come in turn.
#[tokio::test]
async fn the_work_for_markers_in_a_marker_grows_with_the_bytes_alone() {
    encoded_is_linear(Rpc::PollWorkflowTaskQueue, |size| {
        let detail = |payload: Payload| {
            message([(1, b"result"), (2, &Payloads { payloads: vec![payload] }.encode_to_vec())])
        };
        let inner = message([(1, &marker(&[detail(tiny())]))]);
        let inner = detail(envelope("temporal.api.history.v1.History", inner));
        let pair = [detail(tiny()), inner];
        encoded_task(&[marker(&pair.iter().cycle().take(size / 5).cloned().collect::<Vec<_>>())])
    })
    .await;
}

/// A workflow task inside a payload of a workflow task: the payloads of the two come in turn.
#[tokio::test]
async fn the_work_for_tasks_in_a_task_grows_with_the_bytes_alone() {
    encoded_is_linear(Rpc::PollWorkflowTaskQueue, |size| {
        let inner = task(vec![signal(3, 1)]).encode_to_vec().into();
        let name = "temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse";
        let input = Some(Payloads { payloads: vec![tiny(), envelope(name, inner)] });
        let signaled = WorkflowExecutionSignaledEventAttributes { input, ..Default::default() };
        let event = event(26, &signaled.encode_to_vec());
        encoded_task(&vec![event; size / 10])
    })
    .await;
}

/// Makes a task with more references than a scan holds, a real one behind them.
async fn too_many(fixture: &Fixture) -> PollWorkflowTaskQueueResponse {
    let input = fixture.references(&["real"]).await;
    let signaled = WorkflowExecutionSignaledEventAttributes { input, ..Default::default() };
    let attributes = Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled));
    let last = HistoryEvent { event_id: 9, attributes, ..Default::default() };
    let mut events: Vec<_> = (1..=8).map(|id| signal(id, Scan::MAX_RECORDS / 8 + 1)).collect();
    events.push(last);
    PollWorkflowTaskQueueResponse { previous_started_event_id: 0, ..task(events) }
}

#[tokio::test]
async fn a_task_of_too_many_references_fails_with_and_without_storage() {
    for fixture in [Fixture::new(), Fixture::without_storage()] {
        fixture.answer(&too_many(&fixture).await);
        let answer = fixture.call(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await.unwrap();
        assert!(answer.body.is_empty());
        let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
        assert_eq!((report.cause, report.task_token), (37, b"token".to_vec()));
        assert!(report.failure.unwrap().message.contains("262144 references"));
        assert!(fixture.gateway.0.identities.find(&scope("ns"), b"token").is_some());
    }
}

#[tokio::test]
async fn an_eager_task_of_too_many_references_fails_and_the_response_arrives_without_it() {
    let fixture = Fixture::new();
    let workflow_task = Some(too_many(&fixture).await);
    let reset_history_event_id = 7;
    fixture.answer(&RespondWorkflowTaskCompletedResponse {
        workflow_task,
        reset_history_event_id,
        ..Default::default()
    });
    let response: RespondWorkflowTaskCompletedResponse =
        fixture.received(Rpc::RespondWorkflowTaskCompleted, &()).await;
    let expected = RespondWorkflowTaskCompletedResponse { reset_history_event_id, ..Default::default() };
    assert_eq!(response, expected);
    assert_eq!(fixture.last::<RespondWorkflowTaskFailedRequest>(Rpc::RespondWorkflowTaskFailed).cause, 37);
}

/// Go decodes messages that nest 10,000 deep, so a reference behind such a failure would reach user code.
#[tokio::test]
async fn a_task_that_nests_too_deep_fails() {
    let fixture = Fixture::new();
    let mut deep = Bytes::new();
    for _ in 0..300 {
        let mut failure = BytesMut::new();
        put_bytes(&mut failure, 4, &deep);
        deep = failure.freeze();
    }
    let mut failed = BytesMut::new();
    put_bytes(&mut failed, 1, &deep);
    let mut event = BytesMut::new();
    put_varint_field(&mut event, 1, 5);
    // `activity_task_failed_event_attributes`
    put_bytes(&mut event, 18, &failed);
    let mut history = BytesMut::new();
    put_bytes(&mut history, 1, &event);
    let mut answer = BytesMut::from(&*task(vec![signal(1, 1)]).encode_to_vec());
    put_bytes(&mut answer, 8, &history);
    fixture.answer_bytes(answer.freeze());
    assert!(fixture.call(Rpc::PollWorkflowTaskQueue, &workflow_poll()).await.unwrap().body.is_empty());
    let report: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert_eq!(report.cause, 37);
}

#[tokio::test]
async fn a_query_result_of_too_many_references_is_refused() {
    let fixture = Fixture::new();
    let query_result = Some(Payloads { payloads: vec![tiny(); Scan::MAX_RECORDS + 1] });
    fixture.answer(&QueryWorkflowResponse { query_result, ..Default::default() });
    let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
    assert_eq!(status.code, Code::INVALID_ARGUMENT);
    assert_eq!(fixture.events(), ["failed request TooLarge true"]);
}

/// Whoever marks a reference as an envelope for the server must not smuggle it past the gateway.
#[tokio::test]
async fn a_reference_that_is_marked_as_an_envelope_is_a_reference_first() {
    let marked = |mut reference: Payload| {
        reference.metadata.insert("__temporal_system_payload".to_owned(), b"true".to_vec());
        Some(Payloads { payloads: vec![reference] })
    };
    let fixture = Fixture::new();
    let query_result = marked(fixture.reference(&payload("text")).await);
    let answer = QueryWorkflowResponse { query_result, ..Default::default() };
    fixture.answer(&answer);
    let restored: QueryWorkflowResponse = fixture.received(Rpc::QueryWorkflow, &()).await;
    assert_eq!(restored.query_result, payloads(&["text"]));

    let fixture = Fixture::without_storage();
    fixture.answer(&answer);
    let status = fixture.call(Rpc::QueryWorkflow, &()).await.unwrap_err();
    assert!(status.message.contains("[TMPRL1105]"), "{}", status.message);
}
