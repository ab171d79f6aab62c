//! Splits a response into parts that fail alone.

use extstore_wire::{Frame, FrameId, Leaf, MessageType, Scan};

use crate::exchange::Exchange;
use crate::failure::{Path, TaskIds};
use crate::identity::TaskKind;

/// The owner of payloads that fail together: a task, one query of a task, or the response itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The response itself: a polled task, or the response to a client's request.
    Root,
    /// An eager workflow task or activity inside another response.
    Task(FrameId),
    /// A query in a workflow task: an entry of the map `queries`.
    Query(FrameId),
}

impl Owner {
    pub(super) fn of(scan: &Scan, leaf: &Leaf) -> Self {
        for frame in scan.frame(leaf.frame()).ancestors() {
            if frame.message() == MessageType::PollWorkflowTaskQueueResponseQueriesEntry {
                return Self::Query(frame.id());
            }
            if frame.parent().is_some() && TaskKind::of(frame).is_some() {
                return Self::Task(frame.id());
            }
        }
        Self::Root
    }

    pub(super) fn frame(self, scan: &Scan) -> Frame<'_> {
        match self {
            Self::Root => scan.root(),
            Self::Task(frame) | Self::Query(frame) => scan.frame(frame),
        }
    }

    /// Returns the path of a failure.
    pub(super) fn path(self, scan: &Scan) -> Path {
        match self {
            Self::Query(_) => Path::InboundQueryInTask,
            Self::Root | Self::Task(_) => path_of(self.frame(scan)),
        }
    }

    /// Returns the identifiers of the task that it is, or is in; empty ones where it is in none.
    pub(super) fn task_ids(self, scan: &Scan) -> TaskIds {
        self.frame(scan).ancestors().find_map(TaskIds::of_task).unwrap_or_default()
    }
}

/// Returns the path of a message that may be a polled task.
fn path_of(message: Frame<'_>) -> Path {
    match TaskKind::of(message) {
        Some(TaskKind::Workflow) => Path::InboundWorkflowTask,
        Some(TaskKind::Query) => Path::InboundQueryTask,
        Some(TaskKind::Activity) => Path::InboundActivityTask,
        Some(TaskKind::Nexus) => Path::InboundNexusTask,
        None => Path::InboundResponse,
    }
}

/// A task in a response. It must reach a worker, or go back to Temporal.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) owner: Owner,
    pub(super) path: Path,
    pub(super) ids: TaskIds,
}

/// Returns the tasks in a response: the polled one, and eager ones.
pub(super) fn tasks(scan: &Scan) -> Vec<Task> {
    let task = |frame: Frame<'_>| {
        let ids = TaskIds::of_task(frame)?;
        let owner = frame.parent().map_or(Owner::Root, |_| Owner::Task(frame.id()));
        Some(Task { owner, path: path_of(frame), ids })
    };
    scan.frames().filter_map(task).collect()
}

/// Remembers the tasks in a response. This happens before the caller gets the response, because a completion may follow
/// at once.
pub(super) fn learn(exchange: &Exchange, scan: &Scan) {
    for frame in scan.frames() {
        exchange.state.identities.learn_task(frame, &exchange.scope);
    }
}
