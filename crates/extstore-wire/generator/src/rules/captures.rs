//! Lists the fields that name the execution that a message is about.

use prost_reflect::{FieldDescriptor, MessageDescriptor};

use super::{brief, kept};

/// Describes a field inside a captured message: its number, its name, what it is captured as.
pub(crate) type Inner = (u32, &'static str, Captured);

/// Says what a field is captured as: a value, or a message of captured fields.
#[derive(Clone, Copy)]
pub(crate) enum Captured {
    /// A variant of `extstore_wire::Capture`.
    As(&'static str),
    /// Fields inside.
    Inside(&'static [Inner]),
}

use Captured::{As, Inside};

const EXECUTION: &[Inner] = &[(1, "workflow_id", As("WorkflowId")), (2, "run_id", As("RunId"))];
const PARENT: &[Inner] = &[(1, "workflow_id", As("ParentWorkflowId")), (2, "run_id", As("ParentRunId"))];
const WORKFLOW_TYPE: &[Inner] = &[(1, "name", As("WorkflowType"))];
const ACTIVITY_TYPE: &[Inner] = &[(1, "name", As("ActivityType"))];
const CAPABILITIES: &[Inner] =
    &[(14, "workflow_task_completion_pagination", As("WorkflowTaskCompletionPagination"))];
const LIMITS: &[Inner] = &[
    (1, "blob_size_limit_error", As("BlobSizeLimitError")),
    (2, "memo_size_limit_error", As("MemoSizeLimitError")),
    (3, "workflow_task_completion_size_limit_error", As("WorkflowTaskCompletionSizeLimitError")),
];
const NAMESPACE_INFO: &[Inner] =
    &[(1, "name", As("Namespace")), (7, "capabilities", Inside(CAPABILITIES)), (8, "limits", Inside(LIMITS))];

/// Says whether a message's own fields are captured. Requests are all captured; the plan asks about the others.
fn names_something(message: &MessageDescriptor) -> bool {
    kept(message)
        || matches!(
            brief(message.full_name()).as_str(),
            "workflow.NewWorkflowExecutionInfo"
                | "workflowservice.DescribeNamespaceResponse"
                | "workflowservice.PollNexusTaskQueueResponse"
                | "workflowservice.StartWorkflowExecutionResponse"
        )
}

/// The variant of `Capture` for a string, bytes or integer field.
pub(crate) fn of_scalar(field: &FieldDescriptor, is_request: bool) -> Option<&'static str> {
    let message = field.parent_message();
    match brief(field.full_name()).as_str() {
        "history.HistoryEvent.event_id" => return Some("EventId"),
        // Read for the endpoint that makes an input an envelope.
        "history.NexusOperationScheduledEventAttributes.endpoint" => return Some("Endpoint"),
        "workflowservice.PollWorkflowTaskQueueResponse.QueriesEntry.key"
        | "workflowservice.RespondWorkflowTaskCompletedRequest.QueryResultsEntry.key" => {
            return Some("QueryId");
        }
        _ => {}
    }
    if !is_request && !names_something(message) || field.is_list() || field.is_map() {
        return None;
    }
    Some(match field.name() {
        "namespace" | "workflow_namespace" => "Namespace",
        "workflow_id" => "WorkflowId",
        "run_id" => "RunId",
        "parent_workflow_namespace" => "ParentNamespace",
        "activity_id" => "ActivityId",
        "activity_run_id" => "ActivityRunId",
        "schedule_id" => "ScheduleId",
        "endpoint" => "Endpoint",
        "service" => "Service",
        "operation" => "Operation",
        "operation_id" => "OperationId",
        "resource_id" => "ResourceId",
        "task_token" => "TaskToken",
        "next_page_token" => "NextPageToken",
        "attempt" => "Attempt",
        "started_event_id" => "StartedEventId",
        "previous_started_event_id" => "PreviousStartedEventId",
        _ => return None,
    })
}

/// Returns the captured fields of a message that is a field's value, such as a workflow execution's two ids.
pub(crate) fn inside(field: &FieldDescriptor, is_request: bool) -> Option<&'static [Inner]> {
    if !is_request && !names_something(field.parent_message()) || field.is_list() {
        return None;
    }
    let kind = field.kind();
    let target = brief(kind.as_message()?.full_name());
    match (field.name(), target.as_str()) {
        ("workflow_execution" | "execution", "common.WorkflowExecution") => Some(EXECUTION),
        ("parent_workflow_execution", "common.WorkflowExecution") => Some(PARENT),
        ("workflow_type", "common.WorkflowType") => Some(WORKFLOW_TYPE),
        ("activity_type", "common.ActivityType") => Some(ACTIVITY_TYPE),
        ("namespace_info", "namespace.NamespaceInfo") => Some(NAMESPACE_INFO),
        _ => None,
    }
}
