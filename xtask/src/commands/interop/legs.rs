//! Moves one payload from a writer to a reader in a workflow of its own, and checks what must have been seen of it.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use super::content::{SIZE, seen};
use super::peer::{Answer, Peer};
use super::{evidence, raw};

/// The identity of the leg is its workflow's id and its content's seed, so that no two legs share an object.
#[derive(Debug)]
pub(super) struct Leg<'r> {
    pub(super) id: String,
    pub(super) writer: &'r Peer,
    pub(super) reader: &'r Peer,
    pub(super) server: SocketAddr,
    pub(super) bucket: &'r str,
}

/// Says why a leg failed. A text that begins with `inline` is an outcome of its own.
pub(super) type Proof = Result<(), String>;

impl Leg<'_> {
    /// Starts a workflow on the worker of `on`; `send` is `content`, `order` or `nothing`. An order names the worker
    /// of `activities`.
    pub(super) fn start(&self, by: &Peer, name: &str, on: &Peer, send: &str, activities: &Peer) -> Proof {
        let command = json!({"do": "start", "name": name, "task_queue": on.queue, "send": send});
        self.ask(by, command, activities).map(drop)
    }

    /// Starts a workflow with the content as a memo field.
    pub(super) fn start_with_memo(&self, by: &Peer, name: &str, on: &Peer) -> Proof {
        let command = json!({"do": "start", "name": name, "task_queue": on.queue, "memo": true});
        self.ask(by, command, on).map(drop)
    }

    /// Sends a signal, a query or an update and returns what comes back.
    pub(super) fn call(&self, by: &Peer, kind: &str, name: &str, send: &str) -> Answer {
        self.ask(by, json!({"do": kind, "name": name, "send": send}), by)
    }

    /// Ends a `Listen` and returns its result.
    pub(super) fn finish(&self) -> Answer {
        self.call(self.writer, "signal", "finish", "nothing")?;
        self.awaited("result", self.writer)
    }

    /// Waits for `result` or `failure`, or describes `memo`.
    pub(super) fn awaited(&self, what: &str, by: &Peer) -> Answer {
        self.ask(by, json!({"do": what}), by)
    }

    fn ask(&self, by: &Peer, mut command: Value, activities: &Peer) -> Answer {
        command["workflow_id"] = json!(self.id);
        command["order"] = self.order(activities);
        by.ask(command)
    }

    fn order(&self, activities: &Peer) -> Value {
        json!({"seed": self.id, "size": SIZE, "task_queue": activities.queue})
    }

    /// The reader must have reported the digest that the content has.
    pub(super) fn exact(&self, told: &str) -> Proof {
        let expected = seen(&self.id);
        if told == expected {
            Ok(())
        } else {
            Err(format!("the reader saw {told:?} instead of {expected:?}"))
        }
    }

    /// The history holds a reference at this place, and what it refers to went from the writer to the reader.
    pub(super) fn moved(&self, pointer: &str) -> Proof {
        let history = raw::history(self.server, &self.id)?;
        let payload = evidence::find(&history, pointer).ok_or_else(|| format!("no event has {pointer}"))?;
        let key = evidence::key(payload, self.bucket)?;
        match (self.writer.tap.has_put(&key), self.reader.tap.has_got(&key)) {
            (true, true) => Ok(()),
            (false, _) => Err(format!("{} did not store {key}", self.writer.sdk)),
            (_, false) => Err(format!("{} did not fetch {key}", self.reader.sdk)),
        }
    }

    /// Checks that the writer stored an object for this workflow that the reader fetched: for what no history holds.
    pub(super) fn stored_and_fetched(&self) -> Proof {
        let stored = self.writer.tap.put_for(&self.id);
        if stored.is_empty() {
            return Err(format!("inline: {} stored nothing for this workflow", self.writer.sdk));
        }
        match stored.iter().any(|key| self.reader.tap.has_got(key)) {
            true => Ok(()),
            false => Err(format!("{} fetched nothing of what {} stored", self.reader.sdk, self.writer.sdk)),
        }
    }

    /// Checks that what the worker of a `Listen` answers to a query is a reference when it leaves the worker.
    pub(super) fn answers_with_a_reference(&self, query: &str, on: &Peer) -> Proof {
        let answer = raw::query(self.server, &self.id, query, &self.order(on))?;
        evidence::key(&answer["queryResult"]["payloads"][0], self.bucket).map(drop)
    }

    /// Adds to a reason why tasks failed, if they did.
    pub(super) fn explained(&self, reason: String) -> String {
        let history = raw::history(self.server, &self.id).unwrap_or_default();
        match evidence::failures(&history).last() {
            Some(failure) => format!("{reason}; a task failed: {failure}"),
            None => reason,
        }
    }

    /// Keeps the history as a replayer reads it.
    pub(super) fn keep(&self, directory: &Path) -> Proof {
        let history = raw::history(self.server, &self.id)?;
        let path = directory.join(format!("{}.json", self.id));
        fs::write(&path, history.to_string()).map_err(|error| format!("{}: {error}", path.display()))
    }
}
