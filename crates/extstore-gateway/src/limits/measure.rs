//! Measures the payloads of a request as the server and the SDK do.
//!
//! The rules are those of `temporalio-common` 1.1.1, as far as they refuse and do not only warn: headers, failures of
//! activities, results of queries and user metadata are not measured.

use extstore_wire::{Frame, MessageType as T, Scan};

use crate::peek;
use crate::state::Limit;

/// Says how a field is measured.
#[derive(Clone, Copy)]
enum Measure {
    /// The encoded length of payloads, a failure or an update.
    Whole,
    /// The keys and the data of the payloads of a memo or of search attributes together.
    Data,
    /// The keys and the encoded payloads of a map together.
    Entries,
}

struct Rule {
    message: T,
    field: u32,
    limit: Limit,
    measure: Measure,
}

const fn blob(message: T, field: u32) -> Rule {
    Rule { message, field, limit: Limit::Blob, measure: Measure::Whole }
}

const fn memo(message: T, field: u32) -> Rule {
    Rule { message, field, limit: Limit::Memo, measure: Measure::Whole }
}

const fn blob_by(message: T, field: u32, measure: Measure) -> Rule {
    Rule { message, field, limit: Limit::Blob, measure }
}

static RULES: [Rule; 31] = [
    blob(T::CompleteWorkflowExecutionCommandAttributes, 1),
    blob(T::ContinueAsNewWorkflowExecutionCommandAttributes, 3),
    memo(T::ContinueAsNewWorkflowExecutionCommandAttributes, 13),
    blob(T::FailWorkflowExecutionCommandAttributes, 1),
    blob_by(T::ModifyWorkflowPropertiesCommandAttributes, 1, Measure::Data),
    blob_by(T::RecordMarkerCommandAttributes, 2, Measure::Entries),
    blob(T::ScheduleActivityTaskCommandAttributes, 6),
    blob(T::ScheduleNexusOperationCommandAttributes, 4),
    blob(T::SignalExternalWorkflowExecutionCommandAttributes, 4),
    blob(T::StartChildWorkflowExecutionCommandAttributes, 5),
    memo(T::StartChildWorkflowExecutionCommandAttributes, 15),
    blob_by(T::UpsertWorkflowSearchAttributesCommandAttributes, 1, Measure::Data),
    blob(T::CallbackNexusHandler, 4),
    blob(T::ProtocolMessage, 5),
    blob(T::WorkflowQuery, 2),
    blob(T::NewWorkflowExecutionInfo, 4),
    memo(T::NewWorkflowExecutionInfo, 11),
    blob(T::RecordActivityTaskHeartbeatByIdRequest, 5),
    blob(T::RecordActivityTaskHeartbeatRequest, 2),
    blob(T::RespondActivityTaskCanceledByIdRequest, 5),
    blob(T::RespondActivityTaskCanceledRequest, 2),
    blob(T::RespondActivityTaskCompletedByIdRequest, 5),
    blob(T::RespondActivityTaskCompletedRequest, 2),
    blob(T::SignalWithStartWorkflowExecutionRequest, 5),
    blob(T::SignalWithStartWorkflowExecutionRequest, 13),
    memo(T::SignalWithStartWorkflowExecutionRequest, 17),
    blob(T::SignalWorkflowExecutionRequest, 4),
    blob(T::StartActivityExecutionRequest, 12),
    blob(T::StartNexusOperationExecutionRequest, 11),
    blob(T::StartWorkflowExecutionRequest, 5),
    memo(T::StartWorkflowExecutionRequest, 14),
];

/// Returns each measured field of a request: its limit and its size in bytes.
pub(super) fn sizes(scan: &Scan) -> impl Iterator<Item = (Limit, u64)> {
    scan.frames().flat_map(|frame| {
        let rules = RULES.iter().filter(move |rule| rule.message == frame.message());
        rules.map(move |rule| (rule.limit, size(frame, rule)))
    })
}

fn size(frame: Frame<'_>, rule: &Rule) -> u64 {
    let content = frame.content();
    let measured = peek::all(&content, rule.field).map(|field| match rule.measure {
        Measure::Whole => field.len(),
        Measure::Entries => entry(field, peek::last(field, &[2])),
        Measure::Data => {
            peek::all(field, 1).map(|attribute| entry(attribute, peek::last(attribute, &[2, 2]))).sum()
        }
    });
    measured.map(|bytes: usize| bytes as u64).sum()
}

/// Returns the size of a map entry: its key and the given part of its value.
fn entry(entry: &[u8], value: Option<&[u8]>) -> usize {
    peek::last(entry, &[1]).map_or(0, <[u8]>::len) + value.map_or(0, <[u8]>::len)
}
