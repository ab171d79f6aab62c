//! Fuzzes the scan: what a walk reports is inside the message and properly nested, and a scan holds the same.
#![no_main]

#[path = "../../crates/extstore-wire/tests/support/roots.rs"]
mod roots;

use std::ops::Range;

use bytes::Bytes;
use extstore_wire::{Capture, Entered, Fault, Found, RawField, Scan, Value, Visitor, fields, walk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((message, bytes)) = roots::split(input) else { return };
    let whole = 0..bytes.len();
    let mut checks = Checks { open: vec![whole], at: 0, payloads: 0 };
    let walked = walk(message, bytes, &mut checks);
    let scan = Scan::all(message, Bytes::copy_from_slice(bytes));
    match (walked, scan) {
        (Ok(()), Ok(scan)) => holds(&scan, &checks, bytes),
        (Ok(()), Err(Fault::TooMany)) => {}
        (Err(walked), Err(scanned)) => assert_eq!(walked, scanned),
        (walked, scan) => panic!("{walked:?}, {scan:?}"),
    }
});

fn holds(scan: &Scan, checks: &Checks, bytes: &[u8]) {
    assert_eq!(checks.open.len(), 1);
    assert_eq!(scan.leaves().len(), checks.payloads);
    assert!(fields(bytes).all(|field| field.is_ok()));
    for leaf in scan.leaves() {
        assert!(!scan.path(leaf).is_empty());
    }
    for frame in scan.frames() {
        assert!(frame.parent().is_none_or(|parent| {
            let (inner, outer) = (frame.range(), parent.range());
            outer.start < inner.start && inner.end <= outer.end
        }));
        assert!(frame.children().all(|child| child.parent().is_some_and(|parent| parent.id() == frame.id())));
        let _ = (frame.command(), frame.text(Capture::Namespace), frame.number(Capture::EventId));
    }
}

struct Checks {
    open: Vec<Range<usize>>,
    at: usize,
    payloads: usize,
}

impl Checks {
    fn comes_next(&mut self, field: &RawField) {
        let around = self.open.last().expect("the message is open");
        assert!(around.start <= field.tag_at && field.end <= around.end);
        assert!(self.at <= field.tag_at && field.tag_at < field.length_at);
        assert!(field.length_at < field.start && field.start <= field.end);
        self.at = field.start;
    }
}

impl Visitor for Checks {
    fn enter(&mut self, entered: Entered) {
        self.comes_next(&entered.field);
        self.open.push(entered.field.start..entered.field.end);
    }

    fn leave(&mut self) {
        self.at = self.open.pop().expect("what ends has begun").end;
    }

    fn capture(&mut self, _: Capture, value: Value) {
        let around = self.open.last().expect("the message is open");
        if let Value::Bytes { start, end } = value {
            assert!(around.start < start && start <= end && end <= around.end);
        }
    }

    fn payload(&mut self, found: &Found<'_>) {
        self.comes_next(&found.field);
        self.at = found.field.end;
        self.payloads += 1;
        assert!(fields(found.bytes()).all(|field| field.is_ok()));
        let _ = found.metadata().count();
    }
}
