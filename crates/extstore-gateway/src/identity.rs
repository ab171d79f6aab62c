//! Who a task token stands for: filled from polls, asked by completions.

use std::sync::Arc;

use extstore::{ExecutionTarget, Target};

/// What the polls of this process taught. Bounded; the oldest entries are forgotten.
#[derive(Debug, Default)]
pub(crate) struct Identities {}

/// A polled task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Which kind of task it is.
    pub(crate) kind: TaskKind,
    /// The workflow that runs or that scheduled the activity, or the standalone activity, or the Nexus operation.
    pub(crate) target: Option<Target>,
    /// The parent of the workflow.
    pub(crate) parent: Option<ExecutionTarget>,
    /// The attempt, from 1.
    pub(crate) attempt: u32,
}

/// Which kind of task a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskKind {
    Workflow,
    Query,
    Activity,
    Nexus,
}

impl Identities {
    /// Remembers the task behind a token.
    pub(crate) fn learn(&self, token: &[u8], task: Task) {
        let _ = (token, task);
    }

    /// The task behind a token, if it is still known.
    pub(crate) fn find(&self, token: &[u8]) -> Option<Arc<Task>> {
        let _ = token;
        None
    }
}
