//! Splits a response into parts, each of which fails without the others.

use bytes::Bytes;
use extstore_wire::{Frame, FrameId, Leaf, MessageType, Scan};

use crate::exchange::Exchange;
use crate::failure::{Path, TaskIds};
use crate::identity::TaskKind;

/// Names the owner of payloads that fail together: a task, one query of a task, or the response itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
            if frame.parent().is_some() && TaskKind::is_task(frame.message()) {
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

    /// Returns the owner of the task that it is, or is in.
    pub(super) fn task(self, scan: &Scan) -> Self {
        let task = self.frame(scan).ancestors().find(|frame| TaskKind::is_task(frame.message()));
        task.map_or(Self::Root, Self::of_message)
    }

    fn of_message(frame: Frame<'_>) -> Self {
        frame.parent().map_or(Self::Root, |_| Self::Task(frame.id()))
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

/// Describes a task in a response. The task must reach a worker, or go back to Temporal.
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
        Some(Task { owner: Owner::of_message(frame), path: path_of(frame), ids })
    };
    scan.frames().filter_map(task).collect()
}

/// Reads of a response no more than its tasks, for a response that cannot be scanned whole. Returns none where not even
/// they can be read.
pub(super) fn outline(response: MessageType, bytes: Bytes) -> Option<Scan> {
    // A query that is a task of its own is told by a message directly inside the task.
    let deepest = if TaskKind::is_task(response) { 1 } else { 2 };
    Scan::outline(response, bytes, deepest).ok()
}

/// Remembers the tasks in a response. This happens before the caller gets the response, because a completion may follow
/// at once.
pub(super) fn learn(exchange: &Exchange, scan: &Scan) {
    for frame in scan.frames() {
        exchange.state.identities.learn_task(frame, &exchange.scope);
    }
}
