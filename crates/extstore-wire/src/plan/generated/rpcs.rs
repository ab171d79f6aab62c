//! The RPCs that carry payloads, and those whose answers a gateway changes.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::MessageType as T;
use crate::rpc::{Entry, entry};

/// An RPC of Temporal's frontend that has payloads in its request or its response, or limits or drivers.
///
/// The enum is exhaustive on purpose: whoever decides by RPC must decide again when Temporal adds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rpc {
    /// `temporal.api.operatorservice.v1.OperatorService/CreateNexusEndpoint`
    CreateNexusEndpoint,
    /// `temporal.api.operatorservice.v1.OperatorService/GetNexusEndpoint`
    GetNexusEndpoint,
    /// `temporal.api.operatorservice.v1.OperatorService/ListNexusEndpoints`
    ListNexusEndpoints,
    /// `temporal.api.operatorservice.v1.OperatorService/UpdateNexusEndpoint`
    UpdateNexusEndpoint,
    /// `temporal.api.workflowservice.v1.WorkflowService/CreateSchedule`
    CreateSchedule,
    /// `temporal.api.workflowservice.v1.WorkflowService/CreateWorkerDeploymentVersion`
    CreateWorkerDeploymentVersion,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeActivityExecution`
    DescribeActivityExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeDeployment`
    DescribeDeployment,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeNamespace`
    DescribeNamespace,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeNexusOperationExecution`
    DescribeNexusOperationExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeSchedule`
    DescribeSchedule,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeWorkerDeploymentVersion`
    DescribeWorkerDeploymentVersion,
    /// `temporal.api.workflowservice.v1.WorkflowService/DescribeWorkflowExecution`
    DescribeWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/ExecuteMultiOperation`
    ExecuteMultiOperation,
    /// `temporal.api.workflowservice.v1.WorkflowService/GetCurrentDeployment`
    GetCurrentDeployment,
    /// `temporal.api.workflowservice.v1.WorkflowService/GetDeploymentReachability`
    GetDeploymentReachability,
    /// `temporal.api.workflowservice.v1.WorkflowService/GetWorkflowExecutionHistory`
    GetWorkflowExecutionHistory,
    /// `temporal.api.workflowservice.v1.WorkflowService/GetWorkflowExecutionHistoryReverse`
    GetWorkflowExecutionHistoryReverse,
    /// `temporal.api.workflowservice.v1.WorkflowService/ListArchivedWorkflowExecutions`
    ListArchivedWorkflowExecutions,
    /// `temporal.api.workflowservice.v1.WorkflowService/ListClosedWorkflowExecutions`
    ListClosedWorkflowExecutions,
    /// `temporal.api.workflowservice.v1.WorkflowService/ListOpenWorkflowExecutions`
    ListOpenWorkflowExecutions,
    /// `temporal.api.workflowservice.v1.WorkflowService/ListSchedules`
    ListSchedules,
    /// `temporal.api.workflowservice.v1.WorkflowService/ListWorkflowExecutions`
    ListWorkflowExecutions,
    /// `temporal.api.workflowservice.v1.WorkflowService/PollActivityExecution`
    PollActivityExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/PollActivityTaskQueue`
    PollActivityTaskQueue,
    /// `temporal.api.workflowservice.v1.WorkflowService/PollNexusOperationExecution`
    PollNexusOperationExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/PollNexusTaskQueue`
    PollNexusTaskQueue,
    /// `temporal.api.workflowservice.v1.WorkflowService/PollWorkflowExecutionUpdate`
    PollWorkflowExecutionUpdate,
    /// `temporal.api.workflowservice.v1.WorkflowService/PollWorkflowTaskQueue`
    PollWorkflowTaskQueue,
    /// `temporal.api.workflowservice.v1.WorkflowService/QueryWorkflow`
    QueryWorkflow,
    /// `temporal.api.workflowservice.v1.WorkflowService/RecordActivityTaskHeartbeat`
    RecordActivityTaskHeartbeat,
    /// `temporal.api.workflowservice.v1.WorkflowService/RecordActivityTaskHeartbeatById`
    RecordActivityTaskHeartbeatById,
    /// `temporal.api.workflowservice.v1.WorkflowService/RecordWorkerHeartbeat`
    RecordWorkerHeartbeat,
    /// `temporal.api.workflowservice.v1.WorkflowService/ResetWorkflowExecution`
    ResetWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskCanceled`
    RespondActivityTaskCanceled,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskCanceledById`
    RespondActivityTaskCanceledById,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskCompleted`
    RespondActivityTaskCompleted,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskCompletedById`
    RespondActivityTaskCompletedById,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskFailed`
    RespondActivityTaskFailed,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskFailedById`
    RespondActivityTaskFailedById,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondNexusTaskCompleted`
    RespondNexusTaskCompleted,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondNexusTaskFailed`
    RespondNexusTaskFailed,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondQueryTaskCompleted`
    RespondQueryTaskCompleted,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondWorkflowTaskCompleted`
    RespondWorkflowTaskCompleted,
    /// `temporal.api.workflowservice.v1.WorkflowService/RespondWorkflowTaskFailed`
    RespondWorkflowTaskFailed,
    /// `temporal.api.workflowservice.v1.WorkflowService/ScanWorkflowExecutions`
    ScanWorkflowExecutions,
    /// `temporal.api.workflowservice.v1.WorkflowService/SetCurrentDeployment`
    SetCurrentDeployment,
    /// `temporal.api.workflowservice.v1.WorkflowService/ShutdownWorker`
    ShutdownWorker,
    /// `temporal.api.workflowservice.v1.WorkflowService/SignalWithStartWorkflowExecution`
    SignalWithStartWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/SignalWorkflowExecution`
    SignalWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/StartActivityExecution`
    StartActivityExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/StartBatchOperation`
    StartBatchOperation,
    /// `temporal.api.workflowservice.v1.WorkflowService/StartNexusOperationExecution`
    StartNexusOperationExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution`
    StartWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/TerminateWorkflowExecution`
    TerminateWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/UpdateSchedule`
    UpdateSchedule,
    /// `temporal.api.workflowservice.v1.WorkflowService/UpdateWorkerDeploymentVersionComputeConfig`
    UpdateWorkerDeploymentVersionComputeConfig,
    /// `temporal.api.workflowservice.v1.WorkflowService/UpdateWorkerDeploymentVersionMetadata`
    UpdateWorkerDeploymentVersionMetadata,
    /// `temporal.api.workflowservice.v1.WorkflowService/UpdateWorkflowExecution`
    UpdateWorkflowExecution,
    /// `temporal.api.workflowservice.v1.WorkflowService/ValidateWorkerDeploymentVersionComputeConfig`
    ValidateWorkerDeploymentVersionComputeConfig,
}

/// In the order of the enum, which is the order of service and method.
pub(crate) static RPCS: [Entry; 60] = [
    entry(Rpc::CreateNexusEndpoint, "temporal.api.operatorservice.v1.OperatorService", "CreateNexusEndpoint", T::CreateNexusEndpointRequest, T::CreateNexusEndpointResponse),
    entry(Rpc::GetNexusEndpoint, "temporal.api.operatorservice.v1.OperatorService", "GetNexusEndpoint", T::GetNexusEndpointRequest, T::GetNexusEndpointResponse),
    entry(Rpc::ListNexusEndpoints, "temporal.api.operatorservice.v1.OperatorService", "ListNexusEndpoints", T::ListNexusEndpointsRequest, T::ListNexusEndpointsResponse),
    entry(Rpc::UpdateNexusEndpoint, "temporal.api.operatorservice.v1.OperatorService", "UpdateNexusEndpoint", T::UpdateNexusEndpointRequest, T::UpdateNexusEndpointResponse),
    entry(Rpc::CreateSchedule, "temporal.api.workflowservice.v1.WorkflowService", "CreateSchedule", T::CreateScheduleRequest, T::CreateScheduleResponse),
    entry(Rpc::CreateWorkerDeploymentVersion, "temporal.api.workflowservice.v1.WorkflowService", "CreateWorkerDeploymentVersion", T::CreateWorkerDeploymentVersionRequest, T::CreateWorkerDeploymentVersionResponse),
    entry(Rpc::DescribeActivityExecution, "temporal.api.workflowservice.v1.WorkflowService", "DescribeActivityExecution", T::DescribeActivityExecutionRequest, T::DescribeActivityExecutionResponse),
    entry(Rpc::DescribeDeployment, "temporal.api.workflowservice.v1.WorkflowService", "DescribeDeployment", T::DescribeDeploymentRequest, T::DescribeDeploymentResponse),
    entry(Rpc::DescribeNamespace, "temporal.api.workflowservice.v1.WorkflowService", "DescribeNamespace", T::DescribeNamespaceRequest, T::DescribeNamespaceResponse),
    entry(Rpc::DescribeNexusOperationExecution, "temporal.api.workflowservice.v1.WorkflowService", "DescribeNexusOperationExecution", T::DescribeNexusOperationExecutionRequest, T::DescribeNexusOperationExecutionResponse),
    entry(Rpc::DescribeSchedule, "temporal.api.workflowservice.v1.WorkflowService", "DescribeSchedule", T::DescribeScheduleRequest, T::DescribeScheduleResponse),
    entry(Rpc::DescribeWorkerDeploymentVersion, "temporal.api.workflowservice.v1.WorkflowService", "DescribeWorkerDeploymentVersion", T::DescribeWorkerDeploymentVersionRequest, T::DescribeWorkerDeploymentVersionResponse),
    entry(Rpc::DescribeWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "DescribeWorkflowExecution", T::DescribeWorkflowExecutionRequest, T::DescribeWorkflowExecutionResponse),
    entry(Rpc::ExecuteMultiOperation, "temporal.api.workflowservice.v1.WorkflowService", "ExecuteMultiOperation", T::ExecuteMultiOperationRequest, T::ExecuteMultiOperationResponse),
    entry(Rpc::GetCurrentDeployment, "temporal.api.workflowservice.v1.WorkflowService", "GetCurrentDeployment", T::GetCurrentDeploymentRequest, T::GetCurrentDeploymentResponse),
    entry(Rpc::GetDeploymentReachability, "temporal.api.workflowservice.v1.WorkflowService", "GetDeploymentReachability", T::GetDeploymentReachabilityRequest, T::GetDeploymentReachabilityResponse),
    entry(Rpc::GetWorkflowExecutionHistory, "temporal.api.workflowservice.v1.WorkflowService", "GetWorkflowExecutionHistory", T::GetWorkflowExecutionHistoryRequest, T::GetWorkflowExecutionHistoryResponse),
    entry(Rpc::GetWorkflowExecutionHistoryReverse, "temporal.api.workflowservice.v1.WorkflowService", "GetWorkflowExecutionHistoryReverse", T::GetWorkflowExecutionHistoryReverseRequest, T::GetWorkflowExecutionHistoryReverseResponse),
    entry(Rpc::ListArchivedWorkflowExecutions, "temporal.api.workflowservice.v1.WorkflowService", "ListArchivedWorkflowExecutions", T::ListArchivedWorkflowExecutionsRequest, T::ListArchivedWorkflowExecutionsResponse),
    entry(Rpc::ListClosedWorkflowExecutions, "temporal.api.workflowservice.v1.WorkflowService", "ListClosedWorkflowExecutions", T::ListClosedWorkflowExecutionsRequest, T::ListClosedWorkflowExecutionsResponse),
    entry(Rpc::ListOpenWorkflowExecutions, "temporal.api.workflowservice.v1.WorkflowService", "ListOpenWorkflowExecutions", T::ListOpenWorkflowExecutionsRequest, T::ListOpenWorkflowExecutionsResponse),
    entry(Rpc::ListSchedules, "temporal.api.workflowservice.v1.WorkflowService", "ListSchedules", T::ListSchedulesRequest, T::ListSchedulesResponse),
    entry(Rpc::ListWorkflowExecutions, "temporal.api.workflowservice.v1.WorkflowService", "ListWorkflowExecutions", T::ListWorkflowExecutionsRequest, T::ListWorkflowExecutionsResponse),
    entry(Rpc::PollActivityExecution, "temporal.api.workflowservice.v1.WorkflowService", "PollActivityExecution", T::PollActivityExecutionRequest, T::PollActivityExecutionResponse),
    entry(Rpc::PollActivityTaskQueue, "temporal.api.workflowservice.v1.WorkflowService", "PollActivityTaskQueue", T::PollActivityTaskQueueRequest, T::PollActivityTaskQueueResponse),
    entry(Rpc::PollNexusOperationExecution, "temporal.api.workflowservice.v1.WorkflowService", "PollNexusOperationExecution", T::PollNexusOperationExecutionRequest, T::PollNexusOperationExecutionResponse),
    entry(Rpc::PollNexusTaskQueue, "temporal.api.workflowservice.v1.WorkflowService", "PollNexusTaskQueue", T::PollNexusTaskQueueRequest, T::PollNexusTaskQueueResponse),
    entry(Rpc::PollWorkflowExecutionUpdate, "temporal.api.workflowservice.v1.WorkflowService", "PollWorkflowExecutionUpdate", T::PollWorkflowExecutionUpdateRequest, T::PollWorkflowExecutionUpdateResponse),
    entry(Rpc::PollWorkflowTaskQueue, "temporal.api.workflowservice.v1.WorkflowService", "PollWorkflowTaskQueue", T::PollWorkflowTaskQueueRequest, T::PollWorkflowTaskQueueResponse),
    entry(Rpc::QueryWorkflow, "temporal.api.workflowservice.v1.WorkflowService", "QueryWorkflow", T::QueryWorkflowRequest, T::QueryWorkflowResponse),
    entry(Rpc::RecordActivityTaskHeartbeat, "temporal.api.workflowservice.v1.WorkflowService", "RecordActivityTaskHeartbeat", T::RecordActivityTaskHeartbeatRequest, T::RecordActivityTaskHeartbeatResponse),
    entry(Rpc::RecordActivityTaskHeartbeatById, "temporal.api.workflowservice.v1.WorkflowService", "RecordActivityTaskHeartbeatById", T::RecordActivityTaskHeartbeatByIdRequest, T::RecordActivityTaskHeartbeatByIdResponse),
    entry(Rpc::RecordWorkerHeartbeat, "temporal.api.workflowservice.v1.WorkflowService", "RecordWorkerHeartbeat", T::RecordWorkerHeartbeatRequest, T::RecordWorkerHeartbeatResponse),
    entry(Rpc::ResetWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "ResetWorkflowExecution", T::ResetWorkflowExecutionRequest, T::ResetWorkflowExecutionResponse),
    entry(Rpc::RespondActivityTaskCanceled, "temporal.api.workflowservice.v1.WorkflowService", "RespondActivityTaskCanceled", T::RespondActivityTaskCanceledRequest, T::RespondActivityTaskCanceledResponse),
    entry(Rpc::RespondActivityTaskCanceledById, "temporal.api.workflowservice.v1.WorkflowService", "RespondActivityTaskCanceledById", T::RespondActivityTaskCanceledByIdRequest, T::RespondActivityTaskCanceledByIdResponse),
    entry(Rpc::RespondActivityTaskCompleted, "temporal.api.workflowservice.v1.WorkflowService", "RespondActivityTaskCompleted", T::RespondActivityTaskCompletedRequest, T::RespondActivityTaskCompletedResponse),
    entry(Rpc::RespondActivityTaskCompletedById, "temporal.api.workflowservice.v1.WorkflowService", "RespondActivityTaskCompletedById", T::RespondActivityTaskCompletedByIdRequest, T::RespondActivityTaskCompletedByIdResponse),
    entry(Rpc::RespondActivityTaskFailed, "temporal.api.workflowservice.v1.WorkflowService", "RespondActivityTaskFailed", T::RespondActivityTaskFailedRequest, T::RespondActivityTaskFailedResponse),
    entry(Rpc::RespondActivityTaskFailedById, "temporal.api.workflowservice.v1.WorkflowService", "RespondActivityTaskFailedById", T::RespondActivityTaskFailedByIdRequest, T::RespondActivityTaskFailedByIdResponse),
    entry(Rpc::RespondNexusTaskCompleted, "temporal.api.workflowservice.v1.WorkflowService", "RespondNexusTaskCompleted", T::RespondNexusTaskCompletedRequest, T::RespondNexusTaskCompletedResponse),
    entry(Rpc::RespondNexusTaskFailed, "temporal.api.workflowservice.v1.WorkflowService", "RespondNexusTaskFailed", T::RespondNexusTaskFailedRequest, T::RespondNexusTaskFailedResponse),
    entry(Rpc::RespondQueryTaskCompleted, "temporal.api.workflowservice.v1.WorkflowService", "RespondQueryTaskCompleted", T::RespondQueryTaskCompletedRequest, T::RespondQueryTaskCompletedResponse),
    entry(Rpc::RespondWorkflowTaskCompleted, "temporal.api.workflowservice.v1.WorkflowService", "RespondWorkflowTaskCompleted", T::RespondWorkflowTaskCompletedRequest, T::RespondWorkflowTaskCompletedResponse),
    entry(Rpc::RespondWorkflowTaskFailed, "temporal.api.workflowservice.v1.WorkflowService", "RespondWorkflowTaskFailed", T::RespondWorkflowTaskFailedRequest, T::RespondWorkflowTaskFailedResponse),
    entry(Rpc::ScanWorkflowExecutions, "temporal.api.workflowservice.v1.WorkflowService", "ScanWorkflowExecutions", T::ScanWorkflowExecutionsRequest, T::ScanWorkflowExecutionsResponse),
    entry(Rpc::SetCurrentDeployment, "temporal.api.workflowservice.v1.WorkflowService", "SetCurrentDeployment", T::SetCurrentDeploymentRequest, T::SetCurrentDeploymentResponse),
    entry(Rpc::ShutdownWorker, "temporal.api.workflowservice.v1.WorkflowService", "ShutdownWorker", T::ShutdownWorkerRequest, T::ShutdownWorkerResponse),
    entry(Rpc::SignalWithStartWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "SignalWithStartWorkflowExecution", T::SignalWithStartWorkflowExecutionRequest, T::SignalWithStartWorkflowExecutionResponse),
    entry(Rpc::SignalWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "SignalWorkflowExecution", T::SignalWorkflowExecutionRequest, T::SignalWorkflowExecutionResponse),
    entry(Rpc::StartActivityExecution, "temporal.api.workflowservice.v1.WorkflowService", "StartActivityExecution", T::StartActivityExecutionRequest, T::StartActivityExecutionResponse),
    entry(Rpc::StartBatchOperation, "temporal.api.workflowservice.v1.WorkflowService", "StartBatchOperation", T::StartBatchOperationRequest, T::StartBatchOperationResponse),
    entry(Rpc::StartNexusOperationExecution, "temporal.api.workflowservice.v1.WorkflowService", "StartNexusOperationExecution", T::StartNexusOperationExecutionRequest, T::StartNexusOperationExecutionResponse),
    entry(Rpc::StartWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "StartWorkflowExecution", T::StartWorkflowExecutionRequest, T::StartWorkflowExecutionResponse),
    entry(Rpc::TerminateWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "TerminateWorkflowExecution", T::TerminateWorkflowExecutionRequest, T::TerminateWorkflowExecutionResponse),
    entry(Rpc::UpdateSchedule, "temporal.api.workflowservice.v1.WorkflowService", "UpdateSchedule", T::UpdateScheduleRequest, T::UpdateScheduleResponse),
    entry(Rpc::UpdateWorkerDeploymentVersionComputeConfig, "temporal.api.workflowservice.v1.WorkflowService", "UpdateWorkerDeploymentVersionComputeConfig", T::UpdateWorkerDeploymentVersionComputeConfigRequest, T::UpdateWorkerDeploymentVersionComputeConfigResponse),
    entry(Rpc::UpdateWorkerDeploymentVersionMetadata, "temporal.api.workflowservice.v1.WorkflowService", "UpdateWorkerDeploymentVersionMetadata", T::UpdateWorkerDeploymentVersionMetadataRequest, T::UpdateWorkerDeploymentVersionMetadataResponse),
    entry(Rpc::UpdateWorkflowExecution, "temporal.api.workflowservice.v1.WorkflowService", "UpdateWorkflowExecution", T::UpdateWorkflowExecutionRequest, T::UpdateWorkflowExecutionResponse),
    entry(Rpc::ValidateWorkerDeploymentVersionComputeConfig, "temporal.api.workflowservice.v1.WorkflowService", "ValidateWorkerDeploymentVersionComputeConfig", T::ValidateWorkerDeploymentVersionComputeConfigRequest, T::ValidateWorkerDeploymentVersionComputeConfigResponse),
];
