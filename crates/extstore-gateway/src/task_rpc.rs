//! Sorts RPCs by their part in the life of a task.

use extstore_wire::Rpc;

/// Names an RPC that brings tasks or pages of a task's history, that answers a task, or that says that a worker stops.
///
/// [`TaskRpc::of`] and everything that decides by this enum match without a wildcard: a plan of `extstore-wire` with a
/// new RPC does not compile until somebody decides about its part in the life of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskRpc {
    PollWorkflowTaskQueue,
    PollActivityTaskQueue,
    PollNexusTaskQueue,
    /// Its answer may hold an eager workflow task.
    StartWorkflowExecution,
    /// Its answer may be a page of a task's history.
    GetWorkflowExecutionHistory,
    /// Its answer may hold a workflow task and eager activities.
    RespondWorkflowTaskCompleted,
    RespondWorkflowTaskFailed,
    RespondQueryTaskCompleted,
    RespondActivityTaskCompleted,
    RespondActivityTaskFailed,
    RespondActivityTaskCanceled,
    RespondActivityTaskCompletedById,
    RespondActivityTaskFailedById,
    RespondActivityTaskCanceledById,
    RecordActivityTaskHeartbeat,
    RecordActivityTaskHeartbeatById,
    RespondNexusTaskCompleted,
    RespondNexusTaskFailed,
    /// The worker that it names wants no task any more.
    ShutdownWorker,
}

impl TaskRpc {
    /// Returns the part of an RPC in the life of a task; none for an RPC that has nothing to do with tasks: a client's,
    /// or an operator's.
    pub(crate) fn of(rpc: Rpc) -> Option<Self> {
        Some(match rpc {
            Rpc::PollWorkflowTaskQueue => Self::PollWorkflowTaskQueue,
            Rpc::PollActivityTaskQueue => Self::PollActivityTaskQueue,
            Rpc::PollNexusTaskQueue => Self::PollNexusTaskQueue,
            Rpc::StartWorkflowExecution => Self::StartWorkflowExecution,
            Rpc::GetWorkflowExecutionHistory => Self::GetWorkflowExecutionHistory,
            Rpc::RespondWorkflowTaskCompleted => Self::RespondWorkflowTaskCompleted,
            Rpc::RespondWorkflowTaskFailed => Self::RespondWorkflowTaskFailed,
            Rpc::RespondQueryTaskCompleted => Self::RespondQueryTaskCompleted,
            Rpc::RespondActivityTaskCompleted => Self::RespondActivityTaskCompleted,
            Rpc::RespondActivityTaskFailed => Self::RespondActivityTaskFailed,
            Rpc::RespondActivityTaskCanceled => Self::RespondActivityTaskCanceled,
            Rpc::RespondActivityTaskCompletedById => Self::RespondActivityTaskCompletedById,
            Rpc::RespondActivityTaskFailedById => Self::RespondActivityTaskFailedById,
            Rpc::RespondActivityTaskCanceledById => Self::RespondActivityTaskCanceledById,
            Rpc::RecordActivityTaskHeartbeat => Self::RecordActivityTaskHeartbeat,
            Rpc::RecordActivityTaskHeartbeatById => Self::RecordActivityTaskHeartbeatById,
            Rpc::RespondNexusTaskCompleted => Self::RespondNexusTaskCompleted,
            Rpc::RespondNexusTaskFailed => Self::RespondNexusTaskFailed,
            Rpc::ShutdownWorker => Self::ShutdownWorker,
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
            | Rpc::GetWorkflowExecutionHistoryReverse
            | Rpc::ListArchivedWorkflowExecutions
            | Rpc::ListClosedWorkflowExecutions
            | Rpc::ListNexusEndpoints
            | Rpc::ListOpenWorkflowExecutions
            | Rpc::ListSchedules
            | Rpc::ListWorkflowExecutions
            | Rpc::PollActivityExecution
            | Rpc::PollNexusOperationExecution
            | Rpc::PollWorkflowExecutionUpdate
            | Rpc::QueryWorkflow
            | Rpc::RecordWorkerHeartbeat
            | Rpc::ResetWorkflowExecution
            | Rpc::ScanWorkflowExecutions
            | Rpc::SetCurrentDeployment
            | Rpc::SignalWithStartWorkflowExecution
            | Rpc::SignalWorkflowExecution
            | Rpc::StartActivityExecution
            | Rpc::StartBatchOperation
            | Rpc::StartNexusOperationExecution
            | Rpc::TerminateWorkflowExecution
            | Rpc::UpdateNexusEndpoint
            | Rpc::UpdateSchedule
            | Rpc::UpdateWorkerDeploymentVersionComputeConfig
            | Rpc::UpdateWorkerDeploymentVersionMetadata
            | Rpc::UpdateWorkflowExecution
            | Rpc::ValidateWorkerDeploymentVersionComputeConfig => return None,
        })
    }

    /// Says whether the RPC waits for a task.
    pub(crate) fn is_poll(self) -> bool {
        self.delivery() == Delivery::Polled
    }

    /// Says whether the request goes on without payloads that cannot be stored, because it tells more than they do: that
    /// a task failed or was cancelled, or that an activity is alive.
    pub(crate) fn goes_without(self) -> bool {
        match self {
            Self::RespondWorkflowTaskFailed
            | Self::RespondActivityTaskFailed
            | Self::RespondActivityTaskFailedById
            | Self::RespondActivityTaskCanceled
            | Self::RespondActivityTaskCanceledById
            | Self::RecordActivityTaskHeartbeat
            | Self::RecordActivityTaskHeartbeatById
            | Self::RespondNexusTaskFailed => true,
            Self::PollWorkflowTaskQueue
            | Self::PollActivityTaskQueue
            | Self::PollNexusTaskQueue
            | Self::StartWorkflowExecution
            | Self::GetWorkflowExecutionHistory
            | Self::RespondWorkflowTaskCompleted
            | Self::RespondQueryTaskCompleted
            | Self::RespondActivityTaskCompleted
            | Self::RespondActivityTaskCompletedById
            | Self::RespondNexusTaskCompleted
            | Self::ShutdownWorker => false,
        }
    }

    /// Says whether the answer may hold tasks. Such an answer must not be lost.
    pub(crate) fn may_bring_tasks(self) -> bool {
        self.delivery() != Delivery::Never
    }

    /// Says whether the request answers a task by its token and names the execution for routing.
    pub(crate) fn is_routed_by_resource_id(self) -> bool {
        match self {
            Self::RespondWorkflowTaskCompleted
            | Self::RespondWorkflowTaskFailed
            | Self::RespondActivityTaskCompleted
            | Self::RespondActivityTaskFailed
            | Self::RespondActivityTaskCanceled
            | Self::RecordActivityTaskHeartbeat => true,
            // These have ids, or no resource id.
            Self::PollWorkflowTaskQueue
            | Self::PollActivityTaskQueue
            | Self::PollNexusTaskQueue
            | Self::StartWorkflowExecution
            | Self::GetWorkflowExecutionHistory
            | Self::RespondQueryTaskCompleted
            | Self::RespondActivityTaskCompletedById
            | Self::RespondActivityTaskFailedById
            | Self::RespondActivityTaskCanceledById
            | Self::RecordActivityTaskHeartbeatById
            | Self::RespondNexusTaskCompleted
            | Self::RespondNexusTaskFailed
            | Self::ShutdownWorker => false,
        }
    }

    fn delivery(self) -> Delivery {
        match self {
            Self::PollWorkflowTaskQueue | Self::PollActivityTaskQueue | Self::PollNexusTaskQueue => {
                Delivery::Polled
            }
            Self::StartWorkflowExecution | Self::RespondWorkflowTaskCompleted => Delivery::Eager,
            Self::GetWorkflowExecutionHistory
            | Self::RespondWorkflowTaskFailed
            | Self::RespondQueryTaskCompleted
            | Self::RespondActivityTaskCompleted
            | Self::RespondActivityTaskFailed
            | Self::RespondActivityTaskCanceled
            | Self::RespondActivityTaskCompletedById
            | Self::RespondActivityTaskFailedById
            | Self::RespondActivityTaskCanceledById
            | Self::RecordActivityTaskHeartbeat
            | Self::RecordActivityTaskHeartbeatById
            | Self::RespondNexusTaskCompleted
            | Self::RespondNexusTaskFailed
            | Self::ShutdownWorker => Delivery::Never,
        }
    }
}

/// Says how the answer of an RPC brings tasks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Polled,
    Eager,
    Never,
}
