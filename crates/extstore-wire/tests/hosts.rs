//! Tests what hosts do to messages beside replacing payloads, with a decoder that is not ours.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use bytes::Bytes;
use extstore_wire::{Capture, Frame, MessageType, Rewrite, Scan};
use extstore_wire_plan::prost_reflect::prost::Message as _;
use extstore_wire_plan::prost_reflect::{DynamicMessage, MapKey, Value};
use support::descriptor;
use support::hand::{int, len, payload, payloads};
use support::population::Population;

fn decoded(message: MessageType, bytes: Bytes) -> DynamicMessage {
    DynamicMessage::decode(descriptor(message.full_name()), bytes).unwrap()
}

/// Returns a message inside a message, by the names of the fields.
fn inner<'m>(message: &'m mut DynamicMessage, path: &[&str]) -> &'m mut DynamicMessage {
    path.iter()
        .fold(message, |message, name| message.get_field_by_name_mut(name).unwrap().as_message_mut().unwrap())
}

#[test]
fn limits_and_a_capability_of_a_namespace_change_and_nothing_else_does() {
    let full = Population::new(0).message(&descriptor(MessageType::DescribeNamespaceResponse.full_name()));
    let scan = Scan::all(MessageType::DescribeNamespaceResponse, full.encode_to_vec()).unwrap();
    assert_eq!(scan.root().number(Capture::WorkflowTaskCompletionPagination), Some(1));
    let limits = [int(1, 0), int(2, 0), int(3, 0)].concat();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.append(scan.root().id(), [len(1, [len(7, int(14, 0)), len(8, limits)].concat()).into()]);
    let changed = decoded(MessageType::DescribeNamespaceResponse, rewrite.finish().unwrap().to_bytes());

    let mut expected = full;
    let limits = inner(&mut expected, &["namespace_info", "limits"]);
    for name in
        ["blob_size_limit_error", "memo_size_limit_error", "workflow_task_completion_size_limit_error"]
    {
        assert_ne!(limits.get_field_by_name(name).unwrap().as_i64(), Some(0), "{name} is set before");
        limits.set_field_by_name(name, Value::I64(0));
    }
    let capabilities = inner(&mut expected, &["namespace_info", "capabilities"]);
    capabilities.set_field_by_name("workflow_task_completion_pagination", Value::Bool(false));
    assert_eq!(changed, expected);
}

#[test]
fn one_query_is_taken_out_of_a_poll_and_the_others_stay() {
    let query = |id: &str| {
        len(14, [len(1, id), len(2, [len(1, "state"), len(2, payloads(&[id]))].concat())].concat())
    };
    let task = [len(1, "token"), query("a"), query("b"), len(9, "page"), query("c")].concat();
    let scan = Scan::select(MessageType::PollWorkflowTaskQueueResponse, task, |_| false).unwrap();
    let entry = scan.frames().find(|frame| frame.text(Capture::QueryId) == Some("b")).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.remove(entry.id());
    let changed = decoded(MessageType::PollWorkflowTaskQueueResponse, rewrite.finish().unwrap().to_bytes());

    let expected = [len(1, "token"), query("a"), len(9, "page"), query("c")].concat();
    assert_eq!(changed, decoded(MessageType::PollWorkflowTaskQueueResponse, expected.into()));
    let queries = changed.get_field_by_name("queries").unwrap().into_owned();
    let mut ids: Vec<_> = queries.as_map().unwrap().keys().cloned().collect();
    ids.sort_by_key(|id| format!("{id:?}"));
    assert_eq!(ids, ["a", "c"].map(|id| MapKey::String(id.to_owned())));
}

/// Makes an answer to a poll, whose fields another response can replace.
fn workflow_task(token: &str) -> Vec<u8> {
    let execution = len(2, [len(1, "order-4711"), len(2, "run")].concat());
    let history = len(8, len(1, [int(1, 5), len(26, len(2, payloads(&["signal"])))].concat()));
    [len(1, token), execution, len(3, len(1, "Order")), history].concat()
}

fn activity_task(id: &str) -> Vec<u8> {
    let execution = len(4, [len(1, "order-4711"), len(2, "run")].concat());
    [len(1, format!("token of {id}")), execution, len(6, id), len(8, payloads(&["input"]))].concat()
}

/// Returns the tasks in a response of which no payload is large: field, token, workflow id.
fn tasks(message: MessageType, bytes: Vec<u8>) -> Vec<(MessageType, u32, Bytes, String)> {
    let scan = Scan::select(message, bytes, |_| false).unwrap();
    let is_task = |frame: &Frame<'_>| {
        matches!(
            frame.message(),
            MessageType::PollWorkflowTaskQueueResponse | MessageType::PollActivityTaskQueueResponse
        )
    };
    let told = |frame: Frame<'_>| {
        let workflow = frame.text(Capture::WorkflowId).unwrap().to_owned();
        (frame.message(), frame.field(), frame.bytes(Capture::TaskToken).unwrap(), workflow)
    };
    scan.frames().filter(is_task).map(told).collect()
}

#[test]
fn an_eager_workflow_task_is_held_with_what_it_is_about() {
    let started = [len(1, "run"), len(2, workflow_task("t"))].concat();
    let multi = len(1, len(1, &started));
    let expected = [(MessageType::PollWorkflowTaskQueueResponse, 2, "t".into(), "order-4711".to_owned())];
    assert_eq!(tasks(MessageType::StartWorkflowExecutionResponse, started), expected);
    assert_eq!(tasks(MessageType::ExecuteMultiOperationResponse, multi), expected);
}

#[test]
fn the_tasks_that_a_completion_answers_with_are_held_one_by_one() {
    let answer =
        [len(1, workflow_task("t")), len(2, activity_task("1")), len(2, activity_task("2"))].concat();
    let workflow = "order-4711".to_owned();
    let activity = |token: &'static str| {
        (
            MessageType::PollActivityTaskQueueResponse,
            2,
            Bytes::from_static(token.as_bytes()),
            workflow.clone(),
        )
    };
    let expected = [
        (MessageType::PollWorkflowTaskQueueResponse, 1, "t".into(), workflow.clone()),
        activity("token of 1"),
        activity("token of 2"),
    ];
    assert_eq!(tasks(MessageType::RespondWorkflowTaskCompletedResponse, answer), expected);
}

#[test]
fn one_of_several_eager_activities_is_removed() {
    let answer = [len(2, activity_task("1")), len(2, activity_task("2"))].concat();
    let message = MessageType::RespondWorkflowTaskCompletedResponse;
    let scan = Scan::all(message, answer).unwrap();
    let second = scan.leaves()[1].frame();
    let task = scan.frame(second).nearest(MessageType::PollActivityTaskQueueResponse).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.remove(task.id());
    assert_eq!(rewrite.finish().unwrap().to_bytes(), len(2, activity_task("1")));
}

#[test]
fn a_whole_failure_is_replaced_from_a_payload_in_its_cause() {
    // Failure: message 1, cause 4, application_failure_info 5 with details 3.
    let cause = [len(1, "inner"), len(5, len(3, payloads(&["details"])))].concat();
    let failure = [len(1, "outer"), len(4, cause), len(20, payload("attributes"))].concat();
    let request = [len(1, "token"), len(2, failure), len(3, "identity")].concat();
    let message = MessageType::RespondActivityTaskFailedRequest;
    let scan = Scan::all(message, request).unwrap();
    let inside = scan.frame(scan.leaves()[0].frame());
    let failures: Vec<_> =
        inside.ancestors().filter(|frame| frame.message() == MessageType::Failure).collect();
    assert_eq!(failures.len(), 2);
    assert_eq!(inside.nearest(MessageType::Failure).unwrap().id(), failures[0].id());

    let mut rewrite = Rewrite::new(&scan);
    rewrite.replace_message(failures[1].id(), [len(1, "too large").into()]);
    let changed = decoded(message, rewrite.finish().unwrap().to_bytes());
    let expected = [len(1, "token"), len(2, len(1, "too large")), len(3, "identity")].concat();
    assert_eq!(changed, decoded(message, expected.into()));
}
