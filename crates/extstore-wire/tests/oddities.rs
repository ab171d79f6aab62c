//! Tests encodings that are legal and rare, byte by byte.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use bytes::Bytes;
use extstore_wire::{Capture, Fault, MAX_DEPTH, MessageType, Policy, Scan, Skipped};
use support::check;
use support::hand::{group, int, len, metadata, padded, payload, payloads, varint};

const SIGNAL: MessageType = MessageType::SignalWorkflowExecutionRequest;
const MEMO: MessageType = MessageType::Memo;

fn scan(message: MessageType, bytes: impl Into<Bytes>) -> Scan {
    Scan::all(message, bytes).unwrap()
}

/// Returns the texts of the payloads that are found, after checking that the message can be rewritten and restored.
fn texts(message: MessageType, bytes: &[u8]) -> Vec<String> {
    let bytes = Bytes::copy_from_slice(bytes);
    let offloaded = check::rewrites(message, &bytes);
    assert_eq!(check::restore(message, &bytes, &offloaded), bytes);
    let scan = scan(message, bytes);
    scan.leaves().iter().map(|leaf| text(&scan.payload(leaf))).collect()
}

fn text(payload: &[u8]) -> String {
    let data = extstore_wire::fields(payload).map(Result::unwrap).filter(|field| field.number == 2).last();
    String::from_utf8(data.unwrap().bytes(payload).to_vec()).unwrap()
}

#[test]
fn an_empty_message_has_no_payloads() {
    assert_eq!(texts(SIGNAL, b""), Vec::<String>::new());
}

#[test]
fn unknown_fields_of_every_wire_type_stay() {
    let unknown = [
        int(900, u64::MAX),
        len(901, b"\xff\xff"),
        group(902, [len(4, payloads(&["no"])), int(1, 1)].concat()),
        [varint(903 << 3 | 1), b"12345678".to_vec()].concat(),
        [varint(904 << 3 | 5), b"1234".to_vec()].concat(),
    ]
    .concat();
    let input = [len(1, [&unknown, &payload("a")[..]].concat()), unknown.clone()].concat();
    let message = [&unknown[..], &len(4, input), &unknown].concat();
    assert_eq!(texts(SIGNAL, &message), ["a"]);
}

#[test]
fn an_unknown_arm_of_a_command_stays_and_is_reported() {
    let future = len(77, len(1, payloads(&["no"])));
    let metadata = len(301, len(1, payload("summary")));
    let message = len(2, [future, metadata].concat());
    let scan = scan(MessageType::RespondWorkflowTaskCompletedRequest, message.clone());
    assert_eq!(texts(MessageType::RespondWorkflowTaskCompletedRequest, &message), ["summary"]);
    assert_eq!(scan.skipped(), 1);
    assert_eq!(scan.skips()[0].why, Skipped::UnknownField { message: MessageType::Command, number: 77 });
    assert_eq!(scan.frame(scan.skips()[0].frame).command(), None);
}

#[test]
fn an_unknown_arm_below_64_is_reported_too() {
    let message = [len(2, len(3, b"")), len(2, len(16, b""))].concat();
    let scan = scan(MessageType::RespondWorkflowTaskCompletedRequest, message);
    let unknown = scan.frame(scan.skips()[0].frame);
    assert_eq!((unknown.message(), unknown.command()), (MessageType::Command, None));
    assert_eq!(unknown.id(), scan.root().children().last().unwrap().id());
    assert_eq!(scan.skips()[0].why, Skipped::UnknownField { message: MessageType::Command, number: 16 });
}

#[test]
fn a_known_number_with_another_wire_type_is_an_unknown_field() {
    let message = [int(4, 1), group(4, b""), len(4, payloads(&["a"])), int(1, 5)].concat();
    assert_eq!(texts(SIGNAL, &message), ["a"]);
    assert_eq!(scan(SIGNAL, message).root().text(Capture::Namespace), None);
}

#[test]
fn padded_lengths_and_tags_keep_their_padding() {
    let input = padded(1, padded(4, payloads(&["not this field"])));
    let message = [padded(4, padded(1, payload("a"))), input, padded(4, payloads(&["b"]))].concat();
    assert_eq!(texts(SIGNAL, &message), ["a", "b"]);
    let offloaded = check::offload(SIGNAL, &Bytes::from(message));
    // The tag of field 4, a length of five bytes, the tag of the payload.
    assert_eq!((offloaded[0], &offloaded[2..7]), (0x22, &b"\x80\x80\x80\x00\x0a"[..]));

    let padded_tag = [b"\xa2\x80\x00".to_vec(), len(4, payloads(&["c"]))[1..].to_vec()].concat();
    assert_eq!(texts(SIGNAL, &padded_tag), ["c"]);
}

#[test]
fn every_piece_of_a_singular_message_has_payloads() {
    let header = |key: &str, value: &str| len(1, [len(1, key), len(2, payload(value))].concat());
    let message = [
        len(4, payloads(&["a"])),
        len(8, header("k", "b")),
        len(4, payloads(&["c", "d"])),
        len(8, header("k", "e")),
    ];
    assert_eq!(texts(SIGNAL, &message.concat()), ["a", "b", "c", "d", "e"]);
}

#[test]
fn a_single_payload_in_pieces_is_left_alone() {
    let pieces = [metadata("encoding", "json/plain"), len(2, "half")];
    let entry = [len(1, "key"), len(2, &pieces[0]), len(2, &pieces[1])].concat();
    let message = [len(1, entry), len(1, [len(1, "whole"), len(2, payload("a"))].concat())].concat();
    let scan = scan(MEMO, message.clone());
    assert_eq!(scan.leaves().len(), 1);
    assert!(scan.skips().iter().all(|skip| skip.why == Skipped::Split));
    assert_eq!(texts(MEMO, &message), ["a"]);
}

#[test]
fn many_pieces_do_not_make_many_searches() {
    // Half a million fields before, and as many pieces after: a search for each would take hours.
    let entry = [int(9, 1).repeat(1 << 19), len(2, b"").repeat(1 << 19)].concat();
    let scan = scan(MEMO, len(1, entry));
    assert_eq!((scan.leaves().len(), scan.skipped(), scan.skips().len()), (0, 1 << 19, Scan::MAX_SKIPS));
}

#[test]
fn a_map_entry_may_have_its_value_first_no_key_or_unknown_fields() {
    let message = [
        len(1, [len(2, payload("value first")), len(1, "key")].concat()),
        len(1, len(2, payload("no key"))),
        len(1, [int(3, 1), len(1, "key"), int(3, 2), len(2, payload("between"))].concat()),
        len(1, len(1, "no value")),
    ];
    assert_eq!(texts(MEMO, &message.concat()), ["value first", "no key", "between"]);
}

#[test]
fn an_empty_payload_is_a_payload() {
    let message = Bytes::from(len(4, len(1, b"")));
    let scan = scan(SIGNAL, message.clone());
    assert_eq!((scan.leaves().len(), scan.leaves()[0].encoded_len()), (1, 0));
    let offloaded = check::rewrites(SIGNAL, &message);
    assert_eq!(check::restore(SIGNAL, &message, &offloaded), message);
}

#[test]
fn captured_fields_may_come_after_the_payloads_and_the_last_one_counts() {
    let execution = |id: &str, run: &str| len(2, [len(1, id), len(2, run)].concat());
    let message = [
        len(1, "first"),
        execution("id", "run"),
        len(4, payloads(&["a"])),
        len(1, "last"),
        execution("other id", ""),
    ];
    let scan = scan(SIGNAL, message.concat());
    let root = scan.root();
    assert_eq!(root.text(Capture::Namespace), Some("last"));
    assert_eq!(root.text(Capture::WorkflowId), Some("other id"));
    assert_eq!(root.text(Capture::RunId), Some(""));
    assert_eq!(root.text(Capture::WorkflowType), None);
    assert_eq!(root.number(Capture::Namespace), None);
}

#[test]
fn a_name_that_is_no_text_is_still_bytes() {
    let scan = scan(SIGNAL, len(1, b"\xff"));
    assert_eq!(scan.root().text(Capture::Namespace), None);
    assert_eq!(scan.root().bytes(Capture::Namespace).unwrap(), &b"\xff"[..]);
}

#[test]
fn negative_and_padded_numbers_are_read() {
    let event = |id: Vec<u8>| {
        let signaled = len(26, len(2, payloads(&["a"])));
        scan(MessageType::History, len(1, [id, signaled].concat()))
    };
    let number = |scan: &Scan| {
        scan.frame(scan.leaves()[0].frame()).ancestors().nth(2).unwrap().number(Capture::EventId)
    };
    assert_eq!(number(&event(int(1, (-5_i64) as u64))), Some((-5_i64) as u64));
    assert_eq!(number(&event(b"\x08\x85\x80\x00".to_vec())), Some(5));
}

#[test]
fn search_attributes_are_never_payloads() {
    let attributes = len(1, [len(1, "CustomKeyword"), len(2, payload("indexed"))].concat());
    let start = [len(15, &attributes), len(5, payloads(&["input"]))].concat();
    assert_eq!(texts(MessageType::StartWorkflowExecutionRequest, &start), ["input"]);
    let upsert = len(2, len(14, len(1, attributes)));
    assert_eq!(texts(MessageType::RespondWorkflowTaskCompletedRequest, &upsert), Vec::<String>::new());
    // Groups of a count are values of search attributes.
    assert_eq!(MessageType::find("temporal.api.workflowservice.v1.CountWorkflowExecutionsResponse"), None);
}

#[test]
fn a_failures_payloads_are_the_failures_whatever_field_they_are_in() {
    let info =
        |number: u64, details: &str| len(number, len(if number == 5 { 3 } else { 1 }, payloads(&[details])));
    let cause = [len(20, payload("encoded")), info(10, "heartbeat")].concat();
    let message = len(2, [info(5, "details"), len(4, cause)].concat());
    let scan = scan(MessageType::RespondActivityTaskFailedRequest, message.clone());
    assert!(scan.leaves().iter().all(|leaf| leaf.policy() == Policy::Failure));
    let found = texts(MessageType::RespondActivityTaskFailedRequest, &message);
    assert_eq!(found, ["details", "encoded", "heartbeat"]);
    let marker = len(10, len(2, [len(1, "data"), len(2, payloads(&["result"]))].concat()));
    let scan = self::scan(MessageType::RespondWorkflowTaskCompletedRequest, len(2, marker));
    assert_eq!(scan.leaves()[0].policy(), Policy::Marker);
    assert_eq!(
        scan.path(&scan.leaves()[0]),
        "commands.record_marker_command_attributes.details.value.payloads"
    );
}

#[test]
fn nesting_as_deep_as_the_limit_is_scanned_and_deeper_is_not() {
    // The failure is one message, and the payload is in the last of its causes.
    let failure = |causes: usize| (0..causes).fold(len(20, payload("a")), |inner, _| len(4, inner));
    let message = |causes| len(2, failure(causes));
    let deepest = usize::from(MAX_DEPTH) - 1;
    assert_eq!(texts(MessageType::RespondActivityTaskFailedRequest, &message(deepest)), ["a"]);
    let too_deep = Scan::all(MessageType::RespondActivityTaskFailedRequest, message(deepest + 1));
    assert_eq!(too_deep.unwrap_err(), Fault::TooDeep);
}

#[test]
fn a_message_of_more_payloads_than_the_limit_is_refused_and_its_large_ones_can_be_selected() {
    let small = len(1, b"").repeat(Scan::MAX_RECORDS + 1);
    let message = Bytes::from(len(4, [small, len(1, payload("large enough"))].concat()));
    assert_eq!(Scan::all(SIGNAL, message.clone()).unwrap_err(), Fault::TooMany);
    let scan = Scan::select(SIGNAL, message, |found| found.bytes().len() > 10).unwrap();
    assert_eq!(scan.leaves().len(), 1);
    let commands = len(2, len(3, b"")).repeat(Scan::MAX_RECORDS);
    let completion = Scan::all(MessageType::RespondWorkflowTaskCompletedRequest, commands);
    assert_eq!(completion.unwrap_err(), Fault::TooMany);
}

#[test]
fn what_is_malformed_is_refused_with_its_place() {
    let whole = len(4, payloads(&["a"]));
    for end in 1..whole.len() {
        let fault = Scan::all(SIGNAL, whole[..end].to_vec()).unwrap_err();
        assert!(matches!(fault, Fault::Malformed { at } if at <= end), "{fault:?}");
    }
    // A field that is passed over, and one byte that is missing at its end.
    let passed_over = len(5, "identity");
    let cut = Scan::all(SIGNAL, passed_over[..passed_over.len() - 1].to_vec());
    assert_eq!(cut.unwrap_err(), Fault::Malformed { at: 1 });
    let broken_metadata = len(4, len(1, len(1, b"\x0a\x05x")));
    assert_eq!(Scan::all(SIGNAL, broken_metadata).unwrap_err(), Fault::Malformed { at: 7 });
}
