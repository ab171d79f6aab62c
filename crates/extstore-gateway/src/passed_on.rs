//! What is not understood stays as it stands, and is counted.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use extstore::Event;
use extstore_wire::{MessageType, Scan, Skip, Skipped};

use crate::exchange::Exchange;

/// So many numbers are warned about; a defect that makes ever new ones does not fill the memory.
const MAX_WARNED: usize = 64;

/// The numbers of commands that were warned about.
#[derive(Debug, Default)]
pub(crate) struct Warned(Mutex<BTreeSet<u32>>);

/// Counts a message that is passed on whole.
pub(crate) fn malformed(exchange: &Exchange) {
    observe(exchange, "malformed");
}

/// Counts what a scan left as it stands; warns of a command that this version does not know, once for each number.
pub(crate) fn report(exchange: &Exchange, scan: &Scan) {
    for skip in scan.skips() {
        let reason = reason(scan, skip);
        if let (UNKNOWN_COMMAND, Skipped::UnknownField { number, .. }) = (reason, skip.why) {
            exchange.shared.warned.of(number);
        }
        observe(exchange, reason);
    }
    if scan.skipped() > scan.skips().len() {
        observe(exchange, "and_more");
    }
}

const UNKNOWN_COMMAND: &str = "unknown_command";

fn reason(scan: &Scan, skip: &Skip) -> &'static str {
    match skip.why {
        Skipped::UnknownField { message: MessageType::Command, .. }
            if scan.frame(skip.frame).command().is_none() =>
        {
            UNKNOWN_COMMAND
        }
        Skipped::UnknownField { .. } => "unknown_field",
        Skipped::UnknownAny => "unknown_any",
        Skipped::UnknownEncoding => "unknown_encoding",
        Skipped::UnknownEnvelope => "unknown_envelope",
        Skipped::MalformedContent => "malformed_content",
        Skipped::Split => "split",
        _ => "unknown",
    }
}

impl Warned {
    fn of(&self, number: u32) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if numbers.len() < MAX_WARNED && numbers.insert(number) {
            tracing::warn!(
                number,
                "a command of this field number is newer than this version of extstore: its payloads stay inline"
            );
        }
    }
}

fn observe(exchange: &Exchange, reason: &'static str) {
    if let Some(storage) = exchange.storage() {
        storage.observe(&Event::passed_on(reason));
    }
}
