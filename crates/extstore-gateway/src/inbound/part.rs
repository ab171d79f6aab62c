//! A response in parts that fail one by one.

use extstore_wire::{Frame, FrameId, Leaf, MessageType, Scan};

use crate::exchange::Exchange;
use crate::failure::{Path, Subject};
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
            match frame.message() {
                MessageType::PollWorkflowTaskQueueResponseQueriesEntry => return Self::Query(frame.id()),
                MessageType::PollWorkflowTaskQueueResponse | MessageType::PollActivityTaskQueueResponse
                    if frame.parent().is_some() =>
                {
                    return Self::Task(frame.id());
                }
                _ => {}
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
            Self::Query(_) => Path::QueryInTask,
            Self::Root | Self::Task(_) => path_of(self.frame(scan)),
        }
    }

    /// The task that it is, or is in. Default where it is in none.
    pub(super) fn subject(self, scan: &Scan) -> Subject {
        let task = self.frame(scan).ancestors().find_map(|frame| match path_of(frame) {
            Path::Client => None,
            _ => Subject::of_task(frame),
        });
        task.unwrap_or_default()
    }
}

/// The path of a message that may be a polled task.
fn path_of(message: Frame<'_>) -> Path {
    match TaskKind::of(message) {
        Some(TaskKind::Workflow) => Path::WorkflowTaskIn,
        Some(TaskKind::Query) => Path::QueryTaskIn,
        Some(TaskKind::Activity) => Path::ActivityIn,
        Some(TaskKind::Nexus) => Path::NexusIn,
        None => Path::Client,
    }
}

/// A task in a response: it must reach a worker, or go back.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) owner: Owner,
    pub(super) path: Path,
    pub(super) subject: Subject,
}

/// The tasks in a response: the one that a poll found, and those that came eagerly.
pub(super) fn tasks(scan: &Scan) -> Vec<Task> {
    let task = |frame: Frame<'_>| {
        let path = path_of(frame);
        let owner = frame.parent().map_or(Owner::Root, |_| Owner::Task(frame.id()));
        let subject = Subject::of_task(frame).filter(|_| path != Path::Client)?;
        Some(Task { owner, path, subject })
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
