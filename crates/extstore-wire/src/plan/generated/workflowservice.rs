//! The plan of `temporal.api.workflowservice.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Capture;
use crate::Policy;
use super::{activity, batch, command, common, compute, deployment, failure, history, nexus, nexusoperation, protocol, query, schedule, sdk, update, worker, workflow};
use super::MessageType as T;
use crate::plan::{Message, blob, capture, inside, into, payload};

/// `temporal.api.workflowservice.v1.CreateScheduleRequest`
pub(crate) static CREATE_SCHEDULE_REQUEST: Message = Message::new(T::CreateScheduleRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "schedule_id", Capture::ScheduleId),
    into(3, "schedule", &schedule::SCHEDULE),
    into(7, "memo", &common::MEMO),
]);

/// `temporal.api.workflowservice.v1.CreateScheduleResponse`
pub(crate) static CREATE_SCHEDULE_RESPONSE: Message = Message::new(T::CreateScheduleResponse, &[]);

/// `temporal.api.workflowservice.v1.CreateWorkerDeploymentVersionRequest`
pub(crate) static CREATE_WORKER_DEPLOYMENT_VERSION_REQUEST: Message = Message::new(T::CreateWorkerDeploymentVersionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(4, "compute_config", &compute::COMPUTE_CONFIG),
]);

/// `temporal.api.workflowservice.v1.CreateWorkerDeploymentVersionResponse`
pub(crate) static CREATE_WORKER_DEPLOYMENT_VERSION_RESPONSE: Message = Message::new(T::CreateWorkerDeploymentVersionResponse, &[]);

/// `temporal.api.workflowservice.v1.DescribeActivityExecutionRequest`
pub(crate) static DESCRIBE_ACTIVITY_EXECUTION_REQUEST: Message = Message::new(T::DescribeActivityExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "activity_id", Capture::ActivityId),
    capture(3, "run_id", Capture::RunId),
]);

/// `temporal.api.workflowservice.v1.DescribeActivityExecutionResponse`
pub(crate) static DESCRIBE_ACTIVITY_EXECUTION_RESPONSE: Message = Message::new(T::DescribeActivityExecutionResponse, &[
    into(2, "info", &activity::ACTIVITY_EXECUTION_INFO),
    into(3, "input", &common::PAYLOADS),
    into(4, "outcome", &activity::ACTIVITY_EXECUTION_OUTCOME),
    into(6, "callbacks", &activity::ACTIVITY_CALLBACK_INFO),
]);

/// `temporal.api.workflowservice.v1.DescribeDeploymentRequest`
pub(crate) static DESCRIBE_DEPLOYMENT_REQUEST: Message = Message::new(T::DescribeDeploymentRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.DescribeDeploymentResponse`
pub(crate) static DESCRIBE_DEPLOYMENT_RESPONSE: Message = Message::new(T::DescribeDeploymentResponse, &[
    into(1, "deployment_info", &deployment::DEPLOYMENT_INFO),
]);

/// `temporal.api.workflowservice.v1.DescribeNamespaceRequest`
pub(crate) static DESCRIBE_NAMESPACE_REQUEST: Message = Message::new(T::DescribeNamespaceRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.DescribeNamespaceResponse`
pub(crate) static DESCRIBE_NAMESPACE_RESPONSE: Message = Message::new(T::DescribeNamespaceResponse, &[
    inside(1, "namespace_info", &[capture(1, "name", Capture::Namespace), inside(7, "capabilities", &[capture(14, "workflow_task_completion_pagination", Capture::WorkflowTaskCompletionPagination)]), inside(8, "limits", &[capture(1, "blob_size_limit_error", Capture::BlobSizeLimitError), capture(2, "memo_size_limit_error", Capture::MemoSizeLimitError), capture(3, "workflow_task_completion_size_limit_error", Capture::WorkflowTaskCompletionSizeLimitError)])]),
]);

/// `temporal.api.workflowservice.v1.DescribeNexusOperationExecutionRequest`
pub(crate) static DESCRIBE_NEXUS_OPERATION_EXECUTION_REQUEST: Message = Message::new(T::DescribeNexusOperationExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "operation_id", Capture::OperationId),
    capture(3, "run_id", Capture::RunId),
]);

/// `temporal.api.workflowservice.v1.DescribeNexusOperationExecutionResponse`
pub(crate) static DESCRIBE_NEXUS_OPERATION_EXECUTION_RESPONSE: Message = Message::new(T::DescribeNexusOperationExecutionResponse, &[
    into(2, "info", &nexus::NEXUS_OPERATION_EXECUTION_INFO),
    payload(3, "input").policy(Policy::Nexus),
    payload(4, "result").policy(Policy::Nexus),
    into(5, "failure", &failure::FAILURE).policy(Policy::Failure),
    into(7, "completion_callbacks", &nexusoperation::NEXUSOPERATION_CALLBACK_INFO),
]);

/// `temporal.api.workflowservice.v1.DescribeScheduleRequest`
pub(crate) static DESCRIBE_SCHEDULE_REQUEST: Message = Message::new(T::DescribeScheduleRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "schedule_id", Capture::ScheduleId),
]);

/// `temporal.api.workflowservice.v1.DescribeScheduleResponse`
pub(crate) static DESCRIBE_SCHEDULE_RESPONSE: Message = Message::new(T::DescribeScheduleResponse, &[
    into(1, "schedule", &schedule::SCHEDULE),
    into(3, "memo", &common::MEMO),
]);

/// `temporal.api.workflowservice.v1.DescribeWorkerDeploymentVersionRequest`
pub(crate) static DESCRIBE_WORKER_DEPLOYMENT_VERSION_REQUEST: Message = Message::new(T::DescribeWorkerDeploymentVersionRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.DescribeWorkerDeploymentVersionResponse`
pub(crate) static DESCRIBE_WORKER_DEPLOYMENT_VERSION_RESPONSE: Message = Message::new(T::DescribeWorkerDeploymentVersionResponse, &[
    into(1, "worker_deployment_version_info", &deployment::WORKER_DEPLOYMENT_VERSION_INFO),
]);

/// `temporal.api.workflowservice.v1.DescribeWorkerResponse`
pub(crate) static DESCRIBE_WORKER_RESPONSE: Message = Message::new(T::DescribeWorkerResponse, &[
    into(1, "worker_info", &worker::WORKER_INFO),
]);

/// `temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest`
pub(crate) static DESCRIBE_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::DescribeWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
]);

/// `temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse`
pub(crate) static DESCRIBE_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::DescribeWorkflowExecutionResponse, &[
    into(1, "execution_config", &workflow::WORKFLOW_EXECUTION_CONFIG),
    into(2, "workflow_execution_info", &workflow::WORKFLOW_EXECUTION_INFO),
    into(3, "pending_activities", &workflow::PENDING_ACTIVITY_INFO),
    into(6, "callbacks", &workflow::WORKFLOW_CALLBACK_INFO),
    into(7, "pending_nexus_operations", &workflow::PENDING_NEXUS_OPERATION_INFO),
]);

/// `temporal.api.workflowservice.v1.ExecuteMultiOperationRequest`
pub(crate) static EXECUTE_MULTI_OPERATION_REQUEST: Message = Message::new(T::ExecuteMultiOperationRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(2, "operations", &EXECUTE_MULTI_OPERATION_REQUEST_OPERATION),
    capture(3, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.ExecuteMultiOperationRequest.Operation`
pub(crate) static EXECUTE_MULTI_OPERATION_REQUEST_OPERATION: Message = Message::new(T::ExecuteMultiOperationRequestOperation, &[
    into(1, "start_workflow", &START_WORKFLOW_EXECUTION_REQUEST),
    into(2, "update_workflow", &UPDATE_WORKFLOW_EXECUTION_REQUEST),
]);

/// `temporal.api.workflowservice.v1.ExecuteMultiOperationResponse`
pub(crate) static EXECUTE_MULTI_OPERATION_RESPONSE: Message = Message::new(T::ExecuteMultiOperationResponse, &[
    into(1, "responses", &EXECUTE_MULTI_OPERATION_RESPONSE_RESPONSE),
]);

/// `temporal.api.workflowservice.v1.ExecuteMultiOperationResponse.Response`
pub(crate) static EXECUTE_MULTI_OPERATION_RESPONSE_RESPONSE: Message = Message::new(T::ExecuteMultiOperationResponseResponse, &[
    into(1, "start_workflow", &START_WORKFLOW_EXECUTION_RESPONSE),
    into(2, "update_workflow", &UPDATE_WORKFLOW_EXECUTION_RESPONSE),
]);

/// `temporal.api.workflowservice.v1.GetCurrentDeploymentRequest`
pub(crate) static GET_CURRENT_DEPLOYMENT_REQUEST: Message = Message::new(T::GetCurrentDeploymentRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.GetCurrentDeploymentResponse`
pub(crate) static GET_CURRENT_DEPLOYMENT_RESPONSE: Message = Message::new(T::GetCurrentDeploymentResponse, &[
    into(1, "current_deployment_info", &deployment::DEPLOYMENT_INFO),
]);

/// `temporal.api.workflowservice.v1.GetDeploymentReachabilityRequest`
pub(crate) static GET_DEPLOYMENT_REACHABILITY_REQUEST: Message = Message::new(T::GetDeploymentReachabilityRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.GetDeploymentReachabilityResponse`
pub(crate) static GET_DEPLOYMENT_REACHABILITY_RESPONSE: Message = Message::new(T::GetDeploymentReachabilityResponse, &[
    into(1, "deployment_info", &deployment::DEPLOYMENT_INFO),
]);

/// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest`
pub(crate) static GET_WORKFLOW_EXECUTION_HISTORY_REQUEST: Message = Message::new(T::GetWorkflowExecutionHistoryRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    capture(4, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse`
pub(crate) static GET_WORKFLOW_EXECUTION_HISTORY_RESPONSE: Message = Message::new(T::GetWorkflowExecutionHistoryResponse, &[
    into(1, "history", &history::HISTORY),
    blob(2, "raw_history"),
]);

/// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryReverseRequest`
pub(crate) static GET_WORKFLOW_EXECUTION_HISTORY_REVERSE_REQUEST: Message = Message::new(T::GetWorkflowExecutionHistoryReverseRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    capture(4, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryReverseResponse`
pub(crate) static GET_WORKFLOW_EXECUTION_HISTORY_REVERSE_RESPONSE: Message = Message::new(T::GetWorkflowExecutionHistoryReverseResponse, &[
    into(1, "history", &history::HISTORY),
]);

/// `temporal.api.workflowservice.v1.ListArchivedWorkflowExecutionsRequest`
pub(crate) static LIST_ARCHIVED_WORKFLOW_EXECUTIONS_REQUEST: Message = Message::new(T::ListArchivedWorkflowExecutionsRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.ListArchivedWorkflowExecutionsResponse`
pub(crate) static LIST_ARCHIVED_WORKFLOW_EXECUTIONS_RESPONSE: Message = Message::new(T::ListArchivedWorkflowExecutionsResponse, &[
    into(1, "executions", &workflow::WORKFLOW_EXECUTION_INFO),
]);

/// `temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest`
pub(crate) static LIST_CLOSED_WORKFLOW_EXECUTIONS_REQUEST: Message = Message::new(T::ListClosedWorkflowExecutionsRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsResponse`
pub(crate) static LIST_CLOSED_WORKFLOW_EXECUTIONS_RESPONSE: Message = Message::new(T::ListClosedWorkflowExecutionsResponse, &[
    into(1, "executions", &workflow::WORKFLOW_EXECUTION_INFO),
]);

/// `temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest`
pub(crate) static LIST_OPEN_WORKFLOW_EXECUTIONS_REQUEST: Message = Message::new(T::ListOpenWorkflowExecutionsRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsResponse`
pub(crate) static LIST_OPEN_WORKFLOW_EXECUTIONS_RESPONSE: Message = Message::new(T::ListOpenWorkflowExecutionsResponse, &[
    into(1, "executions", &workflow::WORKFLOW_EXECUTION_INFO),
]);

/// `temporal.api.workflowservice.v1.ListSchedulesRequest`
pub(crate) static LIST_SCHEDULES_REQUEST: Message = Message::new(T::ListSchedulesRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.ListSchedulesResponse`
pub(crate) static LIST_SCHEDULES_RESPONSE: Message = Message::new(T::ListSchedulesResponse, &[
    into(1, "schedules", &schedule::SCHEDULE_LIST_ENTRY),
]);

/// `temporal.api.workflowservice.v1.ListWorkersResponse`
pub(crate) static LIST_WORKERS_RESPONSE: Message = Message::new(T::ListWorkersResponse, &[
    into(1, "workers_info", &worker::WORKER_INFO),
]);

/// `temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest`
pub(crate) static LIST_WORKFLOW_EXECUTIONS_REQUEST: Message = Message::new(T::ListWorkflowExecutionsRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse`
pub(crate) static LIST_WORKFLOW_EXECUTIONS_RESPONSE: Message = Message::new(T::ListWorkflowExecutionsResponse, &[
    into(1, "executions", &workflow::WORKFLOW_EXECUTION_INFO),
]);

/// `temporal.api.workflowservice.v1.PollActivityExecutionRequest`
pub(crate) static POLL_ACTIVITY_EXECUTION_REQUEST: Message = Message::new(T::PollActivityExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "activity_id", Capture::ActivityId),
    capture(3, "run_id", Capture::RunId),
]);

/// `temporal.api.workflowservice.v1.PollActivityExecutionResponse`
pub(crate) static POLL_ACTIVITY_EXECUTION_RESPONSE: Message = Message::new(T::PollActivityExecutionResponse, &[
    into(2, "outcome", &activity::ACTIVITY_EXECUTION_OUTCOME),
]);

/// `temporal.api.workflowservice.v1.PollActivityTaskQueueRequest`
pub(crate) static POLL_ACTIVITY_TASK_QUEUE_REQUEST: Message = Message::new(T::PollActivityTaskQueueRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.PollActivityTaskQueueResponse`
pub(crate) static POLL_ACTIVITY_TASK_QUEUE_RESPONSE: Message = Message::new(T::PollActivityTaskQueueResponse, &[
    capture(1, "task_token", Capture::TaskToken),
    capture(2, "workflow_namespace", Capture::Namespace),
    inside(3, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    inside(4, "workflow_execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    inside(5, "activity_type", &[capture(1, "name", Capture::ActivityType)]),
    capture(6, "activity_id", Capture::ActivityId),
    into(7, "header", &common::HEADER),
    into(8, "input", &common::PAYLOADS),
    into(9, "heartbeat_details", &common::PAYLOADS),
    capture(13, "attempt", Capture::Attempt),
    capture(20, "activity_run_id", Capture::ActivityRunId),
]).kept();

/// `temporal.api.workflowservice.v1.PollNexusOperationExecutionRequest`
pub(crate) static POLL_NEXUS_OPERATION_EXECUTION_REQUEST: Message = Message::new(T::PollNexusOperationExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "operation_id", Capture::OperationId),
    capture(3, "run_id", Capture::RunId),
]);

/// `temporal.api.workflowservice.v1.PollNexusOperationExecutionResponse`
pub(crate) static POLL_NEXUS_OPERATION_EXECUTION_RESPONSE: Message = Message::new(T::PollNexusOperationExecutionResponse, &[
    payload(4, "result").policy(Policy::Nexus),
    into(5, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflowservice.v1.PollNexusTaskQueueRequest`
pub(crate) static POLL_NEXUS_TASK_QUEUE_REQUEST: Message = Message::new(T::PollNexusTaskQueueRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(7, "worker_heartbeat", &worker::WORKER_HEARTBEAT),
]);

/// `temporal.api.workflowservice.v1.PollNexusTaskQueueResponse`
pub(crate) static POLL_NEXUS_TASK_QUEUE_RESPONSE: Message = Message::new(T::PollNexusTaskQueueResponse, &[
    capture(1, "task_token", Capture::TaskToken),
    into(2, "request", &nexus::NEXUS_REQUEST),
]);

/// `temporal.api.workflowservice.v1.PollWorkflowExecutionUpdateRequest`
pub(crate) static POLL_WORKFLOW_EXECUTION_UPDATE_REQUEST: Message = Message::new(T::PollWorkflowExecutionUpdateRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.PollWorkflowExecutionUpdateResponse`
pub(crate) static POLL_WORKFLOW_EXECUTION_UPDATE_RESPONSE: Message = Message::new(T::PollWorkflowExecutionUpdateResponse, &[
    into(1, "outcome", &update::UPDATE_OUTCOME),
]);

/// `temporal.api.workflowservice.v1.PollWorkflowTaskQueueRequest`
pub(crate) static POLL_WORKFLOW_TASK_QUEUE_REQUEST: Message = Message::new(T::PollWorkflowTaskQueueRequest, &[
    capture(1, "namespace", Capture::Namespace),
]);

/// `temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse`
pub(crate) static POLL_WORKFLOW_TASK_QUEUE_RESPONSE: Message = Message::new(T::PollWorkflowTaskQueueResponse, &[
    capture(1, "task_token", Capture::TaskToken),
    inside(2, "workflow_execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    inside(3, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    capture(4, "previous_started_event_id", Capture::PreviousStartedEventId),
    capture(5, "started_event_id", Capture::StartedEventId),
    capture(6, "attempt", Capture::Attempt),
    into(8, "history", &history::HISTORY),
    capture(9, "next_page_token", Capture::NextPageToken),
    into(10, "query", &query::WORKFLOW_QUERY),
    into(14, "queries", &POLL_WORKFLOW_TASK_QUEUE_RESPONSE_QUERIES_ENTRY),
    into(15, "messages", &protocol::PROTOCOL_MESSAGE),
]).kept();

/// `temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse.QueriesEntry`
pub(crate) static POLL_WORKFLOW_TASK_QUEUE_RESPONSE_QUERIES_ENTRY: Message = Message::new(T::PollWorkflowTaskQueueResponseQueriesEntry, &[
    capture(1, "key", Capture::QueryId),
    into(2, "value", &query::WORKFLOW_QUERY),
]);

/// `temporal.api.workflowservice.v1.QueryWorkflowRequest`
pub(crate) static QUERY_WORKFLOW_REQUEST: Message = Message::new(T::QueryWorkflowRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    into(3, "query", &query::WORKFLOW_QUERY),
]);

/// `temporal.api.workflowservice.v1.QueryWorkflowResponse`
pub(crate) static QUERY_WORKFLOW_RESPONSE: Message = Message::new(T::QueryWorkflowResponse, &[
    into(1, "query_result", &common::PAYLOADS),
]);

/// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatByIdRequest`
pub(crate) static RECORD_ACTIVITY_TASK_HEARTBEAT_BY_ID_REQUEST: Message = Message::new(T::RecordActivityTaskHeartbeatByIdRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    capture(3, "run_id", Capture::RunId),
    capture(4, "activity_id", Capture::ActivityId),
    into(5, "details", &common::PAYLOADS),
    capture(7, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatByIdResponse`
pub(crate) static RECORD_ACTIVITY_TASK_HEARTBEAT_BY_ID_RESPONSE: Message = Message::new(T::RecordActivityTaskHeartbeatByIdResponse, &[]);

/// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest`
pub(crate) static RECORD_ACTIVITY_TASK_HEARTBEAT_REQUEST: Message = Message::new(T::RecordActivityTaskHeartbeatRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(2, "details", &common::PAYLOADS),
    capture(4, "namespace", Capture::Namespace),
    capture(5, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatResponse`
pub(crate) static RECORD_ACTIVITY_TASK_HEARTBEAT_RESPONSE: Message = Message::new(T::RecordActivityTaskHeartbeatResponse, &[]);

/// `temporal.api.workflowservice.v1.RecordWorkerHeartbeatRequest`
pub(crate) static RECORD_WORKER_HEARTBEAT_REQUEST: Message = Message::new(T::RecordWorkerHeartbeatRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(3, "worker_heartbeat", &worker::WORKER_HEARTBEAT),
    capture(4, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RecordWorkerHeartbeatResponse`
pub(crate) static RECORD_WORKER_HEARTBEAT_RESPONSE: Message = Message::new(T::RecordWorkerHeartbeatResponse, &[]);

/// `temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest`
pub(crate) static RESET_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::ResetWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "workflow_execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    into(8, "post_reset_operations", &workflow::POST_RESET_OPERATION),
]);

/// `temporal.api.workflowservice.v1.ResetWorkflowExecutionResponse`
pub(crate) static RESET_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::ResetWorkflowExecutionResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledByIdRequest`
pub(crate) static RESPOND_ACTIVITY_TASK_CANCELED_BY_ID_REQUEST: Message = Message::new(T::RespondActivityTaskCanceledByIdRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    capture(3, "run_id", Capture::RunId),
    capture(4, "activity_id", Capture::ActivityId),
    into(5, "details", &common::PAYLOADS),
    capture(8, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledByIdResponse`
pub(crate) static RESPOND_ACTIVITY_TASK_CANCELED_BY_ID_RESPONSE: Message = Message::new(T::RespondActivityTaskCanceledByIdResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledRequest`
pub(crate) static RESPOND_ACTIVITY_TASK_CANCELED_REQUEST: Message = Message::new(T::RespondActivityTaskCanceledRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(2, "details", &common::PAYLOADS),
    capture(4, "namespace", Capture::Namespace),
    capture(8, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledResponse`
pub(crate) static RESPOND_ACTIVITY_TASK_CANCELED_RESPONSE: Message = Message::new(T::RespondActivityTaskCanceledResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedByIdRequest`
pub(crate) static RESPOND_ACTIVITY_TASK_COMPLETED_BY_ID_REQUEST: Message = Message::new(T::RespondActivityTaskCompletedByIdRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    capture(3, "run_id", Capture::RunId),
    capture(4, "activity_id", Capture::ActivityId),
    into(5, "result", &common::PAYLOADS),
    capture(7, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedByIdResponse`
pub(crate) static RESPOND_ACTIVITY_TASK_COMPLETED_BY_ID_RESPONSE: Message = Message::new(T::RespondActivityTaskCompletedByIdResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedRequest`
pub(crate) static RESPOND_ACTIVITY_TASK_COMPLETED_REQUEST: Message = Message::new(T::RespondActivityTaskCompletedRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(2, "result", &common::PAYLOADS),
    capture(4, "namespace", Capture::Namespace),
    capture(8, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedResponse`
pub(crate) static RESPOND_ACTIVITY_TASK_COMPLETED_RESPONSE: Message = Message::new(T::RespondActivityTaskCompletedResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskFailedByIdRequest`
pub(crate) static RESPOND_ACTIVITY_TASK_FAILED_BY_ID_REQUEST: Message = Message::new(T::RespondActivityTaskFailedByIdRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    capture(3, "run_id", Capture::RunId),
    capture(4, "activity_id", Capture::ActivityId),
    into(5, "failure", &failure::FAILURE).policy(Policy::Failure),
    into(7, "last_heartbeat_details", &common::PAYLOADS),
    capture(8, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskFailedByIdResponse`
pub(crate) static RESPOND_ACTIVITY_TASK_FAILED_BY_ID_RESPONSE: Message = Message::new(T::RespondActivityTaskFailedByIdResponse, &[
    into(1, "failures", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest`
pub(crate) static RESPOND_ACTIVITY_TASK_FAILED_REQUEST: Message = Message::new(T::RespondActivityTaskFailedRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(2, "failure", &failure::FAILURE).policy(Policy::Failure),
    capture(4, "namespace", Capture::Namespace),
    into(5, "last_heartbeat_details", &common::PAYLOADS),
    capture(9, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondActivityTaskFailedResponse`
pub(crate) static RESPOND_ACTIVITY_TASK_FAILED_RESPONSE: Message = Message::new(T::RespondActivityTaskFailedResponse, &[
    into(1, "failures", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflowservice.v1.RespondNexusTaskCompletedRequest`
pub(crate) static RESPOND_NEXUS_TASK_COMPLETED_REQUEST: Message = Message::new(T::RespondNexusTaskCompletedRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "task_token", Capture::TaskToken),
    into(4, "response", &nexus::NEXUS_RESPONSE),
]);

/// `temporal.api.workflowservice.v1.RespondNexusTaskCompletedResponse`
pub(crate) static RESPOND_NEXUS_TASK_COMPLETED_RESPONSE: Message = Message::new(T::RespondNexusTaskCompletedResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondNexusTaskFailedRequest`
pub(crate) static RESPOND_NEXUS_TASK_FAILED_REQUEST: Message = Message::new(T::RespondNexusTaskFailedRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "task_token", Capture::TaskToken),
    into(5, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflowservice.v1.RespondNexusTaskFailedResponse`
pub(crate) static RESPOND_NEXUS_TASK_FAILED_RESPONSE: Message = Message::new(T::RespondNexusTaskFailedResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondQueryTaskCompletedRequest`
pub(crate) static RESPOND_QUERY_TASK_COMPLETED_REQUEST: Message = Message::new(T::RespondQueryTaskCompletedRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(3, "query_result", &common::PAYLOADS),
    capture(6, "namespace", Capture::Namespace),
    into(7, "failure", &failure::FAILURE).policy(Policy::Failure),
]);

/// `temporal.api.workflowservice.v1.RespondQueryTaskCompletedResponse`
pub(crate) static RESPOND_QUERY_TASK_COMPLETED_RESPONSE: Message = Message::new(T::RespondQueryTaskCompletedResponse, &[]);

/// `temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest`
pub(crate) static RESPOND_WORKFLOW_TASK_COMPLETED_REQUEST: Message = Message::new(T::RespondWorkflowTaskCompletedRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(2, "commands", &command::COMMAND),
    into(8, "query_results", &RESPOND_WORKFLOW_TASK_COMPLETED_REQUEST_QUERY_RESULTS_ENTRY),
    capture(9, "namespace", Capture::Namespace),
    into(11, "messages", &protocol::PROTOCOL_MESSAGE),
    capture(18, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest.QueryResultsEntry`
pub(crate) static RESPOND_WORKFLOW_TASK_COMPLETED_REQUEST_QUERY_RESULTS_ENTRY: Message = Message::new(T::RespondWorkflowTaskCompletedRequestQueryResultsEntry, &[
    capture(1, "key", Capture::QueryId),
    into(2, "value", &query::WORKFLOW_QUERY_RESULT),
]);

/// `temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedResponse`
pub(crate) static RESPOND_WORKFLOW_TASK_COMPLETED_RESPONSE: Message = Message::new(T::RespondWorkflowTaskCompletedResponse, &[
    into(1, "workflow_task", &POLL_WORKFLOW_TASK_QUEUE_RESPONSE),
    into(2, "activity_tasks", &POLL_ACTIVITY_TASK_QUEUE_RESPONSE),
]);

/// `temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest`
pub(crate) static RESPOND_WORKFLOW_TASK_FAILED_REQUEST: Message = Message::new(T::RespondWorkflowTaskFailedRequest, &[
    capture(1, "task_token", Capture::TaskToken),
    into(3, "failure", &failure::FAILURE).policy(Policy::Failure),
    capture(6, "namespace", Capture::Namespace),
    into(7, "messages", &protocol::PROTOCOL_MESSAGE),
    capture(11, "resource_id", Capture::ResourceId),
]);

/// `temporal.api.workflowservice.v1.RespondWorkflowTaskFailedResponse`
pub(crate) static RESPOND_WORKFLOW_TASK_FAILED_RESPONSE: Message = Message::new(T::RespondWorkflowTaskFailedResponse, &[]);

/// `temporal.api.workflowservice.v1.ScanWorkflowExecutionsRequest`
pub(crate) static SCAN_WORKFLOW_EXECUTIONS_REQUEST: Message = Message::new(T::ScanWorkflowExecutionsRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(3, "next_page_token", Capture::NextPageToken),
]);

/// `temporal.api.workflowservice.v1.ScanWorkflowExecutionsResponse`
pub(crate) static SCAN_WORKFLOW_EXECUTIONS_RESPONSE: Message = Message::new(T::ScanWorkflowExecutionsResponse, &[
    into(1, "executions", &workflow::WORKFLOW_EXECUTION_INFO),
]);

/// `temporal.api.workflowservice.v1.SetCurrentDeploymentRequest`
pub(crate) static SET_CURRENT_DEPLOYMENT_REQUEST: Message = Message::new(T::SetCurrentDeploymentRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(4, "update_metadata", &deployment::UPDATE_DEPLOYMENT_METADATA),
]);

/// `temporal.api.workflowservice.v1.SetCurrentDeploymentResponse`
pub(crate) static SET_CURRENT_DEPLOYMENT_RESPONSE: Message = Message::new(T::SetCurrentDeploymentResponse, &[
    into(1, "current_deployment_info", &deployment::DEPLOYMENT_INFO),
    into(2, "previous_deployment_info", &deployment::DEPLOYMENT_INFO),
]);

/// `temporal.api.workflowservice.v1.ShutdownWorkerRequest`
pub(crate) static SHUTDOWN_WORKER_REQUEST: Message = Message::new(T::ShutdownWorkerRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(5, "worker_heartbeat", &worker::WORKER_HEARTBEAT),
]);

/// `temporal.api.workflowservice.v1.ShutdownWorkerResponse`
pub(crate) static SHUTDOWN_WORKER_RESPONSE: Message = Message::new(T::ShutdownWorkerResponse, &[]);

/// `temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionRequest`
pub(crate) static SIGNAL_WITH_START_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::SignalWithStartWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    inside(3, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    into(5, "input", &common::PAYLOADS),
    into(13, "signal_input", &common::PAYLOADS),
    into(17, "memo", &common::MEMO),
    into(19, "header", &common::HEADER),
    into(23, "user_metadata", &sdk::USER_METADATA),
]);

/// `temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionResponse`
pub(crate) static SIGNAL_WITH_START_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::SignalWithStartWorkflowExecutionResponse, &[]);

/// `temporal.api.workflowservice.v1.SignalWorkflowExecutionRequest`
pub(crate) static SIGNAL_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::SignalWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "workflow_execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    into(4, "input", &common::PAYLOADS),
    into(8, "header", &common::HEADER),
]);

/// `temporal.api.workflowservice.v1.SignalWorkflowExecutionResponse`
pub(crate) static SIGNAL_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::SignalWorkflowExecutionResponse, &[]);

/// `temporal.api.workflowservice.v1.StartActivityExecutionRequest`
pub(crate) static START_ACTIVITY_EXECUTION_REQUEST: Message = Message::new(T::StartActivityExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(4, "activity_id", Capture::ActivityId),
    inside(5, "activity_type", &[capture(1, "name", Capture::ActivityType)]),
    into(12, "input", &common::PAYLOADS),
    into(16, "header", &common::HEADER),
    into(17, "user_metadata", &sdk::USER_METADATA),
    into(19, "completion_callbacks", &common::CALLBACK),
]);

/// `temporal.api.workflowservice.v1.StartActivityExecutionResponse`
pub(crate) static START_ACTIVITY_EXECUTION_RESPONSE: Message = Message::new(T::StartActivityExecutionResponse, &[]);

/// `temporal.api.workflowservice.v1.StartBatchOperationRequest`
pub(crate) static START_BATCH_OPERATION_REQUEST: Message = Message::new(T::StartBatchOperationRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(10, "termination_operation", &batch::BATCH_OPERATION_TERMINATION),
    into(11, "signal_operation", &batch::BATCH_OPERATION_SIGNAL),
    into(14, "reset_operation", &batch::BATCH_OPERATION_RESET),
]);

/// `temporal.api.workflowservice.v1.StartBatchOperationResponse`
pub(crate) static START_BATCH_OPERATION_RESPONSE: Message = Message::new(T::StartBatchOperationResponse, &[]);

/// `temporal.api.workflowservice.v1.StartNexusOperationExecutionRequest`
pub(crate) static START_NEXUS_OPERATION_EXECUTION_REQUEST: Message = Message::new(T::StartNexusOperationExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(4, "operation_id", Capture::OperationId),
    capture(5, "endpoint", Capture::Endpoint),
    capture(6, "service", Capture::Service),
    capture(7, "operation", Capture::Operation),
    payload(11, "input").policy(Policy::Nexus),
    into(16, "user_metadata", &sdk::USER_METADATA),
    into(18, "completion_callbacks", &common::CALLBACK),
]);

/// `temporal.api.workflowservice.v1.StartNexusOperationExecutionResponse`
pub(crate) static START_NEXUS_OPERATION_EXECUTION_RESPONSE: Message = Message::new(T::StartNexusOperationExecutionResponse, &[]);

/// `temporal.api.workflowservice.v1.StartWorkflowExecutionRequest`
pub(crate) static START_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::StartWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "workflow_id", Capture::WorkflowId),
    inside(3, "workflow_type", &[capture(1, "name", Capture::WorkflowType)]),
    into(5, "input", &common::PAYLOADS),
    into(14, "memo", &common::MEMO),
    into(16, "header", &common::HEADER),
    into(18, "continued_failure", &failure::FAILURE).policy(Policy::Failure),
    into(19, "last_completion_result", &common::PAYLOADS),
    into(21, "completion_callbacks", &common::CALLBACK),
    into(23, "user_metadata", &sdk::USER_METADATA),
]);

/// `temporal.api.workflowservice.v1.StartWorkflowExecutionResponse`
pub(crate) static START_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::StartWorkflowExecutionResponse, &[
    capture(1, "run_id", Capture::RunId),
    into(2, "eager_workflow_task", &POLL_WORKFLOW_TASK_QUEUE_RESPONSE),
]);

/// `temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest`
pub(crate) static TERMINATE_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::TerminateWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "workflow_execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    into(4, "details", &common::PAYLOADS),
]);

/// `temporal.api.workflowservice.v1.TerminateWorkflowExecutionResponse`
pub(crate) static TERMINATE_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::TerminateWorkflowExecutionResponse, &[]);

/// `temporal.api.workflowservice.v1.UpdateScheduleRequest`
pub(crate) static UPDATE_SCHEDULE_REQUEST: Message = Message::new(T::UpdateScheduleRequest, &[
    capture(1, "namespace", Capture::Namespace),
    capture(2, "schedule_id", Capture::ScheduleId),
    into(3, "schedule", &schedule::SCHEDULE),
    into(8, "memo", &common::MEMO),
]);

/// `temporal.api.workflowservice.v1.UpdateScheduleResponse`
pub(crate) static UPDATE_SCHEDULE_RESPONSE: Message = Message::new(T::UpdateScheduleResponse, &[]);

/// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionComputeConfigRequest`
pub(crate) static UPDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_REQUEST: Message = Message::new(T::UpdateWorkerDeploymentVersionComputeConfigRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(6, "compute_config_scaling_groups", &UPDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_REQUEST_COMPUTE_CONFIG_SCALING_GROUPS_ENTRY),
]);

/// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionComputeConfigRequest.ComputeConfigScalingGroupsEntry`
pub(crate) static UPDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_REQUEST_COMPUTE_CONFIG_SCALING_GROUPS_ENTRY: Message = Message::new(T::UpdateWorkerDeploymentVersionComputeConfigRequestComputeConfigScalingGroupsEntry, &[
    into(2, "value", &compute::COMPUTE_CONFIG_SCALING_GROUP_UPDATE),
]);

/// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionComputeConfigResponse`
pub(crate) static UPDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_RESPONSE: Message = Message::new(T::UpdateWorkerDeploymentVersionComputeConfigResponse, &[]);

/// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionMetadataRequest`
pub(crate) static UPDATE_WORKER_DEPLOYMENT_VERSION_METADATA_REQUEST: Message = Message::new(T::UpdateWorkerDeploymentVersionMetadataRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(3, "upsert_entries", &UPDATE_WORKER_DEPLOYMENT_VERSION_METADATA_REQUEST_UPSERT_ENTRIES_ENTRY),
]);

/// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionMetadataRequest.UpsertEntriesEntry`
pub(crate) static UPDATE_WORKER_DEPLOYMENT_VERSION_METADATA_REQUEST_UPSERT_ENTRIES_ENTRY: Message = Message::new(T::UpdateWorkerDeploymentVersionMetadataRequestUpsertEntriesEntry, &[
    payload(2, "value").policy(Policy::Settings),
]);

/// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionMetadataResponse`
pub(crate) static UPDATE_WORKER_DEPLOYMENT_VERSION_METADATA_RESPONSE: Message = Message::new(T::UpdateWorkerDeploymentVersionMetadataResponse, &[
    into(1, "metadata", &deployment::VERSION_METADATA),
]);

/// `temporal.api.workflowservice.v1.UpdateWorkflowExecutionRequest`
pub(crate) static UPDATE_WORKFLOW_EXECUTION_REQUEST: Message = Message::new(T::UpdateWorkflowExecutionRequest, &[
    capture(1, "namespace", Capture::Namespace),
    inside(2, "workflow_execution", &[capture(1, "workflow_id", Capture::WorkflowId), capture(2, "run_id", Capture::RunId)]),
    into(5, "request", &update::UPDATE_REQUEST),
]);

/// `temporal.api.workflowservice.v1.UpdateWorkflowExecutionResponse`
pub(crate) static UPDATE_WORKFLOW_EXECUTION_RESPONSE: Message = Message::new(T::UpdateWorkflowExecutionResponse, &[
    into(2, "outcome", &update::UPDATE_OUTCOME),
]);

/// `temporal.api.workflowservice.v1.ValidateWorkerDeploymentVersionComputeConfigRequest`
pub(crate) static VALIDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_REQUEST: Message = Message::new(T::ValidateWorkerDeploymentVersionComputeConfigRequest, &[
    capture(1, "namespace", Capture::Namespace),
    into(6, "compute_config_scaling_groups", &VALIDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_REQUEST_COMPUTE_CONFIG_SCALING_GROUPS_ENTRY),
]);

/// `temporal.api.workflowservice.v1.ValidateWorkerDeploymentVersionComputeConfigRequest.ComputeConfigScalingGroupsEntry`
pub(crate) static VALIDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_REQUEST_COMPUTE_CONFIG_SCALING_GROUPS_ENTRY: Message = Message::new(T::ValidateWorkerDeploymentVersionComputeConfigRequestComputeConfigScalingGroupsEntry, &[
    into(2, "value", &compute::COMPUTE_CONFIG_SCALING_GROUP_UPDATE),
]);

/// `temporal.api.workflowservice.v1.ValidateWorkerDeploymentVersionComputeConfigResponse`
pub(crate) static VALIDATE_WORKER_DEPLOYMENT_VERSION_COMPUTE_CONFIG_RESPONSE: Message = Message::new(T::ValidateWorkerDeploymentVersionComputeConfigResponse, &[]);
