//! Lists the places in which payloads can be when storage fails.

use crate::FailedKind;
use crate::task_rpc::TaskRpc;

/// Defines an enum and the list of its variants, which the tests go through.
macro_rules! listed {
    ($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$attribute])*
        pub(crate) enum $name { $($(#[$doc])* $variant,)* }

        #[cfg(test)]
        impl $name {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];
        }
    };
}

listed! {
    /// The place of payloads: a kind of message and its direction.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    Path {
        /// A polled or eagerly delivered workflow task.
        InboundWorkflowTask,
        /// A page of a workflow task's history, which the SDK asked for.
        InboundTaskHistory,
        /// The arguments of a query in a workflow task.
        InboundQueryInTask,
        /// A query that is a task of its own.
        InboundQueryTask,
        /// A page of such a query's history.
        InboundQueryHistory,
        /// A polled or eagerly delivered activity task.
        InboundActivityTask,
        /// A polled Nexus task.
        InboundNexusTask,
        /// Any other response; a client receives it.
        InboundResponse,
        /// A workflow task's completion.
        OutboundCompletion,
        /// The answer to a query in a workflow task, inside the task's completion.
        OutboundQueryInTask,
        /// A workflow task's failure with its details, which goes on without them.
        OutboundTaskFailure,
        /// The answer of a query that is a task of its own.
        OutboundQueryAnswer,
        /// An activity's result.
        OutboundActivityResult,
        /// An activity's result, addressed by ids.
        OutboundActivityResultById,
        /// An activity's failure with its details and its last heartbeat, which goes on without them.
        OutboundActivityFailure,
        /// An activity's cancellation with its details, which goes on without them.
        OutboundActivityCancellation,
        /// An activity's heartbeat, which goes on without its details.
        OutboundHeartbeat,
        /// A Nexus operation's result.
        OutboundNexusResult,
        /// A Nexus task's failure with its details, which goes on without them.
        OutboundNexusFailure,
        /// Any other request; a client sends it.
        OutboundRequest,
    }
}

/// Tells messages of the two directions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The message comes from the Temporal server; its payloads are restored.
    Inbound,
    /// The message goes to the Temporal server; its payloads are offloaded.
    Outbound,
}

/// Names the kind of message around the payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noun {
    WorkflowTask,
    Query,
    ActivityTask,
    Heartbeat,
    NexusTask,
    Request,
}

impl Path {
    /// Returns the path of a request's own payloads.
    pub(crate) fn of_request(rpc: Option<TaskRpc>) -> Self {
        match rpc {
            Some(TaskRpc::RespondWorkflowTaskCompleted) => Self::OutboundCompletion,
            Some(TaskRpc::RespondWorkflowTaskFailed) => Self::OutboundTaskFailure,
            Some(TaskRpc::RespondQueryTaskCompleted) => Self::OutboundQueryAnswer,
            Some(TaskRpc::RespondActivityTaskCompleted) => Self::OutboundActivityResult,
            Some(TaskRpc::RespondActivityTaskCompletedById) => Self::OutboundActivityResultById,
            Some(TaskRpc::RespondActivityTaskFailed | TaskRpc::RespondActivityTaskFailedById) => {
                Self::OutboundActivityFailure
            }
            Some(TaskRpc::RespondActivityTaskCanceled | TaskRpc::RespondActivityTaskCanceledById) => {
                Self::OutboundActivityCancellation
            }
            Some(TaskRpc::RecordActivityTaskHeartbeat | TaskRpc::RecordActivityTaskHeartbeatById) => {
                Self::OutboundHeartbeat
            }
            Some(TaskRpc::RespondNexusTaskCompleted) => Self::OutboundNexusResult,
            Some(TaskRpc::RespondNexusTaskFailed) => Self::OutboundNexusFailure,
            // These requests answer no task.
            Some(
                TaskRpc::PollWorkflowTaskQueue
                | TaskRpc::PollActivityTaskQueue
                | TaskRpc::PollNexusTaskQueue
                | TaskRpc::StartWorkflowExecution
                | TaskRpc::GetWorkflowExecutionHistory
                | TaskRpc::ShutdownWorker,
            )
            | None => Self::OutboundRequest,
        }
    }

    /// Returns the path's name in [`Event::Failed`](extstore::Event::Failed).
    pub(crate) fn name(self) -> &'static str {
        match self.classify().1 {
            Noun::WorkflowTask => "workflow_task",
            Noun::Query => "query",
            Noun::ActivityTask | Noun::Heartbeat => "activity_task",
            Noun::NexusTask => "nexus_task",
            Noun::Request => "request",
        }
    }

    /// Returns the kind of task that fails with the path's payloads; none where no metric of the SDKs counts it.
    pub(super) fn failed_kind(self) -> Option<FailedKind> {
        match self.classify().1 {
            Noun::WorkflowTask => Some(FailedKind::Workflow),
            Noun::ActivityTask => Some(FailedKind::Activity),
            Noun::Query | Noun::Heartbeat | Noun::NexusTask | Noun::Request => None,
        }
    }

    /// Returns the path's noun in texts that people read.
    pub(super) fn noun(self) -> &'static str {
        match self.classify().1 {
            Noun::WorkflowTask => "workflow task",
            Noun::Query => "query",
            Noun::ActivityTask => "activity task",
            Noun::Heartbeat => "heartbeat",
            Noun::NexusTask => "Nexus task",
            Noun::Request => "request",
        }
    }

    pub(super) fn direction(self) -> Direction {
        self.classify().0
    }

    fn classify(self) -> (Direction, Noun) {
        use Direction::{Inbound, Outbound};
        match self {
            Self::InboundWorkflowTask | Self::InboundTaskHistory => (Inbound, Noun::WorkflowTask),
            Self::InboundQueryInTask | Self::InboundQueryTask | Self::InboundQueryHistory => {
                (Inbound, Noun::Query)
            }
            Self::InboundActivityTask => (Inbound, Noun::ActivityTask),
            Self::InboundNexusTask => (Inbound, Noun::NexusTask),
            Self::InboundResponse => (Inbound, Noun::Request),
            Self::OutboundCompletion | Self::OutboundTaskFailure => (Outbound, Noun::WorkflowTask),
            Self::OutboundQueryInTask | Self::OutboundQueryAnswer => (Outbound, Noun::Query),
            Self::OutboundActivityResult
            | Self::OutboundActivityResultById
            | Self::OutboundActivityFailure
            | Self::OutboundActivityCancellation => (Outbound, Noun::ActivityTask),
            Self::OutboundHeartbeat => (Outbound, Noun::Heartbeat),
            Self::OutboundNexusResult | Self::OutboundNexusFailure => (Outbound, Noun::NexusTask),
            Self::OutboundRequest => (Outbound, Noun::Request),
        }
    }
}
