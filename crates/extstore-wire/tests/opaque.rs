//! Tests messages inside bytes: updates, raw history, system Nexus envelopes, details of errors.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use bytes::Bytes;
use extstore_wire::{Capture, Command, Fault, MAX_DEPTH, MessageType, Policy, Scan, Skipped};
use support::check;
use support::hand::{int, len, metadata, payload, payloads};

const COMPLETED: MessageType = MessageType::RespondWorkflowTaskCompletedRequest;
const SIGNAL_WITH_START: &str = "temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionRequest";

/// The data of the payloads that are found, and why other things were skipped.
fn found(message: MessageType, bytes: &[u8]) -> (Vec<String>, Vec<Skipped>) {
    let bytes = Bytes::copy_from_slice(bytes);
    let offloaded = check::rewrites(message, &bytes);
    assert_eq!(check::restore(message, &bytes, &offloaded), bytes);
    let scan = Scan::all(message, bytes).unwrap();
    let texts = scan.leaves().iter().map(|leaf| {
        let payload = scan.payload(leaf);
        let data = extstore_wire::fields(&payload).map(Result::unwrap).find(|field| field.number == 2);
        String::from_utf8(data.unwrap().bytes(&payload).to_vec()).unwrap()
    });
    (texts.collect(), scan.skips().iter().map(|skip| skip.why).collect())
}

fn texts(texts: &[&str]) -> (Vec<String>, Vec<Skipped>) {
    (texts.iter().map(|text| (*text).to_owned()).collect(), Vec::new())
}

fn skipped(why: Skipped) -> (Vec<String>, Vec<Skipped>) {
    (Vec::new(), vec![why])
}

/// Makes a workflow task's completion with a protocol message.
fn message_with(any: Vec<u8>) -> Vec<u8> {
    len(11, len(5, any))
}

fn any(name: &str, value: &[u8]) -> Vec<u8> {
    [len(1, format!("type.googleapis.com/{name}")), len(2, value)].concat()
}

fn accepted(text: &str) -> Vec<u8> {
    let request = len(2, len(3, payloads(&[text])));
    any("temporal.api.update.v1.Acceptance", &len(3, request))
}

#[test]
fn updates_are_found_in_an_any_whatever_the_order_of_its_fields() {
    assert_eq!(found(COMPLETED, &message_with(accepted("a"))), texts(&["a"]));
    let value = len(2, len(2, len(1, payloads(&["b"]))));
    let url = len(1, "temporal.api.update.v1.Response");
    assert_eq!(found(COMPLETED, &message_with([value.clone(), url.clone()].concat())), texts(&["b"]));
    // Bytes are not merged: of two values the last one counts.
    let dead = len(2, len(2, len(1, payloads(&["dead"]))));
    assert_eq!(found(COMPLETED, &message_with([dead, url, value].concat())), texts(&["b"]));
}

#[test]
fn an_any_of_another_type_stays() {
    let nothing = texts(&[]);
    assert_eq!(found(COMPLETED, &message_with(any("google.rpc.DebugInfo", b"\x0a\x01a"))), nothing);
    assert_eq!(found(COMPLETED, &message_with(any("temporal.api.update.v1.Meta", b"\x0a\x01a"))), nothing);
    assert_eq!(found(COMPLETED, &message_with(len(2, payloads(&["no URL"])))), nothing);
    let future = any("temporal.api.update.v2.Request", &payloads(&["?"]));
    assert_eq!(found(COMPLETED, &message_with(future)), skipped(Skipped::UnknownAny));
}

#[test]
fn an_any_that_holds_no_message_stays_and_the_rest_is_found() {
    let broken =
        any("temporal.api.update.v1.Request", &[len(2, len(3, payloads(&["lost"]))), vec![0xff]].concat());
    let message = [message_with(broken), message_with(accepted("a"))].concat();
    let (found, skips) = found(COMPLETED, &message);
    assert_eq!((found, skips), (vec!["a".to_owned()], vec![Skipped::MalformedContent]));
}

#[test]
fn an_any_in_pieces_stays() {
    let pieces = len(11, [len(5, accepted("a")), len(5, accepted("b"))].concat());
    let (texts, skips) = found(COMPLETED, &pieces);
    assert_eq!((texts.len(), skips), (0, vec![Skipped::Split; 2]));
}

#[test]
fn details_of_errors_are_found_in_a_status() {
    let failure = len(1, len(20, payload("why")));
    let query = any("temporal.api.errordetails.v1.QueryFailedFailure", &failure);
    let operation = len(1, len(3, &query));
    let several = any("temporal.api.errordetails.v1.MultiOperationExecutionFailure", &operation);
    let status = [int(1, 3), len(2, "message"), len(3, &query), len(3, several)].concat();
    assert_eq!(found(MessageType::RpcStatus, &status), texts(&["why", "why"]));
    let scan = Scan::all(MessageType::RpcStatus, status).unwrap();
    assert!(scan.leaves().iter().all(|leaf| leaf.policy() == Policy::Failure));
    assert_eq!(scan.path(&scan.leaves()[0]), "details.value.failure.encoded_attributes");
}

#[test]
fn raw_history_is_found_where_it_is_proto3() {
    let history = len(1, [int(1, 7), len(26, len(2, payloads(&["signal"])))].concat());
    let page = |blob: Vec<u8>| len(2, blob);
    let response = MessageType::GetWorkflowExecutionHistoryResponse;
    assert_eq!(found(response, &page([int(1, 1), len(2, &history)].concat())), texts(&["signal"]));
    assert_eq!(found(response, &page([len(2, &history), int(1, 1)].concat())), texts(&["signal"]));
    let json = page([int(1, 2), len(2, &history)].concat());
    assert_eq!(found(response, &json), skipped(Skipped::UnknownEncoding));
    let unsaid = page(len(2, &history));
    assert_eq!(found(response, &unsaid), skipped(Skipped::UnknownEncoding));
    let broken = page([int(1, 1), len(2, &history[..9])].concat());
    assert_eq!(found(response, &broken), skipped(Skipped::MalformedContent));
}

/// Makes a command that schedules a Nexus operation.
fn nexus(endpoint: &str, input: &[u8]) -> Vec<u8> {
    len(2, len(18, [len(1, endpoint), len(2, "service"), len(4, input)].concat()))
}

/// Makes a signal with start for the server.
fn envelope(marker: Option<&str>, encoding: &str, message_type: &str) -> Vec<u8> {
    let memo = len(17, len(1, [len(1, "k"), len(2, payload("memo"))].concat()));
    let request = [len(1, "ns"), len(2, "wf-id"), len(5, payloads(&["input"])), memo].concat();
    [
        marker.map(|value| metadata("__temporal_system_payload", value)).unwrap_or_default(),
        metadata("encoding", encoding),
        metadata("messageType", message_type),
        len(2, request),
    ]
    .concat()
}

#[test]
fn an_envelope_for_the_server_stays_and_what_is_in_it_is_found() {
    let marked = nexus("any endpoint", &envelope(Some("true"), "binary/protobuf", SIGNAL_WITH_START));
    assert_eq!(found(COMPLETED, &marked), texts(&["input", "memo"]));
    let unmarked = nexus("__temporal_system", &envelope(None, "binary/protobuf", SIGNAL_WITH_START));
    assert_eq!(found(COMPLETED, &unmarked), texts(&["input", "memo"]));
    let scan = Scan::all(COMPLETED, unmarked).unwrap();
    let request =
        scan.frame(scan.leaves()[0].frame()).nearest(MessageType::SignalWithStartWorkflowExecutionRequest);
    assert_eq!(request.and_then(|request| request.text(Capture::WorkflowId)), Some("wf-id"));
    assert_eq!(request.map(|request| request.parent().unwrap().message()), Some(MessageType::Payload));
    assert_eq!(
        scan.leaves().iter().map(|leaf| leaf.policy()).collect::<Vec<_>>(),
        [Policy::Data, Policy::Memo]
    );
}

#[test]
fn an_endpoint_that_comes_after_the_input_counts() {
    let input = len(4, envelope(None, "binary/protobuf", SIGNAL_WITH_START));
    let message = len(2, len(18, [input, len(1, "__temporal_system")].concat()));
    assert_eq!(found(COMPLETED, &message), texts(&["input", "memo"]));
    // Of two endpoints the last one counts.
    let message = nexus("__temporal_system", &[]);
    let users = [len(1, "__temporal_system"), len(4, payload("a")), len(1, "endpoint")].concat();
    assert_eq!(found(COMPLETED, &[message, len(2, len(18, users))].concat()).0, ["a"]);
}

#[test]
fn an_envelope_that_is_not_understood_stays_whole() {
    let cases = [
        ("endpoint", Some("true"), "json/protobuf", SIGNAL_WITH_START),
        ("endpoint", Some("true"), "binary/protobuf", "temporal.api.workflowservice.v9.Request"),
        ("endpoint", Some("true"), "binary/protobuf", ""),
        ("__temporal_system", None, "json/plain", ""),
    ];
    for (endpoint, marker, encoding, message_type) in cases {
        let message = nexus(endpoint, &envelope(marker, encoding, message_type));
        assert_eq!(found(COMPLETED, &message), skipped(Skipped::UnknownEnvelope));
    }
}

#[test]
fn without_a_mark_and_with_a_users_endpoint_it_is_a_payload() {
    for marker in [None, Some("false")] {
        let message = nexus("endpoint", &envelope(marker, "binary/protobuf", SIGNAL_WITH_START));
        let scan = Scan::all(COMPLETED, message).unwrap();
        assert_eq!((scan.leaves().len(), scan.leaves()[0].policy()), (1, Policy::Nexus));
    }
}

#[test]
fn a_marked_envelope_is_recognised_in_a_result_and_in_a_list() {
    let marked = envelope(Some("true"), "binary/protobuf", SIGNAL_WITH_START);
    let event = len(1, len(55, len(2, &marked)));
    assert_eq!(found(MessageType::History, &event), texts(&["input", "memo"]));
    let signal = len(4, [len(1, &marked), len(1, payload("a"))].concat());
    assert_eq!(found(MessageType::SignalWorkflowExecutionRequest, &signal), texts(&["input", "memo", "a"]));
}

#[test]
fn the_last_value_of_a_mark_counts_whether_in_an_entry_or_in_another_one() {
    let mark = |values: &[&str]| {
        let values: Vec<u8> = values.iter().flat_map(|value| len(2, value)).collect();
        len(1, [len(1, "__temporal_system_payload"), values].concat())
    };
    let request = envelope(None, "binary/protobuf", SIGNAL_WITH_START);
    let leaves = |marks: &[&[&str]]| {
        let marks: Vec<u8> = marks.iter().flat_map(|values| mark(values)).collect();
        let message = nexus("endpoint", &[marks, request.clone()].concat());
        Scan::all(COMPLETED, message).unwrap().leaves().len()
    };
    assert_eq!(leaves(&[&["false", "true"]]), 2);
    assert_eq!(leaves(&[&["true", "false"]]), 1);
    assert_eq!(leaves(&[&["false"], &["true"]]), 2);
    assert_eq!(leaves(&[&["true"], &["false"]]), 1);
}

#[test]
fn messages_in_bytes_nest_as_deep_as_the_limit() {
    let nested = |times: usize| {
        (0..times).fold(payload("core"), |inner, _| {
            [
                metadata("__temporal_system_payload", "true"),
                metadata("encoding", "binary/protobuf"),
                metadata("messageType", "temporal.api.common.v1.Payloads"),
                len(2, len(1, inner)),
            ]
            .concat()
        })
    };
    let message = |times| len(4, len(1, nested(times)));
    let deepest = (usize::from(MAX_DEPTH) - 1) / 2;
    assert_eq!(found(MessageType::SignalWorkflowExecutionRequest, &message(deepest)), texts(&["core"]));
    let deeper = Scan::all(MessageType::SignalWorkflowExecutionRequest, message(deepest + 1)).unwrap();
    assert_eq!(deeper.leaves().len(), 0);
    assert_eq!(deeper.skips()[0].why, Skipped::MalformedContent);
}

#[test]
fn what_an_envelope_holds_too_much_of_does_not_hide_what_is_beside_it() {
    let envelope = |message: &str, data: Vec<u8>| {
        [
            metadata("__temporal_system_payload", "true"),
            metadata("encoding", "binary/protobuf"),
            metadata("messageType", message),
            len(2, data),
        ]
        .concat()
    };
    let many = Scan::MAX_RECORDS + 1;
    let causes = (0..usize::from(MAX_DEPTH)).fold(Vec::new(), |inner, _| len(4, inner));
    let inner = len(3, len(1, len(6, payloads(&["inner"]))));
    let groups = [[0x7b].repeat(200), [0x7c].repeat(200)].concat();
    for (message, data) in [
        ("temporal.api.workflowservice.v1.SignalWorkflowExecutionRequest", len(1, "").repeat(many)),
        ("temporal.api.workflowservice.v1.SignalWorkflowExecutionRequest", len(4, len(1, "").repeat(many))),
        ("temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest", len(2, inner).repeat(many)),
        ("temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest", len(2, causes)),
        ("temporal.api.workflowservice.v1.SignalWorkflowExecutionRequest", groups),
    ] {
        let request =
            [len(1, "ns"), len(4, [len(1, envelope(message, data)), len(1, payload("beside"))].concat())];
        let message = Bytes::from([request.concat(), len(2, len(1, "workflow"))].concat());
        assert_eq!(found(MessageType::SignalWorkflowExecutionRequest, &message).0, ["beside"]);
        let scan = Scan::all(MessageType::SignalWorkflowExecutionRequest, message).unwrap();
        assert_eq!(scan.skips().iter().map(|skip| skip.why).collect::<Vec<_>>(), [Skipped::MalformedContent]);
        assert_eq!(scan.root().text(Capture::Namespace), Some("ns"));
        assert_eq!(scan.root().text(Capture::WorkflowId), Some("workflow"));
        assert_eq!(scan.frame(scan.leaves()[0].frame()).parent().unwrap().id(), scan.root().id());
    }
}

#[test]
fn commands_say_what_they_are_even_without_payloads() {
    let timer = len(2, [len(3, len(1, "1")), len(301, len(1, payload("summary")))].concat());
    let child =
        len(2, len(12, [len(2, "child"), len(3, len(1, "Type")), len(5, payloads(&["in"]))].concat()));
    let cancel = len(2, len(9, len(2, "other")));
    let scan = Scan::all(COMPLETED, [timer, child, cancel].concat()).unwrap();
    let commands: Vec<_> = scan.root().children().map(|frame| frame.command()).collect();
    let expected = [
        Command::StartTimer,
        Command::StartChildWorkflowExecution,
        Command::RequestCancelExternalWorkflowExecution,
    ];
    assert_eq!(commands, expected.map(Some));
    let two_arms = Scan::all(COMPLETED, len(2, [len(3, b""), len(12, b"")].concat())).unwrap();
    let last = two_arms.root().children().next().unwrap().command();
    assert_eq!(last, Some(Command::StartChildWorkflowExecution));
    let summary = scan.frame(scan.leaves()[0].frame());
    assert_eq!(summary.nearest(MessageType::Command).unwrap().command(), Some(Command::StartTimer));
    let child = scan.frame(scan.leaves()[1].frame()).parent().unwrap();
    assert_eq!(child.text(Capture::WorkflowId), Some("child"));
    assert_eq!(child.text(Capture::WorkflowType), Some("Type"));
    assert_eq!(child.text(Capture::Namespace), None);
}

#[test]
fn a_payload_that_a_reader_of_references_takes_stays_closed() {
    let marked = envelope(Some("true"), "binary/protobuf", SIGNAL_WITH_START);
    let message = MessageType::Payloads;
    let bytes = [len(1, &marked), len(1, payload("beside"))].concat();
    let taken = Scan::references(message, bytes.clone(), |found| found.bytes() == marked).unwrap();
    assert_eq!(
        taken.leaves().iter().map(|leaf| taken.payload(leaf)).collect::<Vec<_>>(),
        std::slice::from_ref(&marked)
    );
    let opened = Scan::select(message, bytes, |found| found.bytes() == marked).unwrap();
    assert_eq!(opened.leaves().len(), 0);
}

#[test]
fn an_outline_holds_what_is_near_and_no_payload() {
    let deep = (0..200).fold(Vec::new(), |failure, _| len(4, failure));
    let event = [int(1, 7), len(8, len(1, deep))].concat();
    let history = len(1, event);
    let query = len(10, len(1, "state"));
    let task = [len(1, "token"), int(6, 3), len(8, history), query].concat();
    let message = MessageType::PollWorkflowTaskQueueResponse;
    assert_eq!(Scan::references(message, task.clone(), |_| true).unwrap_err(), Fault::TooDeep);
    let outline = Scan::outline(message, task, 1).unwrap();
    let root = outline.root();
    assert_eq!(
        (root.bytes(Capture::TaskToken), root.number(Capture::Attempt)),
        (Some("token".into()), Some(3))
    );
    assert_eq!(root.children().map(|child| child.field()).collect::<Vec<_>>(), [10]);
    assert!(outline.leaves().is_empty());
}
