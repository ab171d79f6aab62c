//! Tests that an answer to a query fails alone.

use extstore_wire::Rpc;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, ScheduleActivityTaskCommandAttributes};
use temporalio_protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_protos::temporal::api::enums::v1::QueryResultType;
use temporalio_protos::temporal::api::query::v1::WorkflowQueryResult;
use temporalio_protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use crate::outbound::Offloaded;
use crate::state::FailedQuery;
use crate::testing::{LARGE, Recorder, is_reference, outage, payload, scope};

const COMPLETED: Rpc = Rpc::RespondWorkflowTaskCompleted;

#[tokio::test]
async fn an_answer_that_cannot_be_stored_fails_its_query_and_the_completion_is_sent() {
    let recorder = Recorder::new();
    *recorder.driver.poison.lock().unwrap() = Some(b"poison");
    let sent = recorder.sent(COMPLETED, &completion(payload(LARGE), &[("good", false), ("bad", true)])).await;

    let Some(Attributes::ScheduleActivityTaskCommandAttributes(command)) = &sent.commands[0].attributes
    else {
        panic!("the command stays")
    };
    assert!(is_reference(&command.input.as_ref().unwrap().payloads[0]));
    let good = &sent.query_results["good"];
    assert_eq!(good.result_type(), QueryResultType::Answered);
    assert!(is_reference(&good.answer.as_ref().unwrap().payloads[0]));
    let bad = &sent.query_results["bad"];
    assert_eq!(bad.result_type(), QueryResultType::Failed);
    assert_eq!(bad.answer, None);
    assert!(bad.error_message.contains(&outage().public()) && !bad.error_message.contains("bucket"));
    assert_eq!(bad.failure.as_ref().unwrap().message, bad.error_message);
    assert_eq!(*recorder.events.lock().unwrap(), ["failed query"]);
}

#[tokio::test]
async fn a_command_that_cannot_be_stored_fails_the_task_whatever_its_queries_do() {
    let recorder = Recorder::new();
    *recorder.driver.poison.lock().unwrap() = Some(b"poison");
    let request = completion(poisoned(), &[("good", false)]);
    let Offloaded::Answered(_) = recorder.offload(COMPLETED, &request).await else {
        panic!("it does not go on")
    };
    assert_eq!(*recorder.events.lock().unwrap(), ["failed workflow_task"]);
}

/// The server takes answers from the final page alone.
#[tokio::test]
async fn a_query_that_failed_inbound_is_answered_on_the_final_page_of_a_completion_only() {
    let recorder = Recorder::new();
    let query = FailedQuery { id: "q-1".into(), text: "no".into() };
    recorder.gateway.0.failed_queries.keep(&scope("orders"), b"token-1", vec![query]);
    let mut answered = Vec::new();
    for (page_number, intermediate_page) in [(0, true), (1, true), (2, false)] {
        let page = RespondWorkflowTaskCompletedRequest {
            page_number,
            intermediate_page,
            ..completion(payload(LARGE), &[])
        };
        answered.push(recorder.sent(COMPLETED, &page).await.query_results.len());
    }
    assert_eq!(answered, [0, 0, 1]);
}

fn poisoned() -> Payload {
    let mut payload = payload(LARGE);
    payload.data.extend_from_slice(b"poison");
    payload
}

fn completion(input: Payload, queries: &[(&str, bool)]) -> RespondWorkflowTaskCompletedRequest {
    let input = Some(Payloads { payloads: vec![input] });
    let command = ScheduleActivityTaskCommandAttributes { input, ..Default::default() };
    let answer = |bad: bool| {
        let payload = if bad { poisoned() } else { payload(LARGE) };
        WorkflowQueryResult {
            result_type: QueryResultType::Answered.into(),
            answer: Some(Payloads { payloads: vec![payload] }),
            ..Default::default()
        }
    };
    RespondWorkflowTaskCompletedRequest {
        task_token: b"token-1".to_vec(),
        namespace: "orders".into(),
        commands: vec![Command {
            attributes: Some(Attributes::ScheduleActivityTaskCommandAttributes(command)),
            ..Default::default()
        }],
        query_results: queries.iter().map(|(id, bad)| ((*id).to_owned(), answer(*bad))).collect(),
        ..Default::default()
    }
}
