//! Reads identities out of polled tasks and histories.

use bytes::Bytes;
use extstore::{ExecutionTarget, NexusTarget, Target};
use extstore_wire::{Capture, Frame, MessageType};

use super::task::{LEGACY_QUERY, Page, Run, Task, TaskKind, named};
use crate::peek::{self, captured};

/// Names the field `PollWorkflowTaskQueueResponse.queries`.
const QUERIES: u32 = 14;
/// These constants name `temporal.api.nexus.v1.Request.cancel_operation` and its first two fields.
const CANCEL_OPERATION: u32 = 4;
const CANCEL_SERVICE: u32 = 1;
const CANCEL_OPERATION_NAME: u32 = 2;

/// Returns the token of a polled task; none where it is empty, which means that the poll found no task.
pub(super) fn token(frame: Frame<'_>) -> Option<Bytes> {
    frame.bytes(Capture::TaskToken).filter(|token| !token.is_empty())
}

/// Reads a polled task. Its target is the workflow, the activity's workflow or the Nexus operation.
pub(super) fn task(frame: Frame<'_>, kind: TaskKind, namespace: &str) -> Task {
    let attempt = frame.number(Capture::Attempt).and_then(|attempt| u32::try_from(attempt).ok());
    let target = match kind {
        TaskKind::Workflow | TaskKind::Query => named(Target::Workflow, workflow(frame, namespace)),
        TaskKind::Activity => activity(frame, namespace),
        TaskKind::Nexus => nexus(frame),
    };
    Task {
        kind,
        namespace: namespace.to_owned(),
        target,
        parent: None,
        attempt: attempt.unwrap_or(1).max(1),
        previous_started_event_id: replayed_until(frame),
    }
}

/// Returns the workflow that scheduled an activity, because it reads the result; a standalone activity is its own
/// target.
fn activity(frame: Frame<'_>, namespace: &str) -> Option<Target> {
    let owner = frame.text(Capture::Namespace).filter(|owner| !owner.is_empty()).unwrap_or(namespace);
    match captured(frame, Capture::WorkflowId).as_str() {
        "" => named(
            Target::Activity,
            ExecutionTarget::new(owner)
                .with_type(captured(frame, Capture::ActivityType))
                .with_id(captured(frame, Capture::ActivityId))
                .with_run_id(captured(frame, Capture::ActivityRunId)),
        ),
        _ => named(Target::Workflow, workflow(frame, owner)),
    }
}

fn nexus(frame: Frame<'_>) -> Option<Target> {
    let request = frame.children().find(|child| child.message() == MessageType::NexusRequest);
    request.and_then(nexus_operation).map(Target::Nexus)
}

/// Returns the last event of a polled workflow task that is only replayed. Returns 0 where there is none, or where a
/// query waits for the replay: the SDK's core sends a query even to a workflow whose replay failed, and its worker ends
/// by that. So the gateway restores every payload that could make the replay fail.
pub(crate) fn replayed_until(task: Frame<'_>) -> u64 {
    let has_query = task.children().any(|child| matches!(child.field(), LEGACY_QUERY | QUERIES));
    if has_query { 0 } else { task.number(Capture::PreviousStartedEventId).unwrap_or(0) }
}

/// Returns the token of the next page of a task's history.
pub(super) fn next_page(frame: Frame<'_>, task_token: &Bytes) -> Option<(Bytes, Page)> {
    let page = Page { task_token: task_token.clone(), previous_started_event_id: replayed_until(frame) };
    frame.bytes(Capture::NextPageToken).filter(|token| !token.is_empty()).map(|token| (token, page))
}

/// Reads the facts of the event that started a run, if `frame` holds it.
pub(super) fn started(frame: Frame<'_>, namespace: &str) -> Option<Run> {
    let started = first_event(frame)?;
    let parent_id = captured(started, Capture::ParentWorkflowId);
    let parent = (!parent_id.is_empty()).then(|| {
        let owner = started.text(Capture::ParentNamespace).filter(|owner| !owner.is_empty());
        ExecutionTarget::new(owner.unwrap_or(namespace))
            .with_id(parent_id)
            .with_run_id(captured(started, Capture::ParentRunId))
    });
    Some(Run { parent })
}

/// Returns the attributes of the event that starts a history, inside a polled task or a page, raw or not.
fn first_event(frame: Frame<'_>) -> Option<Frame<'_>> {
    frame.children().find_map(|child| match child.message() {
        MessageType::WorkflowExecutionStartedEventAttributes => Some(child),
        MessageType::History | MessageType::HistoryEvent | MessageType::DataBlob => first_event(child),
        _ => None,
    })
}

fn workflow(frame: Frame<'_>, namespace: &str) -> ExecutionTarget {
    ExecutionTarget::new(namespace)
        .with_type(captured(frame, Capture::WorkflowType))
        .with_id(captured(frame, Capture::WorkflowId))
        .with_run_id(captured(frame, Capture::RunId))
}

fn nexus_operation(request: Frame<'_>) -> Option<NexusTarget> {
    let endpoint = captured(request, Capture::Endpoint);
    let start = request.children().find(|child| child.message() == MessageType::StartOperationRequest);
    if let Some(start) = start {
        let (service, operation) = (captured(start, Capture::Service), captured(start, Capture::Operation));
        return Some(NexusTarget::new(endpoint, service, operation));
    }
    let content = request.content();
    let cancel = peek::last(&content, &[CANCEL_OPERATION])?;
    let (service, operation) =
        (peek::text(cancel, &[CANCEL_SERVICE]), peek::text(cancel, &[CANCEL_OPERATION_NAME]));
    Some(NexusTarget::new(endpoint, service, operation))
}
