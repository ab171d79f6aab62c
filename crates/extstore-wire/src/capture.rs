//! Names the fields that say what a message is about.

/// Names a field that identifies an execution, or that a host needs to handle a message.
///
/// Which messages are captured is part of the plan: every request, every command, the polls' answers and what is in
/// them. The last occurrence counts, as protobuf rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Capture {
    /// The namespace that the message is about.
    Namespace,
    /// A workflow id.
    WorkflowId,
    /// A run id: of the workflow, or of the standalone activity that the message is about.
    RunId,
    /// The name of a workflow type; in a continue-as-new command the successor's.
    WorkflowType,
    /// The namespace of the parent workflow.
    ParentNamespace,
    /// The id of the parent workflow.
    ParentWorkflowId,
    /// The run id of the parent workflow.
    ParentRunId,
    /// An activity id.
    ActivityId,
    /// The run id of a standalone activity in an activity task.
    ActivityRunId,
    /// The name of an activity type.
    ActivityType,
    /// A schedule id.
    ScheduleId,
    /// A Nexus endpoint's name.
    Endpoint,
    /// A Nexus service's name.
    Service,
    /// A Nexus operation's name.
    Operation,
    /// The id of a standalone Nexus operation.
    OperationId,
    /// The key of a query in a workflow task, or of its result.
    QueryId,
    /// The key that the request is routed by, such as `workflow:ID`.
    ResourceId,
    /// An opaque task token, bytes.
    TaskToken,
    /// The token of the next page, bytes.
    NextPageToken,
    /// The attempt, from 1. Number.
    Attempt,
    /// The id of a history event. Number.
    EventId,
    /// The id of the event that started this workflow task. Number.
    StartedEventId,
    /// The id of the event that started the workflow task before: older events are replayed. Number.
    PreviousStartedEventId,
    /// The server's limit for one payload, in bytes; 0 is none. Number.
    BlobSizeLimitError,
    /// The server's limit for a memo, in bytes; 0 is none. Number.
    MemoSizeLimitError,
    /// The server's limit for a workflow task's completion, in bytes; 0 is none. Number.
    WorkflowTaskCompletionSizeLimitError,
    /// Says whether a completion may come in pages. Number, 0 or 1.
    WorkflowTaskCompletionPagination,
}

impl Capture {
    /// Says whether the field is a number; all others are strings or bytes.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Attempt
                | Self::EventId
                | Self::StartedEventId
                | Self::PreviousStartedEventId
                | Self::BlobSizeLimitError
                | Self::MemoSizeLimitError
                | Self::WorkflowTaskCompletionSizeLimitError
                | Self::WorkflowTaskCompletionPagination
        )
    }
}
