//! Finds the targets of payloads in the commands of a workflow task's completion.

use extstore::{ExecutionTarget, NexusTarget, Target};
use extstore_wire::{Capture, Command, Frame};

use super::context::RequestContext;
use crate::identity::named;
use crate::peek::captured;

/// Returns the kind of a `Command` message and its attributes: of several arms the last, as protobuf rules. Returns
/// none for a command that the plan does not know.
pub(super) fn last_arm(command: Frame<'_>) -> Option<(Command, Frame<'_>)> {
    command.children().filter_map(|child| Some((child.message().command()?, child))).last()
}

/// Returns the target of a command's payloads: the current workflow, unless the command is about another one. This is
/// the specification's "Retargeting for each command".
pub(super) fn target(command: Command, attributes: Frame<'_>, context: &RequestContext) -> Option<Target> {
    match command {
        Command::StartChildWorkflowExecution => child(attributes, context),
        Command::SignalExternalWorkflowExecution => addressed(attributes, context),
        Command::ContinueAsNewWorkflowExecution => successor(attributes, context),
        Command::CompleteWorkflowExecution => parent(context).or_else(|| current(context)),
        Command::ScheduleNexusOperation => Some(Target::Nexus(NexusTarget::new(
            captured(attributes, Capture::Endpoint),
            captured(attributes, Capture::Service),
            captured(attributes, Capture::Operation),
        ))),
        Command::ScheduleActivityTask
        | Command::RequestCancelActivityTask
        | Command::StartTimer
        | Command::CancelTimer
        | Command::RecordMarker
        | Command::UpsertWorkflowSearchAttributes
        | Command::ModifyWorkflowProperties
        | Command::ProtocolMessage
        | Command::RequestCancelNexusOperation
        | Command::RequestCancelExternalWorkflowExecution
        | Command::FailWorkflowExecution
        | Command::CancelWorkflowExecution => current(context),
    }
}

fn current(context: &RequestContext) -> Option<Target> {
    context.workflow().cloned().map(Target::Workflow)
}

/// Returns the parent, which reads the result. The gateway learnt it from the first event of this run.
fn parent(context: &RequestContext) -> Option<Target> {
    context.task.as_ref()?.parent.clone().map(Target::Workflow)
}

/// Returns the child, without a run: the server assigns it later.
fn child(attributes: Frame<'_>, context: &RequestContext) -> Option<Target> {
    let child = ExecutionTarget::new(namespace(attributes, context))
        .with_type(captured(attributes, Capture::WorkflowType))
        .with_id(captured(attributes, Capture::WorkflowId));
    named(Target::Workflow, child)
}

fn addressed(attributes: Frame<'_>, context: &RequestContext) -> Option<Target> {
    let other = ExecutionTarget::new(namespace(attributes, context))
        .with_id(captured(attributes, Capture::WorkflowId))
        .with_run_id(captured(attributes, Capture::RunId));
    named(Target::Workflow, other)
}

/// Returns the same id, the new type if the command sets one, and no run: the server assigns it later.
fn successor(attributes: Frame<'_>, context: &RequestContext) -> Option<Target> {
    let current = context.workflow()?;
    let new_type = captured(attributes, Capture::WorkflowType);
    let new_type = if new_type.is_empty() { current.type_name.clone() } else { new_type };
    let successor =
        ExecutionTarget::new(current.namespace.clone()).with_type(new_type).with_id(current.id.clone());
    Some(Target::Workflow(successor))
}

/// Returns the command's namespace where it names one, else the current workflow's.
fn namespace(attributes: Frame<'_>, context: &RequestContext) -> String {
    let own = captured(attributes, Capture::Namespace);
    if !own.is_empty() {
        return own;
    }
    context.workflow().map_or(&context.namespace, |workflow| &workflow.namespace).clone()
}
