//! Decides what of a response fails where one of its payloads cannot be restored.

use extstore_wire::Rpc;

use super::lazy::Replayed;
use crate::exchange::Exchange;

/// Says what fails together in a response, beside its tasks and queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// The whole response: its payloads are what the caller has asked for.
    Response,
    /// Each payload: the response shows many things, and one that is lost must not hide the others. Its reference stays.
    Payload,
}

impl Unit {
    pub(super) fn of(exchange: &Exchange, replayed: &Replayed) -> Self {
        match of_rpc(exchange.rpc) {
            Some(unit) => unit,
            None if replayed.is_shown() && !exchange.state.options.whole_histories => Self::Payload,
            None => Self::Response,
        }
    }
}

/// Returns the unit of an RPC; none where it depends on the request. There is no wildcard, so that a plan of
/// `extstore-wire` with a new RPC does not compile until somebody decides about it.
fn of_rpc(rpc: Rpc) -> Option<Unit> {
    match rpc {
        Rpc::GetWorkflowExecutionHistory => None,
        Rpc::DescribeActivityExecution
        | Rpc::DescribeDeployment
        | Rpc::DescribeNamespace
        | Rpc::DescribeNexusOperationExecution
        | Rpc::DescribeSchedule
        | Rpc::DescribeWorkerDeploymentVersion
        | Rpc::DescribeWorkflowExecution
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
        | Rpc::ScanWorkflowExecutions
        // What follows returns what the caller has just written, as it stands now.
        | Rpc::CreateNexusEndpoint
        | Rpc::SetCurrentDeployment
        | Rpc::UpdateNexusEndpoint
        | Rpc::UpdateWorkerDeploymentVersionMetadata => Some(Unit::Payload),
        Rpc::CreateSchedule
        | Rpc::CreateWorkerDeploymentVersion
        | Rpc::ExecuteMultiOperation
        | Rpc::PollActivityExecution
        | Rpc::PollActivityTaskQueue
        | Rpc::PollNexusOperationExecution
        | Rpc::PollNexusTaskQueue
        | Rpc::PollWorkflowExecutionUpdate
        | Rpc::PollWorkflowTaskQueue
        | Rpc::QueryWorkflow
        | Rpc::RecordActivityTaskHeartbeat
        | Rpc::RecordActivityTaskHeartbeatById
        | Rpc::RecordWorkerHeartbeat
        | Rpc::ResetWorkflowExecution
        | Rpc::RespondActivityTaskCanceled
        | Rpc::RespondActivityTaskCanceledById
        | Rpc::RespondActivityTaskCompleted
        | Rpc::RespondActivityTaskCompletedById
        | Rpc::RespondActivityTaskFailed
        | Rpc::RespondActivityTaskFailedById
        | Rpc::RespondNexusTaskCompleted
        | Rpc::RespondNexusTaskFailed
        | Rpc::RespondQueryTaskCompleted
        | Rpc::RespondWorkflowTaskCompleted
        | Rpc::RespondWorkflowTaskFailed
        | Rpc::ShutdownWorker
        | Rpc::SignalWithStartWorkflowExecution
        | Rpc::SignalWorkflowExecution
        | Rpc::StartActivityExecution
        | Rpc::StartBatchOperation
        | Rpc::StartNexusOperationExecution
        | Rpc::StartWorkflowExecution
        | Rpc::TerminateWorkflowExecution
        | Rpc::UpdateSchedule
        | Rpc::UpdateWorkerDeploymentVersionComputeConfig
        | Rpc::UpdateWorkflowExecution
        | Rpc::ValidateWorkerDeploymentVersionComputeConfig => Some(Unit::Response),
    }
}
