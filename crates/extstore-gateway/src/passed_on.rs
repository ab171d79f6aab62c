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
            warn(exchange, number);
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

fn warn(exchange: &Exchange, number: u32) {
    if exchange.shared.warned.is_new(number) {
        tracing::warn!(
            number,
            "a command of this field number is newer than this version of extstore: its payloads stay inline"
        );
    }
}

impl Warned {
    fn is_new(&self, number: u32) -> bool {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.len() < MAX_WARNED && numbers.insert(number)
    }
}

fn observe(exchange: &Exchange, reason: &'static str) {
    exchange.observe(&Event::passed_on(reason));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_new_once_and_a_flood_of_them_is_not() {
        let warned = Warned::default();
        assert!(warned.is_new(250));
        assert!(!warned.is_new(250));
        assert_eq!((1000..2000).filter(|number| warned.is_new(*number)).count(), MAX_WARNED - 1);
    }
}
