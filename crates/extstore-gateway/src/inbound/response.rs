//! Restores one response and reports the parts of it that fail.

use std::collections::HashMap;
use std::time::Duration;

use extstore::{Error, ErrorKind};
use extstore_wire::{Capture, Rewrite, Scan};
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::fetch::{Fate, Fetch};
use super::lazy::Replayed;
use super::left::Left;
use super::part::{self, Owner, Task};
use super::plan::{self, Part};
use super::references;
use super::unit::Unit;
use super::unrestored::{Unrestored, until_ended};
use crate::exchange::Exchange;
use crate::failure::{self, Path, Reason, TaskIds, Undelivered};
use crate::state::{FailedQuery, Spent};
use crate::{Answer, Status, passed_on};

/// Bounds the number of parts that are restored at the same time; requests to the store have budgets of their own.
const PARTS_AT_ONCE: usize = 16;

/// Bounds the time that the answer to a completion or a start waits for the payloads of the eager tasks in it. The
/// caller waits for the answer and not for these tasks.
const EAGER: Duration = Duration::from_secs(2);

/// Holds a response whose tasks are remembered and whose references are split into parts.
pub(super) struct Response<'a> {
    exchange: &'a Exchange,
    answer: Answer,
    /// None where the response is malformed; the caller gets it unchanged.
    scan: Option<Scan>,
    /// The reason why nothing of the response can be restored; `scan` is its outline then.
    refused: Option<Error>,
    parts: Vec<Part>,
    tasks: Vec<Task>,
    /// The tasks that go back to Temporal because their storage work was ended.
    undelivered: Vec<(Task, Undelivered)>,
    /// The identifiers of all tasks in the response, also of those that were reported as failed.
    ids: HashMap<Owner, TaskIds>,
    fetch: Fetch,
    left: Left,
    /// The task, if the response is a page of its history.
    history_of: Option<(Path, TaskIds)>,
}

/// Says what became of the references of each part, or why none was restored.
pub(super) type Restored = Vec<Result<Vec<Fate>, Unrestored>>;

impl<'a> Response<'a> {
    /// Reads a response and remembers the tasks in it.
    pub(super) fn read(exchange: &'a Exchange, answer: Answer, replayed: &Replayed) -> Self {
        let bytes = answer.body.to_bytes();
        let (length, response) = (bytes.len() as u64, exchange.rpc.response());
        let (mut parts, mut tasks, mut left) = (Vec::new(), Vec::new(), Left::default());
        let (scan, refused) = match references::find(response, bytes.clone()) {
            Ok(None) => {
                passed_on::malformed(exchange);
                (None, None)
            }
            Ok(scan) => (scan, None),
            Err(error) if Unit::of(exchange, replayed) == Unit::Payload => {
                left.add_failed(&error);
                (None, None)
            }
            Err(error) => (part::outline(response, bytes), Some(error)),
        };
        if let Some(scan) = &scan {
            passed_on::report(exchange, scan);
            part::learn(exchange, scan);
            replayed.learn(exchange, scan);
            tasks = part::tasks(scan);
            parts = match refused {
                None => plan::parts(exchange, scan, replayed, &mut left),
                Some(_) => plan::refused(&tasks),
            };
        }
        let length = length.saturating_sub(parts.iter().map(Part::freed).sum());
        // Payloads that are in memory take their room first.
        let own = plan::take_own(exchange, length, &mut parts);
        let fetch = Fetch::new(exchange, length.saturating_add(own));
        let history_of = replayed.task(exchange);
        let ids = tasks.iter().map(|task| (task.owner, task.ids.clone())).collect();
        let undelivered = Vec::new();
        Self { exchange, answer, scan, refused, parts, tasks, undelivered, ids, fetch, left, history_of }
    }

    /// Says whether nothing is known of the response but that it cannot be restored.
    pub(super) fn is_unreadable(&self) -> bool {
        self.scan.is_none() && self.refused.is_some()
    }

    /// Returns the tasks in the response that have not been reported as failed and do not go back.
    pub(super) fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Returns the tasks that go back to Temporal because their storage work was ended.
    pub(super) fn undelivered(&self) -> &[(Task, Undelivered)] {
        &self.undelivered
    }

    /// Fetches the payloads. All storage work for the response happens here. That for a task ends where its worker
    /// stops, and that for an eager task after [`EAGER`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests; no failure is reported.
    pub(super) async fn restore(&self) -> Restored {
        let time = (!self.exchange.is_poll()).then(|| Instant::now() + EAGER);
        let parts: Vec<_> = self.parts.iter().map(|part| self.restore_part(part, time)).collect();
        stream::iter(parts).buffered(PARTS_AT_ONCE).collect().await
    }

    async fn restore_part(&self, part: &Part, time: Option<Instant>) -> Result<Vec<Fate>, Unrestored> {
        if let Some(error) = &self.refused {
            return Err(Unrestored::Failed(error.clone()));
        }
        if let Some(own) = &part.own {
            return Ok(own.iter().cloned().map(Fate::Restored).collect());
        }
        if self.scan.as_ref().is_some_and(|scan| self.ids.contains_key(&part.owner.task(scan))) {
            return until_ended(self.exchange.worker_stops(), time, self.fetch.part(part)).await;
        }
        self.fetch.part(part).await.map_err(Unrestored::Failed)
    }

    /// Puts the restored payloads in their places and reports the parts that failed. Removes a task that was reported
    /// from the response and from [`tasks`](Self::tasks), and so a task whose storage work was ended, which is then among
    /// [`undelivered`](Self::undelivered).
    ///
    /// # Errors
    ///
    /// The status for the caller, where the response itself failed.
    pub(super) async fn finish(&mut self, restored: Restored) -> Result<Answer, Status> {
        let answer = std::mem::replace(&mut self.answer, Answer::empty());
        if let Some(error) = self.refused.take_if(|_| self.scan.is_none()) {
            return self.fail_unread(&error).await;
        }
        for fate in restored.iter().flatten().flatten() {
            match fate {
                Fate::Restored(_) => {}
                Fate::NoRoom => self.left.no_room += 1,
                Fate::Failed(error) => self.left.add_failed(error),
            }
        }
        self.left.tell(self.exchange);
        let Some(scan) = self.scan.take().filter(|_| !self.parts.is_empty()) else { return Ok(answer) };
        self.remember_spent(&scan, &restored);
        let mut rewrite = Rewrite::new(&scan);
        if !self.take_undelivered(&scan, &restored, &mut rewrite) {
            return Ok(Answer::empty());
        }
        let mut failed = Failed::default();
        for (part, outcome) in self.parts.iter().zip(&restored) {
            match (outcome, part.owner) {
                (Ok(fates), _) => replace(&mut rewrite, part, fates),
                (Err(Unrestored::Ended(_)), _) => {}
                (Err(Unrestored::Failed(error)), Owner::Root) => {
                    self.tasks.clear();
                    return self.fail(&scan, part.owner, error).await;
                }
                (Err(Unrestored::Failed(error)), owner) if self.goes_back(&scan, owner) => {
                    tracing::debug!("a payload of a task that goes back could not be restored: {error}");
                }
                (Err(Unrestored::Failed(error)), Owner::Task(frame)) => {
                    self.tasks.retain(|task| task.owner != part.owner);
                    // The report deals with the task; its reply would answer a poll, and this is none.
                    let _ = self.fail(&scan, part.owner, error).await;
                    rewrite.remove(frame);
                }
                (Err(Unrestored::Failed(error)), Owner::Query(frame)) => {
                    let _ = self.fail(&scan, part.owner, error).await;
                    failed.add(&scan, part.owner, self.task_ids(&scan, part.owner), error);
                    rewrite.remove(frame);
                }
            }
        }
        failed.keep(self.exchange);
        match rewrite.finish() {
            Ok(body) => Ok(Answer { body, ..answer }),
            Err(_) => self.fail(&scan, Owner::Root, &above_protobuf()).await,
        }
    }

    /// Reports a response of which not even the tasks could be read, and returns the answer to the caller.
    async fn fail_unread(&self, error: &Error) -> Result<Answer, Status> {
        let (path, task) = self.history_of.clone().unwrap_or((Path::InboundResponse, TaskIds::default()));
        let failed = failure::conclude(self.exchange, path, &task, Reason::Storage(error)).await;
        // A poller takes an error for the end of polling.
        if self.exchange.is_poll() { Ok(Answer::empty()) } else { failed }
    }

    /// Takes the tasks out of the response whose storage work was ended. Says whether anything is left: a polled task is
    /// all of its response.
    fn take_undelivered(&mut self, scan: &Scan, restored: &Restored, rewrite: &mut Rewrite<'_>) -> bool {
        for (part, outcome) in self.parts.iter().zip(restored) {
            let Err(Unrestored::Ended(why)) = outcome else { continue };
            let owner = part.owner.task(scan);
            if let Owner::Task(frame) = owner {
                rewrite.remove(frame);
            }
            let ended = self.tasks.extract_if(.., |task| task.owner == owner);
            self.undelivered.extend(ended.map(|task| (task, *why)));
        }
        !self.undelivered.iter().any(|(task, _)| task.owner == Owner::Root)
    }

    /// Says whether the task of a part is among the undelivered.
    fn goes_back(&self, scan: &Scan, owner: Owner) -> bool {
        let task = owner.task(scan);
        self.undelivered.iter().any(|(undelivered, _)| undelivered.owner == task)
    }

    async fn fail(&self, scan: &Scan, owner: Owner, error: &Error) -> Result<Answer, Status> {
        let (path, task) = match (&self.history_of, owner) {
            (Some(task), Owner::Root) => task.clone(),
            (None, Owner::Root) | (_, Owner::Task(_) | Owner::Query(_)) => {
                (owner.path(scan), self.task_ids(scan, owner))
            }
        };
        failure::conclude(self.exchange, path, &task, Reason::of(self.exchange, error)).await
    }

    /// Returns the identifiers of the task that an owner is, or is in; empty ones where it is in none.
    fn task_ids(&self, scan: &Scan, owner: Owner) -> TaskIds {
        self.ids.get(&owner.task(scan)).cloned().unwrap_or_default()
    }

    /// Remembers the storage work for the workflow task of this response, for `TMPRL1104`.
    fn remember_spent(&self, scan: &Scan, restored: &Restored) {
        let Some(work) = self.fetch.work() else { return };
        let restored = || restored.iter().flatten().flatten();
        let payloads =
            || restored().filter_map(|fate| if let Fate::Restored(one) = fate { Some(one) } else { None });
        let spent = Spent {
            elapsed: work.elapsed(),
            payloads: payloads().count(),
            bytes: payloads().map(|payload| payload.encoded_len() as u64).sum(),
        };
        let mut owners = self.parts.iter().map(|part| part.owner);
        if let Some(owner) = owners.find(|owner| owner.path(scan) == Path::InboundWorkflowTask) {
            self.exchange.state.slow_tasks.add_restored(
                &self.exchange.scope,
                self.task_ids(scan, owner).token(),
                spent,
            );
        }
    }
}

/// Collects the failed queries of one response, which holds one workflow task at most.
#[derive(Default)]
struct Failed {
    token: bytes::Bytes,
    queries: Vec<FailedQuery>,
}

impl Failed {
    fn add(&mut self, scan: &Scan, owner: Owner, task: TaskIds, error: &Error) {
        let id = owner.frame(scan).text(Capture::QueryId).unwrap_or_default().to_owned();
        let text = failure::public(Path::InboundQueryInTask, Reason::Storage(error));
        self.token = task.token().clone();
        self.queries.push(FailedQuery { id, text });
    }

    fn keep(self, exchange: &Exchange) {
        exchange.state.failed_queries.keep(&exchange.scope, &self.token, self.queries);
    }
}

fn replace(rewrite: &mut Rewrite<'_>, part: &Part, fates: &[Fate]) {
    for (leaf, fate) in part.leaves.iter().zip(fates) {
        if let Fate::Restored(payload) = fate {
            rewrite.replace(*leaf, payload.body().segments().iter().cloned());
        }
    }
}

fn above_protobuf() -> Error {
    ErrorKind::TooLarge.error("the message would be above the 2 GiB of protobuf with its payloads restored")
}
