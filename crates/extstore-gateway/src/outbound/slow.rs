//! Logs `TMPRL1104` for workflow tasks that spent a long time on storage.

use std::fmt;
use std::time::Duration;

use extstore::{ExternalStorage, Message};
use extstore_wire::{Capture, MessageType, Scan};

use crate::completion;
use crate::exchange::Exchange;
use crate::state::{Spent, Work};

/// These constants set the storage times above which a workflow task gets a log line, or a warning: half of its time-out,
/// which is 10 seconds by default, and all of it.
const NOTABLE: Duration = Duration::from_secs(5);
const SLOW: Duration = Duration::from_secs(10);

/// Names the log level for a workflow task's storage time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Quick,
    Notable,
    Slow,
}

/// Adds what a workflow task's completion spent on storage to what its poll and its earlier pages spent, and logs a sum
/// that is long. Other requests complete no task.
pub(super) fn report(exchange: &Exchange, storage: &ExternalStorage, request: &Scan, work: &Message) {
    let root = request.root();
    if root.message() != MessageType::RespondWorkflowTaskCompletedRequest {
        return;
    }
    let stored = Spent {
        elapsed: work.elapsed(),
        payloads: request.leaves().len(),
        bytes: request.leaves().iter().map(|leaf| leaf.encoded_len() as u64).sum(),
    };
    let token = root.bytes(Capture::TaskToken).unwrap_or_default();
    let tasks = &exchange.state.slow_tasks;
    if completion::is_intermediate_page(request.bytes()) {
        tasks.add_stored(&exchange.scope, &token, stored);
        return;
    }
    let Work { restored, stored: earlier } = tasks.finish(&exchange.scope, &token);
    log(restored, earlier + stored, &storage.driver_types());
}

/// Logs a line of counts and driver types, which are fit for any log.
fn log(restored: Spent, stored: Spent, driver_types: &[&str]) {
    let line = Line { restored, stored, driver_types };
    match weight(restored.elapsed + stored.elapsed) {
        Weight::Quick => {}
        Weight::Notable => tracing::info!("{line}"),
        Weight::Slow => tracing::warn!("{line}"),
    }
}

fn weight(elapsed: Duration) -> Weight {
    match elapsed {
        elapsed if elapsed > SLOW => Weight::Slow,
        elapsed if elapsed > NOTABLE => Weight::Notable,
        _ => Weight::Quick,
    }
}

struct Line<'a> {
    restored: Spent,
    stored: Spent,
    driver_types: &'a [&'a str],
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = (self.restored.elapsed + self.stored.elapsed).as_secs_f64();
        write!(f, "[TMPRL1104] External storage took {total:.1} s of a workflow task: ")?;
        write!(f, "restored {}, stored {}, ", Share(self.restored), Share(self.stored))?;
        write!(f, "driver types {}", self.driver_types.join(", "))
    }
}

struct Share(Spent);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spent { elapsed, payloads, bytes } = self.0;
        write!(f, "{payloads} payloads of {bytes} bytes in {:.1} s", elapsed.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_seconds_are_notable_and_ten_are_slow() {
        let cases = [(5_000, Weight::Quick), (5_001, Weight::Notable), (10_000, Weight::Notable)];
        for (millis, expected) in cases {
            assert_eq!(weight(Duration::from_millis(millis)), expected);
        }
        assert_eq!(weight(Duration::from_millis(10_001)), Weight::Slow);
    }

    #[test]
    fn the_line_names_code_seconds_payloads_bytes_and_driver_types() {
        let restored = Spent { elapsed: Duration::from_millis(4_200), payloads: 2, bytes: 9_000 };
        let stored = Spent { elapsed: Duration::from_millis(7_000), payloads: 1, bytes: 500 };
        let line = Line { restored, stored, driver_types: &["aws.s3driver", "redis"] }.to_string();
        for part in [
            "[TMPRL1104]",
            "11.2 s",
            "2 payloads of 9000 bytes",
            "1 payloads of 500 bytes",
            "aws.s3driver, redis",
        ] {
            assert!(line.contains(part), "{part:?} is missing in {line:?}");
        }
    }
}
