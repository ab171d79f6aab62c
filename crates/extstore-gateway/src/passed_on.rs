//! Reports messages and fields that the wire engine could not parse and that are forwarded unchanged.

use extstore::Event;
use extstore_wire::{MessageType, Scan, Skip, Skipped};

use crate::exchange::Exchange;

/// Counts a message that is forwarded whole, because it is malformed.
pub(crate) fn malformed(exchange: &Exchange) {
    observe(exchange, "malformed");
}

/// Counts the fields that a scan skipped. Warns of a command that this version does not know, once for each number.
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
    if exchange.state.warned.add(number) {
        tracing::warn!(
            number,
            "a command of this field number is newer than this version of extstore: its payloads stay inline"
        );
    }
}

fn observe(exchange: &Exchange, reason: &'static str) {
    exchange.observe(&Event::passed_on(reason));
}
