//! Lists the messages that are fuzzed. The first byte of an input says which; new ones are added at the end, so that
//! the corpus keeps its meaning.

use extstore_wire::MessageType as T;

pub(crate) const ROOTS: [T; 24] = [
    T::PollWorkflowTaskQueueResponse,
    T::RespondWorkflowTaskCompletedRequest,
    T::RespondWorkflowTaskFailedRequest,
    T::GetWorkflowExecutionHistoryResponse,
    T::StartWorkflowExecutionRequest,
    T::SignalWithStartWorkflowExecutionRequest,
    T::ExecuteMultiOperationRequest,
    T::ExecuteMultiOperationResponse,
    T::RespondActivityTaskFailedRequest,
    T::PollActivityTaskQueueResponse,
    T::PollNexusTaskQueueResponse,
    T::RespondNexusTaskCompletedRequest,
    T::StartNexusOperationExecutionRequest,
    T::DescribeWorkflowExecutionResponse,
    T::CreateScheduleRequest,
    T::StartBatchOperationRequest,
    T::DescribeNamespaceResponse,
    T::RecordWorkerHeartbeatRequest,
    T::ProtocolMessage,
    T::RpcStatus,
    T::History,
    T::Command,
    T::Failure,
    T::Memo,
];

/// Returns the message type of an input, and the message.
pub(crate) fn split(input: &[u8]) -> Option<(T, &[u8])> {
    let (first, message) = input.split_first()?;
    Some((ROOTS[usize::from(*first) % ROOTS.len()], message))
}
