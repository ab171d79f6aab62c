//! Remembers the task behind each task token: polls fill the memory, completions read it. Every entry belongs to a scope.
//!
//! A token is opaque: the gateway compares it and never reads it. It copies facts out of a message, so that no entry
//! keeps the message's buffer alive.

use std::sync::Arc;

use bytes::Bytes;
use extstore_wire::Frame;

use crate::scope::Scope;

mod learn;
mod memory;
mod task;

pub(crate) use learn::replayed_until;
use memory::Memory;
pub(crate) use task::{Page, Run, Task, TaskKind, named};

const TASKS_BYTES: u64 = 32 << 20;
const RUNS_BYTES: u64 = 16 << 20;
const PAGES_BYTES: u64 = 8 << 20;

/// Holds the tasks, runs and pages that the polls of this process have brought. Each map is bounded in bytes and
/// forgets the least used entry first.
///
/// A forgotten entry costs a target, never a payload: the payloads of a completion whose token is unknown are stored
/// under the namespace alone.
#[derive(Debug)]
pub(crate) struct Identities {
    tasks: Memory<Arc<Task>>,
    runs: Memory<Arc<Run>>,
    pages: Memory<Page>,
    /// The latest task of each run.
    open: Memory<Page>,
}

impl Identities {
    /// Remembers a polled task; of a workflow task also the start of its history and the token of its next page.
    /// `scope` is the request's. Returns none where the message is no task or holds none.
    pub(crate) fn learn_task(&self, frame: Frame<'_>, scope: &Scope) -> Option<Arc<Task>> {
        let kind = TaskKind::of(frame)?;
        let task = learn::task(frame, kind, scope.namespace());
        match kind {
            TaskKind::Workflow | TaskKind::Query => self.learn_workflow_task(frame, scope, task),
            TaskKind::Activity | TaskKind::Nexus => {
                let token = self.keep_task(frame, scope, task)?;
                self.find(scope, &token)
            }
        }
    }

    fn learn_workflow_task(&self, frame: Frame<'_>, scope: &Scope, task: Task) -> Option<Arc<Task>> {
        let run = scope.key(task.run_id().as_bytes());
        let previous_started_event_id = task.previous_started_event_id;
        self.learn_history(frame, scope, task.run_id());
        let token = self.keep_task(frame, scope, task)?;
        if let Some(run) = run {
            self.open.keep(run, Page { task_token: token.clone(), previous_started_event_id });
        }
        if let Some((page, content)) = learn::next_page(frame, &token) {
            self.learn_page(scope, &page, content);
        }
        self.find(scope, &token)
    }

    /// Remembers the facts of a run's first event, if `frame` holds it: a polled task, or the answer of
    /// `GetWorkflowExecutionHistory`.
    pub(crate) fn learn_history(&self, frame: Frame<'_>, scope: &Scope, run_id: &str) {
        let Some(key) = scope.key(run_id.as_bytes()).filter(|_| !run_id.is_empty()) else { return };
        if let Some(run) = learn::started(frame, scope.namespace()) {
            self.runs.keep(key, Arc::new(run));
        }
    }

    /// Remembers the task that a page of history belongs to.
    pub(crate) fn learn_page(&self, scope: &Scope, page_token: &[u8], page: Page) {
        if let Some(key) = scope.key(page_token).filter(|_| !page_token.is_empty()) {
            self.pages.keep(key, page);
        }
    }

    /// Returns the task behind a token, if it is still known in the scope. Its parent may have been learnt after it.
    ///
    /// A caller can send any bytes as a token; one of another namespace lends it nothing.
    pub(crate) fn find(&self, scope: &Scope, token: &[u8]) -> Option<Arc<Task>> {
        let task = self.tasks.find(&scope.key(token)?)?;
        if task.parent.is_some() || task.kind != TaskKind::Workflow {
            return Some(task);
        }
        match self.find_run(scope, task.run_id()).and_then(|run| run.parent.clone()) {
            Some(parent) => Some(Arc::new(Task { parent: Some(parent), ..Task::clone(&task) })),
            None => Some(task),
        }
    }

    /// Returns the facts of a run, if its first event was seen.
    pub(crate) fn find_run(&self, scope: &Scope, run_id: &str) -> Option<Arc<Run>> {
        self.runs.find(&scope.key(run_id.as_bytes())?)
    }

    /// Returns the task that a page of history belongs to, if a polled task announced the page.
    pub(crate) fn find_page(&self, scope: &Scope, page_token: &[u8]) -> Option<Page> {
        self.pages.find(&scope.key(page_token)?)
    }

    /// Returns the task that the first page of a run's history belongs to: the latest of the run that was polled in
    /// this process. If that is not the open one, more events are restored than necessary, never fewer.
    pub(crate) fn find_open_page(&self, scope: &Scope, run_id: &str) -> Option<Page> {
        self.open.find(&scope.key(run_id.as_bytes())?)
    }

    /// Keeps a task under its token, and returns a copy of the token.
    fn keep_task(&self, frame: Frame<'_>, scope: &Scope, task: Task) -> Option<Bytes> {
        let token = learn::token(frame)?;
        self.tasks.keep(scope.key(&token)?, Arc::new(task));
        Some(Bytes::copy_from_slice(&token))
    }
}

impl Default for Identities {
    fn default() -> Self {
        Self {
            tasks: Memory::new(TASKS_BYTES),
            runs: Memory::new(RUNS_BYTES),
            pages: Memory::new(PAGES_BYTES),
            open: Memory::new(PAGES_BYTES),
        }
    }
}

#[cfg(test)]
mod tests;
