//! Names the task that a report is about.

use bytes::Bytes;
use extstore_wire::{Capture, Frame, fields};

use crate::caller::Caller;
use crate::identity::TaskKind;

/// Holds the identifiers of a task that a report repeats.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaskIds {
    token: Bytes,
    attempt: u32,
    workflow_id: Bytes,
    run_id: Bytes,
    activity_id: Bytes,
    poller_group_id: Bytes,
}

impl TaskIds {
    /// Names the task that a request answers. `attempt` is from 1.
    pub(super) fn of_request(caller: &Caller, request: Frame<'_>, attempt: u32) -> Self {
        let copied = |capture| request.bytes(capture).unwrap_or_default();
        Self {
            token: copied(Capture::TaskToken),
            attempt,
            workflow_id: copied(Capture::WorkflowId),
            run_id: copied(Capture::RunId),
            activity_id: copied(Capture::ActivityId),
            poller_group_id: caller.poller_group_id.clone(),
        }
    }

    /// Reads a polled task. Returns none where the message is no task or holds none.
    pub(crate) fn of_task(task: Frame<'_>) -> Option<Self> {
        let kind = TaskKind::of(task)?;
        let token = task.bytes(Capture::TaskToken).filter(|token| !token.is_empty())?;
        let attempt = task.number(Capture::Attempt).and_then(|attempt| u32::try_from(attempt).ok());
        Some(Self {
            // This is a copy, because a slice would keep the whole message alive.
            token: Bytes::copy_from_slice(&token),
            attempt: attempt.unwrap_or(1),
            poller_group_id: poller_group_id(task, kind),
            ..Self::default()
        })
    }

    /// Names the task that a page of history belongs to.
    pub(crate) fn of_page(token: Bytes, attempt: u32) -> Self {
        Self { token, attempt, ..Self::default() }
    }

    pub(crate) fn token(&self) -> &Bytes {
        &self.token
    }

    /// Returns the attempt, from 1; 0 where the task says nothing, which is a first attempt too.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    pub(super) fn workflow_id(&self) -> &[u8] {
        &self.workflow_id
    }

    pub(super) fn run_id(&self) -> &[u8] {
        &self.run_id
    }

    pub(super) fn activity_id(&self) -> &[u8] {
        &self.activity_id
    }

    pub(super) fn poller_group_id(&self) -> &[u8] {
        &self.poller_group_id
    }
}

/// Reads `poller_group_id` of a polled task, which answers of queries and Nexus tasks must repeat.
fn poller_group_id(task: Frame<'_>, kind: TaskKind) -> Bytes {
    let number = match kind {
        TaskKind::Workflow | TaskKind::Query => 17,
        TaskKind::Nexus => 4,
        TaskKind::Activity => return Bytes::new(),
    };
    let content = task.content();
    let found = fields(&content).map_while(Result::ok).filter(|field| field.number == number).last();
    found.map_or_else(Bytes::new, |field| Bytes::copy_from_slice(field.bytes(&content)))
}
