//! Finds the targets of payloads in requests.

use extstore::{ExecutionTarget, NexusTarget, Target};
use extstore_wire::{Capture, Frame, Rpc, ScheduleAction, Wire, fields};

use super::context::RequestContext;
use crate::identity::named;
use crate::peek::{self, captured};

/// Leads to `schedule.action` in both requests about schedules.
const SCHEDULE_ACTION: [u32; 2] = [3, 2];
/// These paths lead to `workflow_id` and `workflow_type.name` in `NewWorkflowExecutionInfo`.
const NEW_ID: [u32; 1] = [1];
const NEW_TYPE: [u32; 2] = [2, 1];
/// These constants name the field `ExecuteMultiOperationRequest.operations` and its two arms.
const OPERATIONS: u32 = 2;
const START: [u32; 1] = [1];
const UPDATE: [u32; 1] = [2];
/// These paths lead to `workflow_id` and `workflow_type.name` in `StartWorkflowExecutionRequest`.
const STARTED_ID: [u32; 1] = [2];
const STARTED_TYPE: [u32; 2] = [3, 1];
/// These paths lead to the two fields of `workflow_execution` in `UpdateWorkflowExecutionRequest`.
const UPDATED_ID: [u32; 2] = [2, 1];
const UPDATED_RUN: [u32; 2] = [2, 2];

/// Returns the target of a request's payloads, by the specification's "Which fields each call site provides".
pub(super) fn target(rpc: Rpc, request: Frame<'_>, context: &RequestContext) -> Option<Target> {
    match rpc {
        Rpc::StartWorkflowExecution | Rpc::SignalWithStartWorkflowExecution => {
            workflow(context, |new| with_id(new, request).with_type(captured(request, Capture::WorkflowType)))
        }
        Rpc::ExecuteMultiOperation => started_or_updated(&request.content(), context),
        Rpc::CreateSchedule | Rpc::UpdateSchedule => scheduled(&request.content(), context),
        Rpc::SignalWorkflowExecution
        | Rpc::UpdateWorkflowExecution
        | Rpc::QueryWorkflow
        | Rpc::TerminateWorkflowExecution => {
            workflow(context, |new| with_id(new, request).with_run_id(captured(request, Capture::RunId)))
        }
        // The request signals the run that the reset makes, which has no id yet.
        Rpc::ResetWorkflowExecution => workflow(context, |new| with_id(new, request)),
        Rpc::StartActivityExecution => {
            let new = ExecutionTarget::new(context.namespace.clone())
                .with_type(captured(request, Capture::ActivityType))
                .with_id(captured(request, Capture::ActivityId));
            named(Target::Activity, new)
        }
        Rpc::StartNexusOperationExecution => Some(Target::Nexus(NexusTarget::new(
            captured(request, Capture::Endpoint),
            captured(request, Capture::Service),
            captured(request, Capture::Operation),
        ))),
        // A token is opaque: the gateway knows its task if it saw the poll.
        Rpc::RespondWorkflowTaskCompleted
        | Rpc::RespondWorkflowTaskFailed
        | Rpc::RespondQueryTaskCompleted
        | Rpc::RespondActivityTaskCompleted
        | Rpc::RespondActivityTaskFailed
        | Rpc::RespondActivityTaskCanceled
        | Rpc::RecordActivityTaskHeartbeat
        | Rpc::RespondNexusTaskCompleted
        | Rpc::RespondNexusTaskFailed => context.task_target(),
        Rpc::RespondActivityTaskCompletedById
        | Rpc::RespondActivityTaskFailedById
        | Rpc::RespondActivityTaskCanceledById
        | Rpc::RecordActivityTaskHeartbeatById => by_id(request, context),
        // These requests are about many executions, or about none.
        Rpc::StartBatchOperation
        | Rpc::CreateNexusEndpoint
        | Rpc::UpdateNexusEndpoint
        | Rpc::CreateWorkerDeploymentVersion
        | Rpc::SetCurrentDeployment
        | Rpc::UpdateWorkerDeploymentVersionComputeConfig
        | Rpc::UpdateWorkerDeploymentVersionMetadata
        | Rpc::ValidateWorkerDeploymentVersionComputeConfig => None,
        // These requests have no payloads; their responses may.
        Rpc::GetNexusEndpoint
        | Rpc::ListNexusEndpoints
        | Rpc::DescribeActivityExecution
        | Rpc::DescribeDeployment
        | Rpc::DescribeNamespace
        | Rpc::DescribeNexusOperationExecution
        | Rpc::DescribeSchedule
        | Rpc::DescribeWorkerDeploymentVersion
        | Rpc::DescribeWorkflowExecution
        | Rpc::GetCurrentDeployment
        | Rpc::GetDeploymentReachability
        | Rpc::GetWorkflowExecutionHistory
        | Rpc::GetWorkflowExecutionHistoryReverse
        | Rpc::ListArchivedWorkflowExecutions
        | Rpc::ListClosedWorkflowExecutions
        | Rpc::ListOpenWorkflowExecutions
        | Rpc::ListSchedules
        | Rpc::ListWorkflowExecutions
        | Rpc::PollActivityExecution
        | Rpc::PollActivityTaskQueue
        | Rpc::PollNexusOperationExecution
        | Rpc::PollNexusTaskQueue
        | Rpc::PollWorkflowExecutionUpdate
        | Rpc::PollWorkflowTaskQueue
        | Rpc::RecordWorkerHeartbeat
        | Rpc::ScanWorkflowExecutions
        | Rpc::ShutdownWorker => None,
    }
}

fn workflow(
    context: &RequestContext,
    fill: impl FnOnce(ExecutionTarget) -> ExecutionTarget,
) -> Option<Target> {
    named(Target::Workflow, fill(ExecutionTarget::new(context.namespace.clone())))
}

fn with_id(execution: ExecutionTarget, request: Frame<'_>) -> ExecutionTarget {
    execution.with_id(captured(request, Capture::WorkflowId))
}

/// Returns the workflow that scheduled the activity or, where there is none, the standalone activity.
fn by_id(request: Frame<'_>, context: &RequestContext) -> Option<Target> {
    let execution =
        ExecutionTarget::new(context.namespace.clone()).with_run_id(captured(request, Capture::RunId));
    match captured(request, Capture::WorkflowId) {
        id if id.is_empty() => {
            named(Target::Activity, execution.with_id(captured(request, Capture::ActivityId)))
        }
        id => named(Target::Workflow, execution.with_id(id)),
    }
}

/// Returns the execution that a schedule starts. It is the target of the schedule's memo too.
///
/// The names are read from the encoded request, because a scan does not hold messages whose payloads stay inline.
fn scheduled(request: &[u8], context: &RequestContext) -> Option<Target> {
    let (action, new) = last_action(peek::last(request, &SCHEDULE_ACTION)?)?;
    match action {
        ScheduleAction::StartWorkflow => workflow(context, |execution| {
            execution.with_id(peek::text(new, &NEW_ID)).with_type(peek::text(new, &NEW_TYPE))
        }),
    }
}

/// Returns the kind of an action and its content: of several arms the last, as protobuf rules. Returns none for an action
/// that the plan does not know.
fn last_action(action: &[u8]) -> Option<(ScheduleAction, &[u8])> {
    let arms = fields(action).map_while(Result::ok).filter(|field| field.wire == Wire::Len);
    arms.filter_map(|arm| Some((ScheduleAction::from_field(arm.number)?, arm.bytes(action)))).last()
}

/// Returns the workflow that an update with start starts. It is the target of both parts.
fn started_or_updated(request: &[u8], context: &RequestContext) -> Option<Target> {
    let part = |arm: &[u32]| peek::all(request, OPERATIONS).find_map(|operation| peek::last(operation, arm));
    if let Some(start) = part(&START) {
        let (id, type_name) = (peek::text(start, &STARTED_ID), peek::text(start, &STARTED_TYPE));
        return workflow(context, |execution| execution.with_id(id).with_type(type_name));
    }
    let update = part(&UPDATE)?;
    let (id, run_id) = (peek::text(update, &UPDATED_ID), peek::text(update, &UPDATED_RUN));
    workflow(context, |execution| execution.with_id(id).with_run_id(run_id))
}
