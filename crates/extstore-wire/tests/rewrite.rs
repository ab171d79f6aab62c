//! Tests what a rewriter emits.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use bytes::{Bytes, BytesMut};
use extstore_wire::{
    Capture, MessageType, Rewrite, Scan, metadata, put_bytes, put_varint, put_varint_field, varint_len,
};
use support::hand::{int, len, payload, payloads, varint};

const SIGNAL: MessageType = MessageType::SignalWorkflowExecutionRequest;
const COMPLETED: MessageType = MessageType::RespondWorkflowTaskCompletedRequest;

fn message() -> Bytes {
    Bytes::from([len(1, "ns"), len(4, payloads(&["a", "b", "c"])), len(5, "identity")].concat())
}

#[test]
fn large_pieces_are_shared_and_small_ones_are_copied_together() {
    let text = "x".repeat(100_000);
    let message = Bytes::from([len(4, payloads(&[&text, "b"])), len(5, &text)].concat());
    let scan = Scan::all(SIGNAL, message.clone()).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    let large = Bytes::from(payload(&"y".repeat(50_000)));
    rewrite.replace(1, [large.clone(), Bytes::new(), Bytes::from_static(b"\x20\x01")]);
    let rope = rewrite.finish().unwrap();
    let shared: Vec<_> = rope.segments().iter().map(|segment| segment.as_ptr()).collect();
    assert!(shared.contains(&large.as_ptr()));
    let last = rope.segments().last().unwrap();
    assert!(last.len() > text.len());
    assert_eq!(last.as_ptr(), message[message.len() - last.len()..].as_ptr());
    assert!(rope.segments().iter().all(|segment| !segment.is_empty()));
    assert_eq!(rope.len(), rope.to_bytes().len());
    let new = [payload(&"y".repeat(50_000)), int(4, 1)].concat();
    let expected = [len(4, [len(1, payload(&text)), len(1, new)].concat()), len(5, &text)].concat();
    assert_eq!(rope.to_bytes(), expected);
}

#[test]
fn only_the_payloads_that_are_replaced_change_and_the_first_replacement_counts() {
    let scan = Scan::all(SIGNAL, message()).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.replace(2, [Bytes::from(payload("third"))]);
    rewrite.replace(0, [Bytes::from(payload("first"))]);
    rewrite.replace(0, [Bytes::from(payload("not this"))]);
    let expected = [len(1, "ns"), len(4, payloads(&["first", "b", "third"])), len(5, "identity")].concat();
    assert_eq!(rewrite.finish().unwrap().to_bytes(), expected);
}

#[test]
fn lengths_grow_and_shrink_across_their_widths() {
    for size in [0, 90, 110, 127, 128, 16_000, 16_384, 3_000_000] {
        let text = "z".repeat(size);
        let scan = Scan::all(SIGNAL, message()).unwrap();
        let mut rewrite = Rewrite::new(&scan);
        rewrite.replace(1, [Bytes::from(payload(&text))]);
        let grown = rewrite.finish().unwrap().to_bytes();
        let expected = [len(1, "ns"), len(4, payloads(&["a", &text, "c"])), len(5, "identity")].concat();
        assert_eq!(grown, expected);
        let scan = Scan::all(SIGNAL, grown).unwrap();
        let mut rewrite = Rewrite::new(&scan);
        rewrite.replace(1, [Bytes::from(payload("b"))]);
        assert_eq!(rewrite.finish().unwrap().to_bytes(), message());
    }
}

/// Makes two query results, the second of which is to fail alone.
fn completion() -> Bytes {
    let result = |id: &str, answer: &[&str]| {
        let result = [int(1, 1), len(2, payloads(answer))].concat();
        len(8, [len(1, id), len(2, result)].concat())
    };
    Bytes::from([result("q1", &["a"]), result("q2", &["b", "c"]), len(9, "ns")].concat())
}

#[test]
fn a_message_gets_other_content_and_replacements_inside_it_no_longer_count() {
    let scan = Scan::all(COMPLETED, completion()).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    for leaf in 0..3 {
        rewrite.replace(leaf, [Bytes::from(payload("stored"))]);
    }
    let frame = scan.frame(scan.leaves()[2].frame()).nearest(MessageType::WorkflowQueryResult).unwrap();
    let key = frame.parent().and_then(|entry| entry.text(Capture::QueryId));
    assert_eq!(key, Some("q2"));
    let failed = [int(1, 2), len(3, "the store is down")].concat();
    rewrite.replace_message(frame.id(), [Bytes::from(failed.clone())]);
    rewrite.replace_message(frame.id(), [Bytes::from_static(b"not this")]);
    let answered = [int(1, 1), len(2, payloads(&["stored"]))].concat();
    let expected = [
        len(8, [len(1, "q1"), len(2, answered)].concat()),
        len(8, [len(1, "q2"), len(2, failed)].concat()),
        len(9, "ns"),
    ];
    assert_eq!(rewrite.finish().unwrap().to_bytes(), expected.concat());
}

#[test]
fn fields_are_appended_to_every_heartbeat() {
    let heartbeat = |name: &str, more: &[u8]| len(3, [len(1, name).as_slice(), more].concat());
    let message = [len(1, "ns"), heartbeat("a", b""), heartbeat("b", b"")].concat();
    let scan = Scan::all(MessageType::RecordWorkerHeartbeatRequest, message).unwrap();
    let driver = len(24, len(1, "aws.s3driver"));
    let mut rewrite = Rewrite::new(&scan);
    for frame in scan.frames().filter(|frame| frame.message() == MessageType::WorkerHeartbeat) {
        rewrite.append(frame.id(), [Bytes::from(driver.clone())]);
        rewrite.append(frame.id(), [Bytes::from(driver.clone())]);
    }
    let twice = [driver.clone(), driver].concat();
    let expected = [len(1, "ns"), heartbeat("a", &twice), heartbeat("b", &twice)].concat();
    assert_eq!(rewrite.finish().unwrap().to_bytes(), expected);
}

#[test]
fn limits_are_read_and_overridden_by_appending() {
    let limits = |blob: u64| len(8, [int(1, blob), int(2, 2_097_152)].concat());
    let info = |limits: Vec<u8>| len(1, [len(1, "ns"), len(7, int(14, 1)), limits].concat());
    let scan = Scan::all(MessageType::DescribeNamespaceResponse, info(limits(2_097_152))).unwrap();
    let root = scan.root();
    assert_eq!(root.number(Capture::BlobSizeLimitError), Some(2_097_152));
    assert_eq!(root.number(Capture::WorkflowTaskCompletionPagination), Some(1));
    assert_eq!(root.number(Capture::WorkflowTaskCompletionSizeLimitError), None);
    let mut rewrite = Rewrite::new(&scan);
    rewrite.append(root.id(), [Bytes::from(info(limits(0)))]);
    let changed = rewrite.finish().unwrap().to_bytes();
    let scan = Scan::all(MessageType::DescribeNamespaceResponse, changed).unwrap();
    assert_eq!(scan.root().number(Capture::BlobSizeLimitError), Some(0));
}

#[test]
fn what_is_appended_comes_after_what_is_inside_where_both_end() {
    // The last payload is empty, and so ends where its message and the request end.
    let message = Bytes::from(len(4, [len(1, payload("a")), len(1, b"")].concat()));
    let scan = Scan::all(SIGNAL, message).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.append(scan.root().id(), [Bytes::from(len(5, "identity"))]);
    rewrite.append(scan.leaves()[1].frame(), [Bytes::from(len(1, payload("c")))]);
    rewrite.replace(1, [Bytes::from(payload("b"))]);
    let expected = [len(4, payloads(&["a", "b", "c"])), len(5, "identity")].concat();
    assert_eq!(rewrite.finish().unwrap().to_bytes(), expected);
}

#[test]
fn appending_to_a_message_with_other_content_adds_to_that() {
    let scan = Scan::all(SIGNAL, message()).unwrap();
    let frame = scan.leaves()[0].frame();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.append(frame, [Bytes::from(len(1, payload("z")))]);
    rewrite.replace_message(frame, [Bytes::from(len(1, payload("y")))]);
    let expected = [len(1, "ns"), len(4, payloads(&["y", "z"])), len(5, "identity")].concat();
    assert_eq!(rewrite.finish().unwrap().to_bytes(), expected);
}

#[test]
fn the_whole_message_gets_other_content() {
    let scan = Scan::all(SIGNAL, message()).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.replace(0, [Bytes::from(payload("not this"))]);
    rewrite.replace_message(scan.root().id(), [Bytes::from_static(b"new")]);
    assert_eq!(rewrite.finish().unwrap().to_bytes(), "new");
}

#[test]
fn more_than_protobuf_can_say_is_refused() {
    let scan = Scan::all(SIGNAL, message()).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    let part = Bytes::from(vec![0; 1 << 20]);
    rewrite.replace(0, std::iter::repeat_n(part, 1 << 11));
    assert_eq!(rewrite.finish().unwrap_err(), extstore_wire::Fault::TooLarge);
}

#[test]
fn fields_are_written_as_protobuf_writes_them() {
    let mut out = BytesMut::new();
    put_varint_field(&mut out, 2, 38);
    put_bytes(&mut out, 301, b"ab");
    put_varint(&mut out, u64::MAX);
    assert_eq!(out, [int(2, 38), len(301, "ab"), varint(u64::MAX)].concat());
    for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(varint_len(value), varint(value).len());
    }
}

#[test]
fn metadata_is_read_in_the_order_of_the_bytes() {
    let bytes = payload("text");
    let entries: Vec<_> = metadata(&bytes).collect();
    assert_eq!(entries, [(&b"encoding"[..], &b"json/plain"[..])]);
    assert_eq!(metadata(b"\xff").count(), 0);
}

#[test]
fn nothing_prints_contents() {
    let bytes = Bytes::from(len(4, payloads(&["canary"])));
    let scan = Scan::all(SIGNAL, bytes).unwrap();
    let rope = Rewrite::new(&scan).finish().unwrap();
    for printed in [format!("{scan:?}"), format!("{rope:?}"), format!("{:?}", scan.leaves())] {
        assert!(!printed.contains("canary"), "{printed}");
    }
}

#[test]
fn a_message_is_removed_with_its_tag_and_its_length() {
    let command = |text: &str| len(2, [int(1, 7), len(4, len(1, payloads(&[text])))].concat());
    let message = Bytes::from([len(1, "token"), command("a"), command("b"), command("c")].concat());
    let scan = Scan::all(COMPLETED, message).unwrap();
    let commands: Vec<_> = scan.root().children().map(|command| command.id()).collect();
    let remove = |removed: &[usize]| {
        let mut rewrite = Rewrite::new(&scan);
        rewrite.replace(1, [Bytes::from(payload("not this"))]);
        removed.iter().for_each(|at| rewrite.remove(commands[*at]));
        rewrite.finish().unwrap().to_bytes()
    };
    assert_eq!(remove(&[1]), [len(1, "token"), command("a"), command("c")].concat());
    assert_eq!(remove(&[2, 1, 1]), [len(1, "token"), command("a")].concat());
    assert_eq!(remove(&[0, 1, 2]), len(1, "token"));
}

#[test]
fn what_is_appended_beside_a_removed_message_stays() {
    let command = |text: &str| len(2, len(4, len(1, payloads(&[text]))));
    let message = Bytes::from([command("a"), command("b")].concat());
    let scan = Scan::all(COMPLETED, message).unwrap();
    let commands: Vec<_> = scan.root().children().map(|command| command.id()).collect();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.remove(commands[1]);
    rewrite.append(commands[0], [Bytes::from(int(1, 5))]);
    rewrite.append(commands[1], [Bytes::from(int(1, 6))]);
    rewrite.replace_message(commands[1], [Bytes::from(int(1, 7))]);
    rewrite.append(scan.root().id(), [Bytes::from(int(5, 1))]);
    let first = len(2, [len(4, len(1, payloads(&["a"]))), int(1, 5)].concat());
    assert_eq!(rewrite.finish().unwrap().to_bytes(), [first, int(5, 1)].concat());
}

#[test]
fn lengths_around_a_removed_message_shrink() {
    let entry = |key: &str, text: &str| len(1, [len(1, key), len(2, payload(text))].concat());
    let header = |entries: &[Vec<u8>]| len(8, entries.concat());
    let text = "x".repeat(200);
    let message = Bytes::from([len(1, "ns"), header(&[entry("a", &text), entry("b", "b")])].concat());
    let scan = Scan::all(SIGNAL, message).unwrap();
    let entry_of_first = scan.frame(scan.leaves()[0].frame()).id();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.remove(entry_of_first);
    assert_eq!(rewrite.finish().unwrap().to_bytes(), [len(1, "ns"), header(&[entry("b", "b")])].concat());
}

#[test]
fn a_payload_is_removed_with_its_tag_and_its_length() {
    let scan = Scan::all(SIGNAL, message()).unwrap();
    let remove = |removed: &[usize]| {
        let mut rewrite = Rewrite::new(&scan);
        removed.iter().for_each(|at| rewrite.remove_payload(*at));
        rewrite.replace(1, [Bytes::from(payload("stored"))]);
        rewrite.append(scan.leaves()[2].frame(), [Bytes::from(len(1, payload("d")))]);
        rewrite.finish().unwrap().to_bytes()
    };
    let expected = |left: &[&str]| [len(1, "ns"), len(4, payloads(left)), len(5, "identity")].concat();
    assert_eq!(remove(&[0]), expected(&["stored", "c", "d"]));
    assert_eq!(remove(&[1, 2]), expected(&["a", "d"]));
    assert_eq!(remove(&[0, 1, 2, 2]), expected(&["d"]));
}

/// A tag and a length may be longer than they need to be.
#[test]
fn a_removed_payload_leaves_nothing_of_a_padded_tag() {
    let padded = |text: &str| {
        let payload = payload(text);
        [[0xa2, 0x81, 0x80, 0x00, payload.len() as u8 | 0x80, 0x00].as_slice(), payload.as_slice()].concat()
    };
    let failure = [len(1, "why"), padded("attributes"), len(3, "stack")].concat();
    let scan = Scan::all(MessageType::Failure, failure).unwrap();
    let mut rewrite = Rewrite::new(&scan);
    rewrite.remove_payload(0);
    assert_eq!(rewrite.finish().unwrap().to_bytes(), [len(1, "why"), len(3, "stack")].concat());
}

#[test]
#[should_panic(expected = "the outermost message cannot be removed")]
fn the_outermost_message_is_not_removed() {
    let scan = Scan::all(SIGNAL, message()).unwrap();
    Rewrite::new(&scan).remove(scan.root().id());
}
