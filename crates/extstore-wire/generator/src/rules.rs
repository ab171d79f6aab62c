//! Lists what a person has decided about Temporal's fields. Names are without the prefix `temporal.api.`.

use prost_reflect::{FieldDescriptor, MessageDescriptor};

mod captures;

pub(crate) use captures::{Captured, Inner, inside, of_scalar};

/// Names the payload message.
pub(crate) const PAYLOAD: &str = "temporal.api.common.v1.Payload";
/// Names the message whose type a URL says.
pub(crate) const ANY: &str = "google.protobuf.Any";
/// Names the message of serialised history events.
pub(crate) const BLOB: &str = "temporal.api.common.v1.DataBlob";
/// Names the failure message and everything in it.
const FAILURE: &str = "temporal.api.failure.v1.Failure";

/// Returns the name without `temporal.api.` and without the version.
fn brief(full_name: &str) -> String {
    full_name.trim_start_matches("temporal.api.").replacen(".v1.", ".", 1)
}

/// Says whether a field holds payloads that are no user data. The server indexes and searches the values of search
/// attributes, and groups counts by them: a reference in their place would change what a query means.
pub(crate) fn never_touched(field: &FieldDescriptor) -> bool {
    let is_search_attributes =
        field.kind().as_message().is_some_and(|m| m.full_name() == "temporal.api.common.v1.SearchAttributes");
    is_search_attributes
        || matches!(
            brief(field.full_name()).as_str(),
            "common.SearchAttributes.IndexedFieldsEntry.value"
                | "common.SearchAttributes.indexed_fields"
                | "workflowservice.CountWorkflowExecutionsResponse.AggregationGroup.group_values"
                | "workflowservice.CountSchedulesResponse.AggregationGroup.group_values"
                | "workflowservice.CountActivityExecutionsResponse.AggregationGroup.group_values"
                | "workflowservice.CountNexusOperationExecutionsResponse.AggregationGroup.group_values"
        )
}

/// Returns the policy that a field gives to every payload inside it, if it gives one.
///
/// # Errors
///
/// A single payload that nobody has decided: an input may be stored outside, a server's setting may not.
pub(crate) fn policy(field: &FieldDescriptor) -> Result<Option<&'static str>, String> {
    let name = brief(field.full_name());
    let kind = field.kind();
    let target = kind.as_message().map_or("", MessageDescriptor::full_name);
    match name.as_str() {
        "command.RecordMarkerCommandAttributes.details" | "history.MarkerRecordedEventAttributes.details" => {
            Ok(Some("Marker"))
        }
        _ if target == FAILURE => Ok(Some("Failure")),
        _ if target == PAYLOAD => single(&name).ok_or_else(|| {
            format!("{} is a payload whose policy nobody has decided: add it to rules.rs", field.full_name())
        }),
        _ => Ok(None),
    }
}

/// Returns the policy of a field that is one payload; the inner `None` inherits what the field above said.
fn single(name: &str) -> Option<Option<&'static str>> {
    Some(match name {
        "common.Payloads.payloads" => None,
        "failure.Failure.encoded_attributes" => Some("Failure"),
        "common.Memo.FieldsEntry.value" => Some("Memo"),
        "common.Header.FieldsEntry.value" => Some("Header"),
        "sdk.UserMetadata.summary" | "sdk.UserMetadata.details" => Some("UserMetadata"),
        "sdk.EventGroupMarker.Label.label" => Some("MarkerLabel"),
        "common.Callback.NexusHandler.source_context" => Some("Callback"),
        "command.ScheduleNexusOperationCommandAttributes.input"
        | "history.NexusOperationScheduledEventAttributes.input"
        | "history.NexusOperationCompletedEventAttributes.result"
        | "nexus.StartOperationRequest.payload"
        | "nexus.StartOperationResponse.Sync.payload"
        | "notificationservice.OnCompleteRequest.success"
        | "notificationservice.OnCompleteRequest.source_context"
        | "workflowservice.StartNexusOperationExecutionRequest.input"
        | "workflowservice.DescribeNexusOperationExecutionResponse.input"
        | "workflowservice.DescribeNexusOperationExecutionResponse.result"
        | "workflowservice.PollNexusOperationExecutionResponse.result" => Some("Nexus"),
        "compute.ComputeProvider.details"
        | "compute.ComputeScaler.details"
        | "deployment.DeploymentInfo.MetadataEntry.value"
        | "deployment.UpdateDeploymentMetadata.UpsertEntriesEntry.value"
        | "deployment.VersionMetadata.EntriesEntry.value"
        | "nexus.EndpointSpec.description"
        | "workflowservice.UpdateWorkerDeploymentVersionMetadataRequest.UpsertEntriesEntry.value" => {
            Some("Settings")
        }
        _ => return None,
    })
}

/// Says whether a scan keeps messages of a type even where no payload is in them: the caller learns an identity from
/// them, finds the place to add something, or must know that they are there.
pub(crate) fn kept(message: &MessageDescriptor) -> bool {
    let name = brief(message.full_name());
    name.starts_with("command.") && name.ends_with("CommandAttributes")
        || matches!(
            name.as_str(),
            "history.WorkflowExecutionStartedEventAttributes"
                | "nexus.Request"
                | "nexus.StartOperationRequest"
                | "query.WorkflowQuery"
                | "worker.WorkerHeartbeat"
                | "workflowservice.PollActivityTaskQueueResponse"
                | "workflowservice.PollWorkflowTaskQueueResponse"
        )
}

/// Says whether the unknown fields of a message are reported: a newer server or SDK may have put payloads there.
pub(crate) fn watched(message: &MessageDescriptor) -> bool {
    matches!(
        brief(message.full_name()).as_str(),
        "command.Command" | "history.HistoryEvent" | "schedule.ScheduleAction"
    )
}

/// Says whether the gateway changes an RPC although it has no payloads: limits, and the drivers in heartbeats.
pub(crate) fn wanted_rpc(method: &str) -> bool {
    matches!(method, "DescribeNamespace" | "RecordWorkerHeartbeat" | "ShutdownWorker")
}

/// Says whether a message without payloads is met inside `Any`, so that it is not counted as unknown.
pub(crate) fn known_in_any(message: &MessageDescriptor) -> bool {
    let name = brief(message.full_name());
    ["errordetails.", "failure.", "update."].iter().any(|package| name.starts_with(package))
}
