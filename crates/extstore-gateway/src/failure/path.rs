//! Where payloads were when storage failed.

use extstore_wire::Rpc;

/// What failed, and in which direction: `In` is on the way to the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Path {
    /// A polled or eagerly delivered workflow task.
    WorkflowTaskIn,
    /// A page of a workflow task's history, which the SDK asked for.
    TaskHistoryIn,
    /// A workflow task's completion.
    WorkflowTaskOut,
    /// A workflow task's failure, whose own details could not be stored.
    WorkflowTaskFailedOut,
    /// A query that is a task of its own.
    QueryTaskIn,
    /// A page of such a query's history.
    QueryHistoryIn,
    /// The answer of such a query.
    QueryTaskOut,
    /// The arguments of a query in a workflow task.
    QueryInTask,
    /// A polled or eagerly delivered activity task.
    ActivityIn,
    /// An activity's result, failure or cancellation.
    ActivityOut,
    /// The same, addressed by ids.
    ActivityByIdOut,
    /// An activity's heartbeat.
    Heartbeat,
    /// The same, addressed by ids.
    HeartbeatById,
    /// A polled Nexus task.
    NexusIn,
    /// A Nexus operation's result or failure.
    NexusOut,
    /// Any other request and its response: a client's.
    Client,
}

impl Path {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 16] = [
        Self::WorkflowTaskIn,
        Self::TaskHistoryIn,
        Self::QueryHistoryIn,
        Self::WorkflowTaskOut,
        Self::WorkflowTaskFailedOut,
        Self::QueryTaskIn,
        Self::QueryTaskOut,
        Self::QueryInTask,
        Self::ActivityIn,
        Self::ActivityOut,
        Self::ActivityByIdOut,
        Self::Heartbeat,
        Self::HeartbeatById,
        Self::NexusIn,
        Self::NexusOut,
        Self::Client,
    ];

    /// The path of a request's own payloads. Every request that answers no task is a client's; a new RPC does not
    /// compile until somebody decides.
    pub(crate) fn of_request(rpc: Rpc) -> Self {
        match rpc {
            Rpc::RespondWorkflowTaskCompleted => Self::WorkflowTaskOut,
            Rpc::RespondWorkflowTaskFailed => Self::WorkflowTaskFailedOut,
            Rpc::RespondQueryTaskCompleted => Self::QueryTaskOut,
            Rpc::RespondActivityTaskCompleted
            | Rpc::RespondActivityTaskFailed
            | Rpc::RespondActivityTaskCanceled => Self::ActivityOut,
            Rpc::RespondActivityTaskCompletedById
            | Rpc::RespondActivityTaskFailedById
            | Rpc::RespondActivityTaskCanceledById => Self::ActivityByIdOut,
            Rpc::RecordActivityTaskHeartbeat => Self::Heartbeat,
            Rpc::RecordActivityTaskHeartbeatById => Self::HeartbeatById,
            Rpc::RespondNexusTaskCompleted | Rpc::RespondNexusTaskFailed => Self::NexusOut,
            // No task is answered by these: a client hears of the failure, or, of a poll, whoever polls.
            Rpc::CreateNexusEndpoint
            | Rpc::CreateSchedule
            | Rpc::CreateWorkerDeploymentVersion
            | Rpc::DescribeActivityExecution
            | Rpc::DescribeDeployment
            | Rpc::DescribeNamespace
            | Rpc::DescribeNexusOperationExecution
            | Rpc::DescribeSchedule
            | Rpc::DescribeWorkerDeploymentVersion
            | Rpc::DescribeWorkflowExecution
            | Rpc::ExecuteMultiOperation
            | Rpc::GetCurrentDeployment
            | Rpc::GetDeploymentReachability
            | Rpc::GetNexusEndpoint
            | Rpc::GetWorkflowExecutionHistory
            | Rpc::GetWorkflowExecutionHistoryReverse
            | Rpc::ListArchivedWorkflowExecutions
            | Rpc::ListClosedWorkflowExecutions
            | Rpc::ListNexusEndpoints
            | Rpc::ListOpenWorkflowExecutions
            | Rpc::ListSchedules
            | Rpc::ListWorkflowExecutions
            | Rpc::PollActivityExecution
            | Rpc::PollActivityTaskQueue
            | Rpc::PollNexusOperationExecution
            | Rpc::PollNexusTaskQueue
            | Rpc::PollWorkflowExecutionUpdate
            | Rpc::PollWorkflowTaskQueue
            | Rpc::QueryWorkflow
            | Rpc::RecordWorkerHeartbeat
            | Rpc::ResetWorkflowExecution
            | Rpc::ScanWorkflowExecutions
            | Rpc::SetCurrentDeployment
            | Rpc::ShutdownWorker
            | Rpc::SignalWithStartWorkflowExecution
            | Rpc::SignalWorkflowExecution
            | Rpc::StartActivityExecution
            | Rpc::StartBatchOperation
            | Rpc::StartNexusOperationExecution
            | Rpc::StartWorkflowExecution
            | Rpc::TerminateWorkflowExecution
            | Rpc::UpdateNexusEndpoint
            | Rpc::UpdateSchedule
            | Rpc::UpdateWorkerDeploymentVersionComputeConfig
            | Rpc::UpdateWorkerDeploymentVersionMetadata
            | Rpc::UpdateWorkflowExecution
            | Rpc::ValidateWorkerDeploymentVersionComputeConfig => Self::Client,
        }
    }

    /// What the observer's event calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WorkflowTaskIn
            | Self::TaskHistoryIn
            | Self::WorkflowTaskOut
            | Self::WorkflowTaskFailedOut => "workflow_task",
            Self::QueryTaskIn | Self::QueryHistoryIn | Self::QueryTaskOut | Self::QueryInTask => "query",
            Self::ActivityIn
            | Self::ActivityOut
            | Self::ActivityByIdOut
            | Self::Heartbeat
            | Self::HeartbeatById => "activity_task",
            Self::NexusIn | Self::NexusOut => "nexus_task",
            Self::Client => "request",
        }
    }

    /// What a person calls it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::WorkflowTaskIn
            | Self::TaskHistoryIn
            | Self::WorkflowTaskOut
            | Self::WorkflowTaskFailedOut => "workflow task",
            Self::QueryTaskIn | Self::QueryHistoryIn | Self::QueryTaskOut | Self::QueryInTask => "query",
            Self::ActivityIn | Self::ActivityOut | Self::ActivityByIdOut => "activity task",
            Self::Heartbeat | Self::HeartbeatById => "heartbeat",
            Self::NexusIn | Self::NexusOut => "Nexus task",
            Self::Client => "request",
        }
    }
}
