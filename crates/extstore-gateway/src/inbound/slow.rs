//! `TMPRL1104`: workflow tasks that spent long on storage.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use extstore::{ExternalStorage, Message};
use extstore_wire::{Capture, MessageType, Scan};
use quick_cache::sync::Cache;

/// Tasks whose way in is remembered. What is forgotten is missing from a log line.
const TASKS: usize = 8192;
/// A workflow task's time-out is 10 seconds by default: half of it is worth a line, all of it a warning.
const NOTABLE: Duration = Duration::from_secs(5);
const SLOW: Duration = Duration::from_secs(10);

/// Storage work of one message in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// From the first request to the end of the last; overlapping requests count once.
    pub(crate) elapsed: Duration,
    /// How many payloads moved.
    pub(crate) payloads: usize,
    /// Their encoded bytes together.
    pub(crate) bytes: u64,
}

/// What workflow tasks spent on their way in, until their completion adds the way out.
pub(crate) struct SlowTasks(Cache<Bytes, Spent>);

/// How much a task's storage work deserves to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Quick,
    Notable,
    Slow,
}

impl SlowTasks {
    /// Remembers what a task spent on its way in.
    pub(crate) fn restored(&self, task_token: &[u8], spent: Spent) {
        if spent.payloads > 0 {
            self.0.insert(Bytes::copy_from_slice(task_token), spent);
        }
    }

    /// Adds what the task's completion spent, and logs `TMPRL1104` where the sum is long. Other requests complete none.
    pub(crate) fn completed(&self, storage: &ExternalStorage, request: &Scan, message: &Message) {
        let root = request.root();
        if root.message() != MessageType::RespondWorkflowTaskCompletedRequest {
            return;
        }
        let stored = Spent {
            elapsed: message.elapsed(),
            payloads: request.leaves().len(),
            bytes: request.leaves().iter().map(|leaf| leaf.encoded_len() as u64).sum(),
        };
        let token = root.bytes(Capture::TaskToken).unwrap_or_default();
        report(self.take(&token), stored, &storage.driver_types());
    }

    fn take(&self, task_token: &[u8]) -> Spent {
        self.0.remove(task_token).map(|(_, spent)| spent).unwrap_or_default()
    }
}

/// The lines carry counts and types, so they are fit for any log.
fn report(restored: Spent, stored: Spent, driver_types: &[&str]) {
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

impl Default for SlowTasks {
    fn default() -> Self {
        Self(Cache::new(TASKS))
    }
}

impl fmt::Debug for SlowTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlowTasks({} tasks)", self.0.len())
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

    #[test]
    fn a_task_is_forgotten_when_its_completion_takes_it() {
        let tasks = SlowTasks::default();
        tasks.restored(b"token", Spent { payloads: 1, ..Spent::default() });
        assert_eq!(tasks.0.len(), 1);
        assert_eq!(tasks.take(b"token").payloads, 1);
        assert_eq!(tasks.0.len(), 0);
    }
}
