//! Who a task token stands for: filled from polls, asked by completions.
//!
//! A token is opaque: it is compared, never read. What is learnt is copied out of the message, so that no entry keeps a
//! message's buffer alive.

use std::sync::Arc;

use bytes::Bytes;
use extstore::{ExecutionTarget, Target};
use extstore_wire::Frame;

mod learn;
mod memory;

pub(crate) use learn::replayed_until;
use memory::{Memory, Weighed};

/// Tokens are below 200 bytes; one that is longer than this is not remembered.
const MAX_TOKEN: usize = 4096;
const TASKS_BYTES: u64 = 32 << 20;
const RUNS_BYTES: u64 = 16 << 20;
const PAGES_BYTES: u64 = 8 << 20;

/// What the polls of this process taught. Bounded; what was used least is forgotten first.
///
/// What is forgotten costs a target, never a payload: a completion whose token is not known is stored under the
/// namespace alone.
#[derive(Debug)]
pub(crate) struct Identities {
    tasks: Memory<Arc<Task>>,
    runs: Memory<Arc<Run>>,
    pages: Memory<Page>,
    /// The latest task of a run.
    open: Memory<Page>,
}

/// A polled task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Which kind of task it is.
    pub(crate) kind: TaskKind,
    /// The namespace of the poll.
    pub(crate) namespace: String,
    /// The workflow that runs or that scheduled the activity, or the standalone activity, or the Nexus operation.
    pub(crate) target: Option<Target>,
    /// The parent of the workflow.
    pub(crate) parent: Option<ExecutionTarget>,
    /// The attempt, from 1.
    pub(crate) attempt: u32,
    /// The event that started the workflow task before this one; 0 where there was none. What is older is replayed.
    pub(crate) previous_started_event_id: u64,
}

/// Which kind of task a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskKind {
    Workflow,
    Query,
    Activity,
    Nexus,
}

/// What only the first event of a run tells: a sticky poll does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// The parent of the workflow.
    pub(crate) parent: Option<ExecutionTarget>,
}

/// Where a page of history belongs that a poll's answer announced.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The token of the task that the history belongs to.
    pub(crate) task_token: Bytes,
    /// What is older than this event is replayed.
    pub(crate) previous_started_event_id: u64,
}

impl Identities {
    /// Remembers the task of a `PollWorkflowTaskQueueResponse`, the start of its history, and the token of its next
    /// page; `namespace` is the request's. None where the answer holds no task.
    pub(crate) fn learn_workflow_task(&self, frame: Frame<'_>, namespace: &str) -> Option<Arc<Task>> {
        let task = learn::workflow_task(frame, namespace);
        self.learn_history(frame, namespace, learn::run_id(&task));
        let token = self.keep_task(frame, task)?;
        if let Some(task) = self.tasks.find(&token) {
            let previous_started_event_id = task.previous_started_event_id;
            let page = Page { task_token: token.clone(), previous_started_event_id };
            self.open.keep(&run_key(namespace, learn::run_id(&task)), page);
        }
        if let Some((page, content)) = learn::next_page(frame, &token) {
            self.learn_page(&page, content);
        }
        self.find(&token)
    }

    /// Remembers the task of a `PollActivityTaskQueueResponse`. None where the answer holds no task.
    pub(crate) fn learn_activity_task(&self, frame: Frame<'_>, namespace: &str) -> Option<Arc<Task>> {
        let token = self.keep_task(frame, learn::activity_task(frame, namespace))?;
        self.find(&token)
    }

    /// Remembers the task of a `PollNexusTaskQueueResponse`. None where the answer holds no task.
    pub(crate) fn learn_nexus_task(&self, frame: Frame<'_>, namespace: &str) -> Option<Arc<Task>> {
        let token = self.keep_task(frame, learn::nexus_task(frame, namespace))?;
        self.find(&token)
    }

    /// Remembers what the first event of a run says, if it is somewhere inside `frame`: a polled task, or the answer of
    /// `GetWorkflowExecutionHistory`.
    pub(crate) fn learn_history(&self, frame: Frame<'_>, namespace: &str, run_id: &str) {
        if let Some(run) = learn::started(frame, namespace).filter(|_| !run_id.is_empty()) {
            self.runs.keep(&run_key(namespace, run_id), Arc::new(run));
        }
    }

    /// Remembers where a page of history belongs.
    pub(crate) fn learn_page(&self, page_token: &[u8], page: Page) {
        if (1..=MAX_TOKEN).contains(&page_token.len()) {
            self.pages.keep(page_token, page);
        }
    }

    /// The task behind a token, if it is still known. Its parent may have been learnt after it.
    pub(crate) fn find(&self, token: &[u8]) -> Option<Arc<Task>> {
        let task = self.tasks.find(token)?;
        if task.parent.is_some() || task.kind != TaskKind::Workflow {
            return Some(task);
        }
        match self.find_run(&task.namespace, learn::run_id(&task)).and_then(|run| run.parent.clone()) {
            Some(parent) => Some(Arc::new(Task { parent: Some(parent), ..Task::clone(&task) })),
            None => Some(task),
        }
    }

    /// What is known of a run, if its first event was seen.
    pub(crate) fn find_run(&self, namespace: &str, run_id: &str) -> Option<Arc<Run>> {
        self.runs.find(&run_key(namespace, run_id))
    }

    /// Where a page of history belongs, if a polled task announced it.
    pub(crate) fn find_page(&self, page_token: &[u8]) -> Option<Page> {
        self.pages.find(page_token)
    }

    /// The beginning of a run's history, if one of its tasks was polled in this process. It belongs to the latest: to
    /// take an older task for the open one would restore more events than it must, never fewer.
    pub(crate) fn find_open_page(&self, namespace: &str, run_id: &str) -> Option<Page> {
        self.open.find(&run_key(namespace, run_id))
    }

    /// Keeps a task under its token, and returns a copy of that.
    fn keep_task(&self, frame: Frame<'_>, task: Task) -> Option<Bytes> {
        let token = learn::token(frame).filter(|token| token.len() <= MAX_TOKEN)?;
        self.tasks.keep(&token, Arc::new(task));
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

impl Weighed for Arc<Task> {
    fn bytes(&self) -> usize {
        let target = match &self.target {
            Some(Target::Workflow(execution) | Target::Activity(execution)) => length(execution),
            Some(Target::Nexus(nexus)) => nexus.endpoint.len() + nexus.service.len() + nexus.operation.len(),
            _ => 0,
        };
        self.namespace.len() + target + self.parent.as_ref().map_or(0, length)
    }
}

impl Weighed for Arc<Run> {
    fn bytes(&self) -> usize {
        self.parent.as_ref().map_or(0, length)
    }
}

impl Weighed for Page {
    fn bytes(&self) -> usize {
        self.task_token.len()
    }
}

fn length(execution: &ExecutionTarget) -> usize {
    execution.namespace.len() + execution.type_name.len() + execution.id.len() + execution.run_id.len()
}

/// Neither a namespace nor a run id holds a zero byte.
fn run_key(namespace: &str, run_id: &str) -> Vec<u8> {
    [namespace.as_bytes(), &[0], run_id.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
