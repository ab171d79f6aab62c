use std::sync::atomic::Ordering;

use extstore_wire::Rpc;
use prost::Message;
use temporalio_protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::testing::fixture::{Fixture, payload};
use crate::{Code, Gateway};

const CAP: u64 = 20_000;

fn poll() -> PollActivityTaskQueueRequest {
    PollActivityTaskQueueRequest { namespace: "ns".into(), ..Default::default() }
}

/// Makes two payloads that fit alone and not together, and a small one between them.
fn inputs() -> [Payload; 3] {
    [payload(&"a".repeat(12_000)), payload("small"), payload(&"c".repeat(15_000))]
}

async fn task(fixture: &Fixture) -> PollActivityTaskQueueResponse {
    let mut payloads = Vec::new();
    for input in inputs() {
        payloads.push(fixture.reference(&input).await);
    }
    let input = Some(Payloads { payloads });
    PollActivityTaskQueueResponse { task_token: b"token".to_vec(), input, ..Default::default() }
}

#[tokio::test]
async fn the_largest_reference_stays_and_is_not_fetched_where_the_data_converter_resolves() {
    let fixture = Fixture::with(|options| options.with_message_cap(CAP).with_resolving_data_converter(true));
    let task = task(&fixture).await;
    fixture.answer(&task);
    let received: PollActivityTaskQueueResponse = fixture.received(Rpc::PollActivityTaskQueue, &poll()).await;
    let [first, small, _] = inputs();
    let reference = task.input.unwrap().payloads[2].clone();
    assert_eq!(received.input.unwrap().payloads, [first, small, reference]);
    assert_eq!(fixture.retrieved(), 2);
}

#[tokio::test]
async fn claimed_sizes_do_not_decide_what_fits() {
    let fixture = Fixture::with(|options| options.with_message_cap(CAP).with_resolving_data_converter(true));
    let mut task = task(&fixture).await;
    for payload in &mut task.input.as_mut().unwrap().payloads {
        payload.external_payloads[0].size_bytes = 1;
    }
    fixture.answer(&task);
    let received: PollActivityTaskQueueResponse = fixture.received(Rpc::PollActivityTaskQueue, &poll()).await;
    let [first, small, _] = inputs();
    let reference = task.input.unwrap().payloads[2].clone();
    assert_eq!(received.input.unwrap().payloads, [first, small, reference]);
}

#[tokio::test]
async fn a_task_above_the_cap_fails_with_sizes() {
    let fixture = Fixture::with(|options| options.with_message_cap(CAP));
    fixture.answer(&task(&fixture).await);
    let empty = fixture.call(Rpc::PollActivityTaskQueue, &poll()).await.unwrap();
    assert!(empty.body.is_empty());
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    let text = report.failure.unwrap().message;
    assert!(text.contains("20000 bytes") && text.contains("with_message_cap"), "{text}");
    assert_eq!(fixture.events(), ["failed activity_task TooLarge true"]);
}

/// Anybody can write references whose payloads together are larger than a worker's memory.
#[tokio::test]
async fn no_more_is_read_than_the_response_has_room_for() {
    for resolves in [false, true] {
        let fixture =
            Fixture::with(|options| options.with_message_cap(CAP).with_resolving_data_converter(resolves));
        let mut payloads = Vec::new();
        for at in 0..500 {
            let mut reference = fixture.reference(&payload(&format!("{at:02000}"))).await;
            reference.external_payloads[0].size_bytes = 1;
            payloads.push(reference);
        }
        let references = payloads.iter().map(Message::encoded_len).sum::<usize>() as u64;
        let activity = |index: &str| PollActivityTaskQueueResponse {
            task_token: index.into(),
            input: Some(Payloads { payloads: payloads.clone() }),
            ..Default::default()
        };
        let gateway = Gateway::builder(fixture.storage.clone()).with_resolving_data_converter(resolves);
        let fixture = Fixture { gateway: gateway.with_message_cap(CAP + 2 * references).build(), ..fixture };
        // Two parts share the room, and one that fails gives its own back to the other.
        let activity_tasks = vec![activity("a"), activity("b")];
        fixture.answer(&RespondWorkflowTaskCompletedResponse { activity_tasks, ..Default::default() });
        let completion = RespondWorkflowTaskCompletedRequest::default();
        let answer = fixture.call(Rpc::RespondWorkflowTaskCompleted, &completion).await.unwrap();
        let room = (CAP + 2 * references) as usize;
        assert!(answer.body.len() <= room);
        let read = fixture.read.load(Ordering::SeqCst);
        assert!(read <= 2 * room / 2_000, "{read} of 1,000 are read");
    }
}

#[tokio::test]
async fn a_clients_response_above_the_cap_is_refused_with_sizes() {
    let fixture = Fixture::with(|options| options.with_message_cap(CAP));
    fixture.answer(&QueryWorkflowResponse { query_result: task(&fixture).await.input, ..Default::default() });
    let status = fixture.call(Rpc::QueryWorkflow, &QueryWorkflowRequest::default()).await.unwrap_err();
    assert_eq!(status.code, Code::INVALID_ARGUMENT);
    assert!(status.message.contains("20000 bytes"), "{}", status.message);
}

#[tokio::test]
async fn a_task_that_does_not_fit_beside_others_fails_alone() {
    let fixture = Fixture::with(|options| options.with_message_cap(CAP));
    let [first, _, last] = inputs();
    let mut activity_tasks = Vec::new();
    for (token, input) in [("a", first.clone()), ("b", last)] {
        let input = Some(Payloads { payloads: vec![fixture.reference(&input).await] });
        let task_token = token.into();
        activity_tasks.push(PollActivityTaskQueueResponse { task_token, input, ..Default::default() });
    }
    fixture.answer(&RespondWorkflowTaskCompletedResponse { activity_tasks, ..Default::default() });
    let completion = RespondWorkflowTaskCompletedRequest::default();
    let response: RespondWorkflowTaskCompletedResponse =
        fixture.received(Rpc::RespondWorkflowTaskCompleted, &completion).await;
    assert_eq!(response.activity_tasks.len(), 1);
    assert_eq!(response.activity_tasks[0].input.as_ref().unwrap().payloads, [first]);
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!(report.task_token, b"b");
}
