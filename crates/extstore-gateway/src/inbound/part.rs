//! A response in parts that fail one by one.

use extstore_wire::{Frame, FrameId, Leaf, MessageType, Scan};

use crate::exchange::Exchange;
use crate::failure::{Path, TaskIds};
use crate::identity::TaskKind;

/// What fails together: a task with all its payloads, one query of a task, or all that belongs to neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The response itself: of a poll, or of a client's request.
    Root,
    /// A task that came with a response to something else: an eager workflow task or activity.
    Task(FrameId),
    /// A query in a workflow task: its entry in the map.
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

    /// Which row of the table of failures it is in.
    pub(super) fn path(self, scan: &Scan) -> Path {
        match self {
            Self::Query(_) => Path::InboundQueryInTask,
            Self::Root | Self::Task(_) => path_of(self.frame(scan)),
        }
    }

    /// The task that it is, or is in. Default where it is in none.
    pub(super) fn task_ids(self, scan: &Scan) -> TaskIds {
        self.frame(scan).ancestors().find_map(TaskIds::of_task).unwrap_or_default()
    }
}

/// The path of a message that may be a polled task.
fn path_of(message: Frame<'_>) -> Path {
    match TaskKind::of(message) {
        Some(TaskKind::Workflow) => Path::InboundWorkflowTask,
        Some(TaskKind::Query) => Path::InboundQueryTask,
        Some(TaskKind::Activity) => Path::InboundActivityTask,
        Some(TaskKind::Nexus) => Path::InboundNexusTask,
        None => Path::InboundResponse,
    }
}

/// A task in a response: it must reach a worker, or go back.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) owner: Owner,
    pub(super) path: Path,
    pub(super) ids: TaskIds,
}

/// The tasks in a response: the one that a poll found, and those that came eagerly.
pub(super) fn tasks(scan: &Scan) -> Vec<Task> {
    let task = |frame: Frame<'_>| {
        let ids = TaskIds::of_task(frame)?;
        let owner = frame.parent().map_or(Owner::Root, |_| Owner::Task(frame.id()));
        Some(Task { owner, path: path_of(frame), ids })
    };
    scan.frames().filter_map(task).collect()
}

/// Remembers who the tasks in a response are for. It comes before the response goes down, because completions may be
/// as fast as that.
pub(super) fn learn(exchange: &Exchange, scan: &Scan) {
    for frame in scan.frames() {
        exchange.state.identities.learn_task(frame, &exchange.caller.namespace);
    }
}
