//! The messages of the plan, by name.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

/// A message that leads to payloads, or is an end of an RPC that has some.
///
/// The list grows with Temporal's API, and a `match` over all of it should break then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
pub enum MessageType {
    /// `google.protobuf.Any`
    Any,
    /// `google.rpc.Status`
    RpcStatus,
    /// `temporal.api.activity.v1.ActivityExecutionInfo`
    ActivityExecutionInfo,
    /// `temporal.api.activity.v1.ActivityExecutionOutcome`
    ActivityExecutionOutcome,
    /// `temporal.api.activity.v1.CallbackInfo`
    ActivityCallbackInfo,
    /// `temporal.api.batch.v1.BatchOperationReset`
    BatchOperationReset,
    /// `temporal.api.batch.v1.BatchOperationSignal`
    BatchOperationSignal,
    /// `temporal.api.batch.v1.BatchOperationTermination`
    BatchOperationTermination,
    /// `temporal.api.callback.v1.CallbackInfo`
    CallbackCallbackInfo,
    /// `temporal.api.command.v1.CancelTimerCommandAttributes`
    CancelTimerCommandAttributes,
    /// `temporal.api.command.v1.CancelWorkflowExecutionCommandAttributes`
    CancelWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.Command`
    Command,
    /// `temporal.api.command.v1.CompleteWorkflowExecutionCommandAttributes`
    CompleteWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.ContinueAsNewWorkflowExecutionCommandAttributes`
    ContinueAsNewWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.FailWorkflowExecutionCommandAttributes`
    FailWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.ModifyWorkflowPropertiesCommandAttributes`
    ModifyWorkflowPropertiesCommandAttributes,
    /// `temporal.api.command.v1.ProtocolMessageCommandAttributes`
    ProtocolMessageCommandAttributes,
    /// `temporal.api.command.v1.RecordMarkerCommandAttributes`
    RecordMarkerCommandAttributes,
    /// `temporal.api.command.v1.RecordMarkerCommandAttributes.DetailsEntry`
    RecordMarkerCommandAttributesDetailsEntry,
    /// `temporal.api.command.v1.RequestCancelActivityTaskCommandAttributes`
    RequestCancelActivityTaskCommandAttributes,
    /// `temporal.api.command.v1.RequestCancelExternalWorkflowExecutionCommandAttributes`
    RequestCancelExternalWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.RequestCancelNexusOperationCommandAttributes`
    RequestCancelNexusOperationCommandAttributes,
    /// `temporal.api.command.v1.ScheduleActivityTaskCommandAttributes`
    ScheduleActivityTaskCommandAttributes,
    /// `temporal.api.command.v1.ScheduleNexusOperationCommandAttributes`
    ScheduleNexusOperationCommandAttributes,
    /// `temporal.api.command.v1.SignalExternalWorkflowExecutionCommandAttributes`
    SignalExternalWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.StartChildWorkflowExecutionCommandAttributes`
    StartChildWorkflowExecutionCommandAttributes,
    /// `temporal.api.command.v1.StartTimerCommandAttributes`
    StartTimerCommandAttributes,
    /// `temporal.api.command.v1.UpsertWorkflowSearchAttributesCommandAttributes`
    UpsertWorkflowSearchAttributesCommandAttributes,
    /// `temporal.api.common.v1.Callback`
    Callback,
    /// `temporal.api.common.v1.Callback.NexusHandler`
    CallbackNexusHandler,
    /// `temporal.api.common.v1.DataBlob`
    DataBlob,
    /// `temporal.api.common.v1.Header`
    Header,
    /// `temporal.api.common.v1.Header.FieldsEntry`
    HeaderFieldsEntry,
    /// `temporal.api.common.v1.Memo`
    Memo,
    /// `temporal.api.common.v1.Memo.FieldsEntry`
    MemoFieldsEntry,
    /// `temporal.api.common.v1.Payload`
    Payload,
    /// `temporal.api.common.v1.Payloads`
    Payloads,
    /// `temporal.api.compute.v1.ComputeConfig`
    ComputeConfig,
    /// `temporal.api.compute.v1.ComputeConfig.ScalingGroupsEntry`
    ComputeConfigScalingGroupsEntry,
    /// `temporal.api.compute.v1.ComputeConfigScalingGroup`
    ComputeConfigScalingGroup,
    /// `temporal.api.compute.v1.ComputeConfigScalingGroupUpdate`
    ComputeConfigScalingGroupUpdate,
    /// `temporal.api.compute.v1.ComputeProvider`
    ComputeProvider,
    /// `temporal.api.compute.v1.ComputeScaler`
    ComputeScaler,
    /// `temporal.api.deployment.v1.DeploymentInfo`
    DeploymentInfo,
    /// `temporal.api.deployment.v1.DeploymentInfo.MetadataEntry`
    DeploymentInfoMetadataEntry,
    /// `temporal.api.deployment.v1.UpdateDeploymentMetadata`
    UpdateDeploymentMetadata,
    /// `temporal.api.deployment.v1.UpdateDeploymentMetadata.UpsertEntriesEntry`
    UpdateDeploymentMetadataUpsertEntriesEntry,
    /// `temporal.api.deployment.v1.VersionMetadata`
    VersionMetadata,
    /// `temporal.api.deployment.v1.VersionMetadata.EntriesEntry`
    VersionMetadataEntriesEntry,
    /// `temporal.api.deployment.v1.WorkerDeploymentVersionInfo`
    WorkerDeploymentVersionInfo,
    /// `temporal.api.errordetails.v1.MultiOperationExecutionFailure`
    MultiOperationExecutionFailure,
    /// `temporal.api.errordetails.v1.MultiOperationExecutionFailure.OperationStatus`
    MultiOperationExecutionFailureOperationStatus,
    /// `temporal.api.errordetails.v1.QueryFailedFailure`
    QueryFailedFailure,
    /// `temporal.api.export.v1.WorkflowExecution`
    WorkflowExecution,
    /// `temporal.api.export.v1.WorkflowExecutions`
    WorkflowExecutions,
    /// `temporal.api.failure.v1.ApplicationFailureInfo`
    ApplicationFailureInfo,
    /// `temporal.api.failure.v1.CanceledFailureInfo`
    CanceledFailureInfo,
    /// `temporal.api.failure.v1.Failure`
    Failure,
    /// `temporal.api.failure.v1.ResetWorkflowFailureInfo`
    ResetWorkflowFailureInfo,
    /// `temporal.api.failure.v1.TimeoutFailureInfo`
    TimeoutFailureInfo,
    /// `temporal.api.history.v1.ActivityTaskCanceledEventAttributes`
    ActivityTaskCanceledEventAttributes,
    /// `temporal.api.history.v1.ActivityTaskCompletedEventAttributes`
    ActivityTaskCompletedEventAttributes,
    /// `temporal.api.history.v1.ActivityTaskFailedEventAttributes`
    ActivityTaskFailedEventAttributes,
    /// `temporal.api.history.v1.ActivityTaskScheduledEventAttributes`
    ActivityTaskScheduledEventAttributes,
    /// `temporal.api.history.v1.ActivityTaskStartedEventAttributes`
    ActivityTaskStartedEventAttributes,
    /// `temporal.api.history.v1.ActivityTaskTimedOutEventAttributes`
    ActivityTaskTimedOutEventAttributes,
    /// `temporal.api.history.v1.ChildWorkflowExecutionCanceledEventAttributes`
    ChildWorkflowExecutionCanceledEventAttributes,
    /// `temporal.api.history.v1.ChildWorkflowExecutionCompletedEventAttributes`
    ChildWorkflowExecutionCompletedEventAttributes,
    /// `temporal.api.history.v1.ChildWorkflowExecutionFailedEventAttributes`
    ChildWorkflowExecutionFailedEventAttributes,
    /// `temporal.api.history.v1.ChildWorkflowExecutionStartedEventAttributes`
    ChildWorkflowExecutionStartedEventAttributes,
    /// `temporal.api.history.v1.History`
    History,
    /// `temporal.api.history.v1.HistoryEvent`
    HistoryEvent,
    /// `temporal.api.history.v1.MarkerRecordedEventAttributes`
    MarkerRecordedEventAttributes,
    /// `temporal.api.history.v1.MarkerRecordedEventAttributes.DetailsEntry`
    MarkerRecordedEventAttributesDetailsEntry,
    /// `temporal.api.history.v1.NexusOperationCancelRequestFailedEventAttributes`
    NexusOperationCancelRequestFailedEventAttributes,
    /// `temporal.api.history.v1.NexusOperationCanceledEventAttributes`
    NexusOperationCanceledEventAttributes,
    /// `temporal.api.history.v1.NexusOperationCompletedEventAttributes`
    NexusOperationCompletedEventAttributes,
    /// `temporal.api.history.v1.NexusOperationFailedEventAttributes`
    NexusOperationFailedEventAttributes,
    /// `temporal.api.history.v1.NexusOperationScheduledEventAttributes`
    NexusOperationScheduledEventAttributes,
    /// `temporal.api.history.v1.NexusOperationTimedOutEventAttributes`
    NexusOperationTimedOutEventAttributes,
    /// `temporal.api.history.v1.SignalExternalWorkflowExecutionInitiatedEventAttributes`
    SignalExternalWorkflowExecutionInitiatedEventAttributes,
    /// `temporal.api.history.v1.StartChildWorkflowExecutionInitiatedEventAttributes`
    StartChildWorkflowExecutionInitiatedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionCanceledEventAttributes`
    WorkflowExecutionCanceledEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionCompletedEventAttributes`
    WorkflowExecutionCompletedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionContinuedAsNewEventAttributes`
    WorkflowExecutionContinuedAsNewEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionFailedEventAttributes`
    WorkflowExecutionFailedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionOptionsUpdatedEventAttributes`
    WorkflowExecutionOptionsUpdatedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionOptionsUpdatedEventAttributes.WorkflowUpdateOptionsUpdate`
    WorkflowExecutionOptionsUpdatedEventAttributesWorkflowUpdateOptionsUpdate,
    /// `temporal.api.history.v1.WorkflowExecutionSignaledEventAttributes`
    WorkflowExecutionSignaledEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionStartedEventAttributes`
    WorkflowExecutionStartedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionTerminatedEventAttributes`
    WorkflowExecutionTerminatedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionUpdateAcceptedEventAttributes`
    WorkflowExecutionUpdateAcceptedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionUpdateAdmittedEventAttributes`
    WorkflowExecutionUpdateAdmittedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionUpdateCompletedEventAttributes`
    WorkflowExecutionUpdateCompletedEventAttributes,
    /// `temporal.api.history.v1.WorkflowExecutionUpdateRejectedEventAttributes`
    WorkflowExecutionUpdateRejectedEventAttributes,
    /// `temporal.api.history.v1.WorkflowPropertiesModifiedEventAttributes`
    WorkflowPropertiesModifiedEventAttributes,
    /// `temporal.api.history.v1.WorkflowPropertiesModifiedExternallyEventAttributes`
    WorkflowPropertiesModifiedExternallyEventAttributes,
    /// `temporal.api.history.v1.WorkflowTaskFailedEventAttributes`
    WorkflowTaskFailedEventAttributes,
    /// `temporal.api.nexus.v1.Endpoint`
    NexusEndpoint,
    /// `temporal.api.nexus.v1.EndpointSpec`
    EndpointSpec,
    /// `temporal.api.nexus.v1.NexusOperationExecutionCancellationInfo`
    NexusOperationExecutionCancellationInfo,
    /// `temporal.api.nexus.v1.NexusOperationExecutionInfo`
    NexusOperationExecutionInfo,
    /// `temporal.api.nexus.v1.Request`
    NexusRequest,
    /// `temporal.api.nexus.v1.Response`
    NexusResponse,
    /// `temporal.api.nexus.v1.StartOperationRequest`
    StartOperationRequest,
    /// `temporal.api.nexus.v1.StartOperationResponse`
    StartOperationResponse,
    /// `temporal.api.nexus.v1.StartOperationResponse.Sync`
    StartOperationResponseSync,
    /// `temporal.api.nexusoperation.v1.CallbackInfo`
    NexusoperationCallbackInfo,
    /// `temporal.api.notificationservice.v1.OnCompleteRequest`
    OnCompleteRequest,
    /// `temporal.api.operatorservice.v1.CreateNexusEndpointRequest`
    CreateNexusEndpointRequest,
    /// `temporal.api.operatorservice.v1.CreateNexusEndpointResponse`
    CreateNexusEndpointResponse,
    /// `temporal.api.operatorservice.v1.GetNexusEndpointRequest`
    GetNexusEndpointRequest,
    /// `temporal.api.operatorservice.v1.GetNexusEndpointResponse`
    GetNexusEndpointResponse,
    /// `temporal.api.operatorservice.v1.ListNexusEndpointsRequest`
    ListNexusEndpointsRequest,
    /// `temporal.api.operatorservice.v1.ListNexusEndpointsResponse`
    ListNexusEndpointsResponse,
    /// `temporal.api.operatorservice.v1.UpdateNexusEndpointRequest`
    UpdateNexusEndpointRequest,
    /// `temporal.api.operatorservice.v1.UpdateNexusEndpointResponse`
    UpdateNexusEndpointResponse,
    /// `temporal.api.protocol.v1.Message`
    ProtocolMessage,
    /// `temporal.api.query.v1.WorkflowQuery`
    WorkflowQuery,
    /// `temporal.api.query.v1.WorkflowQueryResult`
    WorkflowQueryResult,
    /// `temporal.api.schedule.v1.Schedule`
    Schedule,
    /// `temporal.api.schedule.v1.ScheduleAction`
    ScheduleAction,
    /// `temporal.api.schedule.v1.ScheduleListEntry`
    ScheduleListEntry,
    /// `temporal.api.sdk.v1.EventGroupMarker`
    EventGroupMarker,
    /// `temporal.api.sdk.v1.EventGroupMarker.Label`
    EventGroupMarkerLabel,
    /// `temporal.api.sdk.v1.UserMetadata`
    UserMetadata,
    /// `temporal.api.update.v1.Acceptance`
    Acceptance,
    /// `temporal.api.update.v1.Input`
    UpdateInput,
    /// `temporal.api.update.v1.Outcome`
    UpdateOutcome,
    /// `temporal.api.update.v1.Rejection`
    Rejection,
    /// `temporal.api.update.v1.Request`
    UpdateRequest,
    /// `temporal.api.update.v1.Response`
    UpdateResponse,
    /// `temporal.api.worker.v1.WorkerHeartbeat`
    WorkerHeartbeat,
    /// `temporal.api.worker.v1.WorkerInfo`
    WorkerInfo,
    /// `temporal.api.workflow.v1.CallbackInfo`
    WorkflowCallbackInfo,
    /// `temporal.api.workflow.v1.NewWorkflowExecutionInfo`
    NewWorkflowExecutionInfo,
    /// `temporal.api.workflow.v1.NexusOperationCancellationInfo`
    NexusOperationCancellationInfo,
    /// `temporal.api.workflow.v1.PendingActivityInfo`
    PendingActivityInfo,
    /// `temporal.api.workflow.v1.PendingNexusOperationInfo`
    PendingNexusOperationInfo,
    /// `temporal.api.workflow.v1.PostResetOperation`
    PostResetOperation,
    /// `temporal.api.workflow.v1.PostResetOperation.SignalWorkflow`
    PostResetOperationSignalWorkflow,
    /// `temporal.api.workflow.v1.WorkflowExecutionConfig`
    WorkflowExecutionConfig,
    /// `temporal.api.workflow.v1.WorkflowExecutionInfo`
    WorkflowExecutionInfo,
    /// `temporal.api.workflowservice.v1.CreateScheduleRequest`
    CreateScheduleRequest,
    /// `temporal.api.workflowservice.v1.CreateScheduleResponse`
    CreateScheduleResponse,
    /// `temporal.api.workflowservice.v1.CreateWorkerDeploymentVersionRequest`
    CreateWorkerDeploymentVersionRequest,
    /// `temporal.api.workflowservice.v1.CreateWorkerDeploymentVersionResponse`
    CreateWorkerDeploymentVersionResponse,
    /// `temporal.api.workflowservice.v1.DescribeActivityExecutionRequest`
    DescribeActivityExecutionRequest,
    /// `temporal.api.workflowservice.v1.DescribeActivityExecutionResponse`
    DescribeActivityExecutionResponse,
    /// `temporal.api.workflowservice.v1.DescribeDeploymentRequest`
    DescribeDeploymentRequest,
    /// `temporal.api.workflowservice.v1.DescribeDeploymentResponse`
    DescribeDeploymentResponse,
    /// `temporal.api.workflowservice.v1.DescribeNamespaceRequest`
    DescribeNamespaceRequest,
    /// `temporal.api.workflowservice.v1.DescribeNamespaceResponse`
    DescribeNamespaceResponse,
    /// `temporal.api.workflowservice.v1.DescribeNexusOperationExecutionRequest`
    DescribeNexusOperationExecutionRequest,
    /// `temporal.api.workflowservice.v1.DescribeNexusOperationExecutionResponse`
    DescribeNexusOperationExecutionResponse,
    /// `temporal.api.workflowservice.v1.DescribeScheduleRequest`
    DescribeScheduleRequest,
    /// `temporal.api.workflowservice.v1.DescribeScheduleResponse`
    DescribeScheduleResponse,
    /// `temporal.api.workflowservice.v1.DescribeWorkerDeploymentVersionRequest`
    DescribeWorkerDeploymentVersionRequest,
    /// `temporal.api.workflowservice.v1.DescribeWorkerDeploymentVersionResponse`
    DescribeWorkerDeploymentVersionResponse,
    /// `temporal.api.workflowservice.v1.DescribeWorkerResponse`
    DescribeWorkerResponse,
    /// `temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest`
    DescribeWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse`
    DescribeWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.ExecuteMultiOperationRequest`
    ExecuteMultiOperationRequest,
    /// `temporal.api.workflowservice.v1.ExecuteMultiOperationRequest.Operation`
    ExecuteMultiOperationRequestOperation,
    /// `temporal.api.workflowservice.v1.ExecuteMultiOperationResponse`
    ExecuteMultiOperationResponse,
    /// `temporal.api.workflowservice.v1.ExecuteMultiOperationResponse.Response`
    ExecuteMultiOperationResponseResponse,
    /// `temporal.api.workflowservice.v1.GetCurrentDeploymentRequest`
    GetCurrentDeploymentRequest,
    /// `temporal.api.workflowservice.v1.GetCurrentDeploymentResponse`
    GetCurrentDeploymentResponse,
    /// `temporal.api.workflowservice.v1.GetDeploymentReachabilityRequest`
    GetDeploymentReachabilityRequest,
    /// `temporal.api.workflowservice.v1.GetDeploymentReachabilityResponse`
    GetDeploymentReachabilityResponse,
    /// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest`
    GetWorkflowExecutionHistoryRequest,
    /// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse`
    GetWorkflowExecutionHistoryResponse,
    /// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryReverseRequest`
    GetWorkflowExecutionHistoryReverseRequest,
    /// `temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryReverseResponse`
    GetWorkflowExecutionHistoryReverseResponse,
    /// `temporal.api.workflowservice.v1.ListArchivedWorkflowExecutionsRequest`
    ListArchivedWorkflowExecutionsRequest,
    /// `temporal.api.workflowservice.v1.ListArchivedWorkflowExecutionsResponse`
    ListArchivedWorkflowExecutionsResponse,
    /// `temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest`
    ListClosedWorkflowExecutionsRequest,
    /// `temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsResponse`
    ListClosedWorkflowExecutionsResponse,
    /// `temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest`
    ListOpenWorkflowExecutionsRequest,
    /// `temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsResponse`
    ListOpenWorkflowExecutionsResponse,
    /// `temporal.api.workflowservice.v1.ListSchedulesRequest`
    ListSchedulesRequest,
    /// `temporal.api.workflowservice.v1.ListSchedulesResponse`
    ListSchedulesResponse,
    /// `temporal.api.workflowservice.v1.ListWorkersResponse`
    ListWorkersResponse,
    /// `temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest`
    ListWorkflowExecutionsRequest,
    /// `temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse`
    ListWorkflowExecutionsResponse,
    /// `temporal.api.workflowservice.v1.PollActivityExecutionRequest`
    PollActivityExecutionRequest,
    /// `temporal.api.workflowservice.v1.PollActivityExecutionResponse`
    PollActivityExecutionResponse,
    /// `temporal.api.workflowservice.v1.PollActivityTaskQueueRequest`
    PollActivityTaskQueueRequest,
    /// `temporal.api.workflowservice.v1.PollActivityTaskQueueResponse`
    PollActivityTaskQueueResponse,
    /// `temporal.api.workflowservice.v1.PollNexusOperationExecutionRequest`
    PollNexusOperationExecutionRequest,
    /// `temporal.api.workflowservice.v1.PollNexusOperationExecutionResponse`
    PollNexusOperationExecutionResponse,
    /// `temporal.api.workflowservice.v1.PollNexusTaskQueueRequest`
    PollNexusTaskQueueRequest,
    /// `temporal.api.workflowservice.v1.PollNexusTaskQueueResponse`
    PollNexusTaskQueueResponse,
    /// `temporal.api.workflowservice.v1.PollWorkflowExecutionUpdateRequest`
    PollWorkflowExecutionUpdateRequest,
    /// `temporal.api.workflowservice.v1.PollWorkflowExecutionUpdateResponse`
    PollWorkflowExecutionUpdateResponse,
    /// `temporal.api.workflowservice.v1.PollWorkflowTaskQueueRequest`
    PollWorkflowTaskQueueRequest,
    /// `temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse`
    PollWorkflowTaskQueueResponse,
    /// `temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse.QueriesEntry`
    PollWorkflowTaskQueueResponseQueriesEntry,
    /// `temporal.api.workflowservice.v1.QueryWorkflowRequest`
    QueryWorkflowRequest,
    /// `temporal.api.workflowservice.v1.QueryWorkflowResponse`
    QueryWorkflowResponse,
    /// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatByIdRequest`
    RecordActivityTaskHeartbeatByIdRequest,
    /// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatByIdResponse`
    RecordActivityTaskHeartbeatByIdResponse,
    /// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest`
    RecordActivityTaskHeartbeatRequest,
    /// `temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatResponse`
    RecordActivityTaskHeartbeatResponse,
    /// `temporal.api.workflowservice.v1.RecordWorkerHeartbeatRequest`
    RecordWorkerHeartbeatRequest,
    /// `temporal.api.workflowservice.v1.RecordWorkerHeartbeatResponse`
    RecordWorkerHeartbeatResponse,
    /// `temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest`
    ResetWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.ResetWorkflowExecutionResponse`
    ResetWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledByIdRequest`
    RespondActivityTaskCanceledByIdRequest,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledByIdResponse`
    RespondActivityTaskCanceledByIdResponse,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledRequest`
    RespondActivityTaskCanceledRequest,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCanceledResponse`
    RespondActivityTaskCanceledResponse,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedByIdRequest`
    RespondActivityTaskCompletedByIdRequest,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedByIdResponse`
    RespondActivityTaskCompletedByIdResponse,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedRequest`
    RespondActivityTaskCompletedRequest,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskCompletedResponse`
    RespondActivityTaskCompletedResponse,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskFailedByIdRequest`
    RespondActivityTaskFailedByIdRequest,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskFailedByIdResponse`
    RespondActivityTaskFailedByIdResponse,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest`
    RespondActivityTaskFailedRequest,
    /// `temporal.api.workflowservice.v1.RespondActivityTaskFailedResponse`
    RespondActivityTaskFailedResponse,
    /// `temporal.api.workflowservice.v1.RespondNexusTaskCompletedRequest`
    RespondNexusTaskCompletedRequest,
    /// `temporal.api.workflowservice.v1.RespondNexusTaskCompletedResponse`
    RespondNexusTaskCompletedResponse,
    /// `temporal.api.workflowservice.v1.RespondNexusTaskFailedRequest`
    RespondNexusTaskFailedRequest,
    /// `temporal.api.workflowservice.v1.RespondNexusTaskFailedResponse`
    RespondNexusTaskFailedResponse,
    /// `temporal.api.workflowservice.v1.RespondQueryTaskCompletedRequest`
    RespondQueryTaskCompletedRequest,
    /// `temporal.api.workflowservice.v1.RespondQueryTaskCompletedResponse`
    RespondQueryTaskCompletedResponse,
    /// `temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest`
    RespondWorkflowTaskCompletedRequest,
    /// `temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest.QueryResultsEntry`
    RespondWorkflowTaskCompletedRequestQueryResultsEntry,
    /// `temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedResponse`
    RespondWorkflowTaskCompletedResponse,
    /// `temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest`
    RespondWorkflowTaskFailedRequest,
    /// `temporal.api.workflowservice.v1.RespondWorkflowTaskFailedResponse`
    RespondWorkflowTaskFailedResponse,
    /// `temporal.api.workflowservice.v1.ScanWorkflowExecutionsRequest`
    ScanWorkflowExecutionsRequest,
    /// `temporal.api.workflowservice.v1.ScanWorkflowExecutionsResponse`
    ScanWorkflowExecutionsResponse,
    /// `temporal.api.workflowservice.v1.SetCurrentDeploymentRequest`
    SetCurrentDeploymentRequest,
    /// `temporal.api.workflowservice.v1.SetCurrentDeploymentResponse`
    SetCurrentDeploymentResponse,
    /// `temporal.api.workflowservice.v1.ShutdownWorkerRequest`
    ShutdownWorkerRequest,
    /// `temporal.api.workflowservice.v1.ShutdownWorkerResponse`
    ShutdownWorkerResponse,
    /// `temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionRequest`
    SignalWithStartWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionResponse`
    SignalWithStartWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.SignalWorkflowExecutionRequest`
    SignalWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.SignalWorkflowExecutionResponse`
    SignalWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.StartActivityExecutionRequest`
    StartActivityExecutionRequest,
    /// `temporal.api.workflowservice.v1.StartActivityExecutionResponse`
    StartActivityExecutionResponse,
    /// `temporal.api.workflowservice.v1.StartBatchOperationRequest`
    StartBatchOperationRequest,
    /// `temporal.api.workflowservice.v1.StartBatchOperationResponse`
    StartBatchOperationResponse,
    /// `temporal.api.workflowservice.v1.StartNexusOperationExecutionRequest`
    StartNexusOperationExecutionRequest,
    /// `temporal.api.workflowservice.v1.StartNexusOperationExecutionResponse`
    StartNexusOperationExecutionResponse,
    /// `temporal.api.workflowservice.v1.StartWorkflowExecutionRequest`
    StartWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.StartWorkflowExecutionResponse`
    StartWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest`
    TerminateWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.TerminateWorkflowExecutionResponse`
    TerminateWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.UpdateScheduleRequest`
    UpdateScheduleRequest,
    /// `temporal.api.workflowservice.v1.UpdateScheduleResponse`
    UpdateScheduleResponse,
    /// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionComputeConfigRequest`
    UpdateWorkerDeploymentVersionComputeConfigRequest,
    /// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionComputeConfigRequest.ComputeConfigScalingGroupsEntry`
    UpdateWorkerDeploymentVersionComputeConfigRequestComputeConfigScalingGroupsEntry,
    /// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionComputeConfigResponse`
    UpdateWorkerDeploymentVersionComputeConfigResponse,
    /// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionMetadataRequest`
    UpdateWorkerDeploymentVersionMetadataRequest,
    /// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionMetadataRequest.UpsertEntriesEntry`
    UpdateWorkerDeploymentVersionMetadataRequestUpsertEntriesEntry,
    /// `temporal.api.workflowservice.v1.UpdateWorkerDeploymentVersionMetadataResponse`
    UpdateWorkerDeploymentVersionMetadataResponse,
    /// `temporal.api.workflowservice.v1.UpdateWorkflowExecutionRequest`
    UpdateWorkflowExecutionRequest,
    /// `temporal.api.workflowservice.v1.UpdateWorkflowExecutionResponse`
    UpdateWorkflowExecutionResponse,
    /// `temporal.api.workflowservice.v1.ValidateWorkerDeploymentVersionComputeConfigRequest`
    ValidateWorkerDeploymentVersionComputeConfigRequest,
    /// `temporal.api.workflowservice.v1.ValidateWorkerDeploymentVersionComputeConfigRequest.ComputeConfigScalingGroupsEntry`
    ValidateWorkerDeploymentVersionComputeConfigRequestComputeConfigScalingGroupsEntry,
    /// `temporal.api.workflowservice.v1.ValidateWorkerDeploymentVersionComputeConfigResponse`
    ValidateWorkerDeploymentVersionComputeConfigResponse,
}

impl MessageType {
    /// Every message type, in the order of the full names.
    pub const ALL: [Self; 264] = [
        Self::Any,
        Self::RpcStatus,
        Self::ActivityExecutionInfo,
        Self::ActivityExecutionOutcome,
        Self::ActivityCallbackInfo,
        Self::BatchOperationReset,
        Self::BatchOperationSignal,
        Self::BatchOperationTermination,
        Self::CallbackCallbackInfo,
        Self::CancelTimerCommandAttributes,
        Self::CancelWorkflowExecutionCommandAttributes,
        Self::Command,
        Self::CompleteWorkflowExecutionCommandAttributes,
        Self::ContinueAsNewWorkflowExecutionCommandAttributes,
        Self::FailWorkflowExecutionCommandAttributes,
        Self::ModifyWorkflowPropertiesCommandAttributes,
        Self::ProtocolMessageCommandAttributes,
        Self::RecordMarkerCommandAttributes,
        Self::RecordMarkerCommandAttributesDetailsEntry,
        Self::RequestCancelActivityTaskCommandAttributes,
        Self::RequestCancelExternalWorkflowExecutionCommandAttributes,
        Self::RequestCancelNexusOperationCommandAttributes,
        Self::ScheduleActivityTaskCommandAttributes,
        Self::ScheduleNexusOperationCommandAttributes,
        Self::SignalExternalWorkflowExecutionCommandAttributes,
        Self::StartChildWorkflowExecutionCommandAttributes,
        Self::StartTimerCommandAttributes,
        Self::UpsertWorkflowSearchAttributesCommandAttributes,
        Self::Callback,
        Self::CallbackNexusHandler,
        Self::DataBlob,
        Self::Header,
        Self::HeaderFieldsEntry,
        Self::Memo,
        Self::MemoFieldsEntry,
        Self::Payload,
        Self::Payloads,
        Self::ComputeConfig,
        Self::ComputeConfigScalingGroupsEntry,
        Self::ComputeConfigScalingGroup,
        Self::ComputeConfigScalingGroupUpdate,
        Self::ComputeProvider,
        Self::ComputeScaler,
        Self::DeploymentInfo,
        Self::DeploymentInfoMetadataEntry,
        Self::UpdateDeploymentMetadata,
        Self::UpdateDeploymentMetadataUpsertEntriesEntry,
        Self::VersionMetadata,
        Self::VersionMetadataEntriesEntry,
        Self::WorkerDeploymentVersionInfo,
        Self::MultiOperationExecutionFailure,
        Self::MultiOperationExecutionFailureOperationStatus,
        Self::QueryFailedFailure,
        Self::WorkflowExecution,
        Self::WorkflowExecutions,
        Self::ApplicationFailureInfo,
        Self::CanceledFailureInfo,
        Self::Failure,
        Self::ResetWorkflowFailureInfo,
        Self::TimeoutFailureInfo,
        Self::ActivityTaskCanceledEventAttributes,
        Self::ActivityTaskCompletedEventAttributes,
        Self::ActivityTaskFailedEventAttributes,
        Self::ActivityTaskScheduledEventAttributes,
        Self::ActivityTaskStartedEventAttributes,
        Self::ActivityTaskTimedOutEventAttributes,
        Self::ChildWorkflowExecutionCanceledEventAttributes,
        Self::ChildWorkflowExecutionCompletedEventAttributes,
        Self::ChildWorkflowExecutionFailedEventAttributes,
        Self::ChildWorkflowExecutionStartedEventAttributes,
        Self::History,
        Self::HistoryEvent,
        Self::MarkerRecordedEventAttributes,
        Self::MarkerRecordedEventAttributesDetailsEntry,
        Self::NexusOperationCancelRequestFailedEventAttributes,
        Self::NexusOperationCanceledEventAttributes,
        Self::NexusOperationCompletedEventAttributes,
        Self::NexusOperationFailedEventAttributes,
        Self::NexusOperationScheduledEventAttributes,
        Self::NexusOperationTimedOutEventAttributes,
        Self::SignalExternalWorkflowExecutionInitiatedEventAttributes,
        Self::StartChildWorkflowExecutionInitiatedEventAttributes,
        Self::WorkflowExecutionCanceledEventAttributes,
        Self::WorkflowExecutionCompletedEventAttributes,
        Self::WorkflowExecutionContinuedAsNewEventAttributes,
        Self::WorkflowExecutionFailedEventAttributes,
        Self::WorkflowExecutionOptionsUpdatedEventAttributes,
        Self::WorkflowExecutionOptionsUpdatedEventAttributesWorkflowUpdateOptionsUpdate,
        Self::WorkflowExecutionSignaledEventAttributes,
        Self::WorkflowExecutionStartedEventAttributes,
        Self::WorkflowExecutionTerminatedEventAttributes,
        Self::WorkflowExecutionUpdateAcceptedEventAttributes,
        Self::WorkflowExecutionUpdateAdmittedEventAttributes,
        Self::WorkflowExecutionUpdateCompletedEventAttributes,
        Self::WorkflowExecutionUpdateRejectedEventAttributes,
        Self::WorkflowPropertiesModifiedEventAttributes,
        Self::WorkflowPropertiesModifiedExternallyEventAttributes,
        Self::WorkflowTaskFailedEventAttributes,
        Self::NexusEndpoint,
        Self::EndpointSpec,
        Self::NexusOperationExecutionCancellationInfo,
        Self::NexusOperationExecutionInfo,
        Self::NexusRequest,
        Self::NexusResponse,
        Self::StartOperationRequest,
        Self::StartOperationResponse,
        Self::StartOperationResponseSync,
        Self::NexusoperationCallbackInfo,
        Self::OnCompleteRequest,
        Self::CreateNexusEndpointRequest,
        Self::CreateNexusEndpointResponse,
        Self::GetNexusEndpointRequest,
        Self::GetNexusEndpointResponse,
        Self::ListNexusEndpointsRequest,
        Self::ListNexusEndpointsResponse,
        Self::UpdateNexusEndpointRequest,
        Self::UpdateNexusEndpointResponse,
        Self::ProtocolMessage,
        Self::WorkflowQuery,
        Self::WorkflowQueryResult,
        Self::Schedule,
        Self::ScheduleAction,
        Self::ScheduleListEntry,
        Self::EventGroupMarker,
        Self::EventGroupMarkerLabel,
        Self::UserMetadata,
        Self::Acceptance,
        Self::UpdateInput,
        Self::UpdateOutcome,
        Self::Rejection,
        Self::UpdateRequest,
        Self::UpdateResponse,
        Self::WorkerHeartbeat,
        Self::WorkerInfo,
        Self::WorkflowCallbackInfo,
        Self::NewWorkflowExecutionInfo,
        Self::NexusOperationCancellationInfo,
        Self::PendingActivityInfo,
        Self::PendingNexusOperationInfo,
        Self::PostResetOperation,
        Self::PostResetOperationSignalWorkflow,
        Self::WorkflowExecutionConfig,
        Self::WorkflowExecutionInfo,
        Self::CreateScheduleRequest,
        Self::CreateScheduleResponse,
        Self::CreateWorkerDeploymentVersionRequest,
        Self::CreateWorkerDeploymentVersionResponse,
        Self::DescribeActivityExecutionRequest,
        Self::DescribeActivityExecutionResponse,
        Self::DescribeDeploymentRequest,
        Self::DescribeDeploymentResponse,
        Self::DescribeNamespaceRequest,
        Self::DescribeNamespaceResponse,
        Self::DescribeNexusOperationExecutionRequest,
        Self::DescribeNexusOperationExecutionResponse,
        Self::DescribeScheduleRequest,
        Self::DescribeScheduleResponse,
        Self::DescribeWorkerDeploymentVersionRequest,
        Self::DescribeWorkerDeploymentVersionResponse,
        Self::DescribeWorkerResponse,
        Self::DescribeWorkflowExecutionRequest,
        Self::DescribeWorkflowExecutionResponse,
        Self::ExecuteMultiOperationRequest,
        Self::ExecuteMultiOperationRequestOperation,
        Self::ExecuteMultiOperationResponse,
        Self::ExecuteMultiOperationResponseResponse,
        Self::GetCurrentDeploymentRequest,
        Self::GetCurrentDeploymentResponse,
        Self::GetDeploymentReachabilityRequest,
        Self::GetDeploymentReachabilityResponse,
        Self::GetWorkflowExecutionHistoryRequest,
        Self::GetWorkflowExecutionHistoryResponse,
        Self::GetWorkflowExecutionHistoryReverseRequest,
        Self::GetWorkflowExecutionHistoryReverseResponse,
        Self::ListArchivedWorkflowExecutionsRequest,
        Self::ListArchivedWorkflowExecutionsResponse,
        Self::ListClosedWorkflowExecutionsRequest,
        Self::ListClosedWorkflowExecutionsResponse,
        Self::ListOpenWorkflowExecutionsRequest,
        Self::ListOpenWorkflowExecutionsResponse,
        Self::ListSchedulesRequest,
        Self::ListSchedulesResponse,
        Self::ListWorkersResponse,
        Self::ListWorkflowExecutionsRequest,
        Self::ListWorkflowExecutionsResponse,
        Self::PollActivityExecutionRequest,
        Self::PollActivityExecutionResponse,
        Self::PollActivityTaskQueueRequest,
        Self::PollActivityTaskQueueResponse,
        Self::PollNexusOperationExecutionRequest,
        Self::PollNexusOperationExecutionResponse,
        Self::PollNexusTaskQueueRequest,
        Self::PollNexusTaskQueueResponse,
        Self::PollWorkflowExecutionUpdateRequest,
        Self::PollWorkflowExecutionUpdateResponse,
        Self::PollWorkflowTaskQueueRequest,
        Self::PollWorkflowTaskQueueResponse,
        Self::PollWorkflowTaskQueueResponseQueriesEntry,
        Self::QueryWorkflowRequest,
        Self::QueryWorkflowResponse,
        Self::RecordActivityTaskHeartbeatByIdRequest,
        Self::RecordActivityTaskHeartbeatByIdResponse,
        Self::RecordActivityTaskHeartbeatRequest,
        Self::RecordActivityTaskHeartbeatResponse,
        Self::RecordWorkerHeartbeatRequest,
        Self::RecordWorkerHeartbeatResponse,
        Self::ResetWorkflowExecutionRequest,
        Self::ResetWorkflowExecutionResponse,
        Self::RespondActivityTaskCanceledByIdRequest,
        Self::RespondActivityTaskCanceledByIdResponse,
        Self::RespondActivityTaskCanceledRequest,
        Self::RespondActivityTaskCanceledResponse,
        Self::RespondActivityTaskCompletedByIdRequest,
        Self::RespondActivityTaskCompletedByIdResponse,
        Self::RespondActivityTaskCompletedRequest,
        Self::RespondActivityTaskCompletedResponse,
        Self::RespondActivityTaskFailedByIdRequest,
        Self::RespondActivityTaskFailedByIdResponse,
        Self::RespondActivityTaskFailedRequest,
        Self::RespondActivityTaskFailedResponse,
        Self::RespondNexusTaskCompletedRequest,
        Self::RespondNexusTaskCompletedResponse,
        Self::RespondNexusTaskFailedRequest,
        Self::RespondNexusTaskFailedResponse,
        Self::RespondQueryTaskCompletedRequest,
        Self::RespondQueryTaskCompletedResponse,
        Self::RespondWorkflowTaskCompletedRequest,
        Self::RespondWorkflowTaskCompletedRequestQueryResultsEntry,
        Self::RespondWorkflowTaskCompletedResponse,
        Self::RespondWorkflowTaskFailedRequest,
        Self::RespondWorkflowTaskFailedResponse,
        Self::ScanWorkflowExecutionsRequest,
        Self::ScanWorkflowExecutionsResponse,
        Self::SetCurrentDeploymentRequest,
        Self::SetCurrentDeploymentResponse,
        Self::ShutdownWorkerRequest,
        Self::ShutdownWorkerResponse,
        Self::SignalWithStartWorkflowExecutionRequest,
        Self::SignalWithStartWorkflowExecutionResponse,
        Self::SignalWorkflowExecutionRequest,
        Self::SignalWorkflowExecutionResponse,
        Self::StartActivityExecutionRequest,
        Self::StartActivityExecutionResponse,
        Self::StartBatchOperationRequest,
        Self::StartBatchOperationResponse,
        Self::StartNexusOperationExecutionRequest,
        Self::StartNexusOperationExecutionResponse,
        Self::StartWorkflowExecutionRequest,
        Self::StartWorkflowExecutionResponse,
        Self::TerminateWorkflowExecutionRequest,
        Self::TerminateWorkflowExecutionResponse,
        Self::UpdateScheduleRequest,
        Self::UpdateScheduleResponse,
        Self::UpdateWorkerDeploymentVersionComputeConfigRequest,
        Self::UpdateWorkerDeploymentVersionComputeConfigRequestComputeConfigScalingGroupsEntry,
        Self::UpdateWorkerDeploymentVersionComputeConfigResponse,
        Self::UpdateWorkerDeploymentVersionMetadataRequest,
        Self::UpdateWorkerDeploymentVersionMetadataRequestUpsertEntriesEntry,
        Self::UpdateWorkerDeploymentVersionMetadataResponse,
        Self::UpdateWorkflowExecutionRequest,
        Self::UpdateWorkflowExecutionResponse,
        Self::ValidateWorkerDeploymentVersionComputeConfigRequest,
        Self::ValidateWorkerDeploymentVersionComputeConfigRequestComputeConfigScalingGroupsEntry,
        Self::ValidateWorkerDeploymentVersionComputeConfigResponse,
    ];

    /// Whether a payload can be in it. Where not, there is no need to scan for payloads.
    #[must_use]
    pub const fn bears_payloads(self) -> bool {
        !matches!(
            self,
            Self::CancelTimerCommandAttributes
                | Self::ProtocolMessageCommandAttributes
                | Self::RequestCancelActivityTaskCommandAttributes
                | Self::RequestCancelExternalWorkflowExecutionCommandAttributes
                | Self::RequestCancelNexusOperationCommandAttributes
                | Self::StartTimerCommandAttributes
                | Self::UpsertWorkflowSearchAttributesCommandAttributes
                | Self::GetNexusEndpointRequest
                | Self::ListNexusEndpointsRequest
                | Self::WorkerHeartbeat
                | Self::WorkerInfo
                | Self::CreateScheduleResponse
                | Self::CreateWorkerDeploymentVersionResponse
                | Self::DescribeActivityExecutionRequest
                | Self::DescribeDeploymentRequest
                | Self::DescribeNamespaceRequest
                | Self::DescribeNamespaceResponse
                | Self::DescribeNexusOperationExecutionRequest
                | Self::DescribeScheduleRequest
                | Self::DescribeWorkerDeploymentVersionRequest
                | Self::DescribeWorkerResponse
                | Self::DescribeWorkflowExecutionRequest
                | Self::GetCurrentDeploymentRequest
                | Self::GetDeploymentReachabilityRequest
                | Self::GetWorkflowExecutionHistoryRequest
                | Self::GetWorkflowExecutionHistoryReverseRequest
                | Self::ListArchivedWorkflowExecutionsRequest
                | Self::ListClosedWorkflowExecutionsRequest
                | Self::ListOpenWorkflowExecutionsRequest
                | Self::ListSchedulesRequest
                | Self::ListWorkersResponse
                | Self::ListWorkflowExecutionsRequest
                | Self::PollActivityExecutionRequest
                | Self::PollActivityTaskQueueRequest
                | Self::PollNexusOperationExecutionRequest
                | Self::PollNexusTaskQueueRequest
                | Self::PollWorkflowExecutionUpdateRequest
                | Self::PollWorkflowTaskQueueRequest
                | Self::RecordActivityTaskHeartbeatByIdResponse
                | Self::RecordActivityTaskHeartbeatResponse
                | Self::RecordWorkerHeartbeatRequest
                | Self::RecordWorkerHeartbeatResponse
                | Self::ResetWorkflowExecutionResponse
                | Self::RespondActivityTaskCanceledByIdResponse
                | Self::RespondActivityTaskCanceledResponse
                | Self::RespondActivityTaskCompletedByIdResponse
                | Self::RespondActivityTaskCompletedResponse
                | Self::RespondNexusTaskCompletedResponse
                | Self::RespondNexusTaskFailedResponse
                | Self::RespondQueryTaskCompletedResponse
                | Self::RespondWorkflowTaskFailedResponse
                | Self::ScanWorkflowExecutionsRequest
                | Self::ShutdownWorkerRequest
                | Self::ShutdownWorkerResponse
                | Self::SignalWithStartWorkflowExecutionResponse
                | Self::SignalWorkflowExecutionResponse
                | Self::StartActivityExecutionResponse
                | Self::StartBatchOperationResponse
                | Self::StartNexusOperationExecutionResponse
                | Self::TerminateWorkflowExecutionResponse
                | Self::UpdateScheduleResponse
                | Self::UpdateWorkerDeploymentVersionComputeConfigResponse
                | Self::ValidateWorkerDeploymentVersionComputeConfigResponse
        )
    }
}
