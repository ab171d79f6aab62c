//! The commands of a workflow task completion.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::MessageType;

/// What a workflow asks for: the arms of `temporal.api.command.v1.Command`.
///
/// The enum is exhaustive on purpose: whoever decides by command must decide again when Temporal adds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Command {
    /// [`MessageType::ScheduleActivityTaskCommandAttributes`]
    ScheduleActivityTask,
    /// [`MessageType::StartTimerCommandAttributes`]
    StartTimer,
    /// [`MessageType::CompleteWorkflowExecutionCommandAttributes`]
    CompleteWorkflowExecution,
    /// [`MessageType::FailWorkflowExecutionCommandAttributes`]
    FailWorkflowExecution,
    /// [`MessageType::RequestCancelActivityTaskCommandAttributes`]
    RequestCancelActivityTask,
    /// [`MessageType::CancelTimerCommandAttributes`]
    CancelTimer,
    /// [`MessageType::CancelWorkflowExecutionCommandAttributes`]
    CancelWorkflowExecution,
    /// [`MessageType::RequestCancelExternalWorkflowExecutionCommandAttributes`]
    RequestCancelExternalWorkflowExecution,
    /// [`MessageType::RecordMarkerCommandAttributes`]
    RecordMarker,
    /// [`MessageType::ContinueAsNewWorkflowExecutionCommandAttributes`]
    ContinueAsNewWorkflowExecution,
    /// [`MessageType::StartChildWorkflowExecutionCommandAttributes`]
    StartChildWorkflowExecution,
    /// [`MessageType::SignalExternalWorkflowExecutionCommandAttributes`]
    SignalExternalWorkflowExecution,
    /// [`MessageType::UpsertWorkflowSearchAttributesCommandAttributes`]
    UpsertWorkflowSearchAttributes,
    /// [`MessageType::ProtocolMessageCommandAttributes`]
    ProtocolMessage,
    /// [`MessageType::ModifyWorkflowPropertiesCommandAttributes`]
    ModifyWorkflowProperties,
    /// [`MessageType::ScheduleNexusOperationCommandAttributes`]
    ScheduleNexusOperation,
    /// [`MessageType::RequestCancelNexusOperationCommandAttributes`]
    RequestCancelNexusOperation,
}

impl MessageType {
    /// The command whose attributes this message is.
    #[must_use]
    pub const fn command(self) -> Option<Command> {
        Some(match self {
            Self::ScheduleActivityTaskCommandAttributes => Command::ScheduleActivityTask,
            Self::StartTimerCommandAttributes => Command::StartTimer,
            Self::CompleteWorkflowExecutionCommandAttributes => Command::CompleteWorkflowExecution,
            Self::FailWorkflowExecutionCommandAttributes => Command::FailWorkflowExecution,
            Self::RequestCancelActivityTaskCommandAttributes => Command::RequestCancelActivityTask,
            Self::CancelTimerCommandAttributes => Command::CancelTimer,
            Self::CancelWorkflowExecutionCommandAttributes => Command::CancelWorkflowExecution,
            Self::RequestCancelExternalWorkflowExecutionCommandAttributes => Command::RequestCancelExternalWorkflowExecution,
            Self::RecordMarkerCommandAttributes => Command::RecordMarker,
            Self::ContinueAsNewWorkflowExecutionCommandAttributes => Command::ContinueAsNewWorkflowExecution,
            Self::StartChildWorkflowExecutionCommandAttributes => Command::StartChildWorkflowExecution,
            Self::SignalExternalWorkflowExecutionCommandAttributes => Command::SignalExternalWorkflowExecution,
            Self::UpsertWorkflowSearchAttributesCommandAttributes => Command::UpsertWorkflowSearchAttributes,
            Self::ProtocolMessageCommandAttributes => Command::ProtocolMessage,
            Self::ModifyWorkflowPropertiesCommandAttributes => Command::ModifyWorkflowProperties,
            Self::ScheduleNexusOperationCommandAttributes => Command::ScheduleNexusOperation,
            Self::RequestCancelNexusOperationCommandAttributes => Command::RequestCancelNexusOperation,
            _ => return None,
        })
    }
}
