//! Defines what the gateway remembers of polled tasks, runs and pages of history.

use std::sync::Arc;

use bytes::Bytes;
use extstore::{ExecutionTarget, Target};
use extstore_wire::{Frame, MessageType};

use super::memory::Weighed;

/// Names the field `PollWorkflowTaskQueueResponse.query`: the legacy form, which an RPC of its own answers.
pub(super) const LEGACY_QUERY: u32 = 10;

/// Describes a polled task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// The kind of the task.
    pub(crate) kind: TaskKind,
    /// The namespace of the poll.
    pub(crate) namespace: String,
    /// The workflow that runs or that scheduled the activity, or the standalone activity, or the Nexus operation.
    pub(crate) target: Option<Target>,
    /// The parent of the workflow.
    pub(crate) parent: Option<ExecutionTarget>,
    /// The attempt, from 1.
    pub(crate) attempt: u32,
    /// The event that started the workflow task before this one; 0 where there was none. Events up to it are replayed.
    pub(crate) previous_started_event_id: u64,
}

/// Names the kind of a polled task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskKind {
    Workflow,
    /// A query that is a task of its own.
    Query,
    Activity,
    Nexus,
}

/// Holds the facts that only the first event of a run tells: a sticky poll does not repeat them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// The parent of the workflow.
    pub(crate) parent: Option<ExecutionTarget>,
}

/// Names the task that a page of history belongs to, as a poll's answer announced it.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The token of the task.
    pub(crate) task_token: Bytes,
    /// Events up to this one are replayed.
    pub(crate) previous_started_event_id: u64,
}

impl TaskKind {
    /// Says whether a message of this type is a task.
    pub(crate) fn is_task(message: MessageType) -> bool {
        matches!(
            message,
            MessageType::PollWorkflowTaskQueueResponse
                | MessageType::PollActivityTaskQueueResponse
                | MessageType::PollNexusTaskQueueResponse
        )
    }

    /// Returns the kind of task that a message is; none where it is no task. It looks at every message in a workflow
    /// task, so it is not for every payload.
    pub(crate) fn of(frame: Frame<'_>) -> Option<Self> {
        let is_query = || frame.children().any(|child| child.field() == LEGACY_QUERY);
        match frame.message() {
            MessageType::PollWorkflowTaskQueueResponse if is_query() => Some(Self::Query),
            MessageType::PollWorkflowTaskQueueResponse => Some(Self::Workflow),
            MessageType::PollActivityTaskQueueResponse => Some(Self::Activity),
            MessageType::PollNexusTaskQueueResponse => Some(Self::Nexus),
            _ => None,
        }
    }
}

impl Task {
    /// Returns the run of the task's workflow; empty where there is none.
    pub(super) fn run_id(&self) -> &str {
        match &self.target {
            Some(Target::Workflow(execution)) => &execution.run_id,
            _ => "",
        }
    }
}

/// Returns a target if at least its id is known: a target without an id would be wrong.
pub(crate) fn named(
    wrap: impl FnOnce(ExecutionTarget) -> Target,
    execution: ExecutionTarget,
) -> Option<Target> {
    (!execution.id.is_empty()).then(|| wrap(execution))
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
