//! Recognises replayed history, whose references the gateway leaves to the data converter.

use extstore_wire::{Capture, Frame, MessageType, Rpc, Scan, Wire, fields};

use crate::answers::Answers;
use crate::exchange::Exchange;
use crate::failure::{Path, TaskIds};
use crate::identity::{Page, TaskKind, replayed_until};
use crate::marker::Markers;
use crate::{Call, peek};

/// Lists the fields of `GetWorkflowExecutionHistoryRequest` that only a client sets. An SDK that replays a history sets
/// namespace, execution and page token alone.
const CLIENT_FIELDS: [u32; 4] = [3, 5, 6, 7];
/// These constants name `GetWorkflowExecutionHistoryRequest.history_event_filter_type` and its value
/// `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT`.
const EVENT_FILTER: u32 = 6;
const CLOSE_EVENT: u64 = 2;
/// Names the field `GetWorkflowExecutionHistoryResponse.next_page_token`.
const NEXT_PAGE_TOKEN: u32 = 3;

/// Names the task that a page of history belongs to. Events before the task are replayed.
#[derive(Clone, Debug, Default)]
pub(super) struct Replayed {
    page: Option<Page>,
    run_id: String,
    /// Says whether a client asked, and not for the closing event alone.
    is_shown: bool,
}

impl Replayed {
    /// Finds the task of a request for history: for the next page of a polled task's history, or for all of it after
    /// the SDK has lost the run from its cache.
    pub(super) fn of_request(exchange: &Exchange, call: &Call) -> Self {
        if exchange.rpc != Rpc::GetWorkflowExecutionHistory {
            return Self::default();
        }
        let Ok(scan) = Scan::select(exchange.rpc.request(), call.body.to_bytes(), |_| false) else {
            return Self::default();
        };
        let request = scan.root();
        let run_id = request.text(Capture::RunId).unwrap_or_default();
        let identities = &exchange.state.identities;
        let page = match request.bytes(Capture::NextPageToken).filter(|token| !token.is_empty()) {
            Some(token) => identities.find_page(&exchange.scope, &token),
            None if is_from_client(&request.content()) => None,
            None => identities.find_open_page(&exchange.scope, run_id),
        };
        let content = request.content();
        let is_shown = page.is_none() && is_from_client(&content) && !asks_for_the_result(&content);
        Self { page, run_id: run_id.to_owned(), is_shown }
    }

    /// Says whether the response is a history that a client shows. A request with a page token alone may be a worker's
    /// whose task is forgotten, and its history is for workflow code.
    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// Returns the path and the identifiers of the task, if it is still known.
    pub(super) fn task(&self, exchange: &Exchange) -> Option<(Path, TaskIds)> {
        let token = self.page.as_ref()?.task_token.clone();
        let task = exchange.state.identities.find(&exchange.scope, &token)?;
        let path = match task.kind {
            TaskKind::Query => Path::InboundQueryHistory,
            TaskKind::Workflow | TaskKind::Activity | TaskKind::Nexus => Path::InboundTaskHistory,
        };
        Some((path, TaskIds::of_page(token, task.attempt)))
    }

    /// Remembers the facts that a page of history tells of its run, and the task of the next page.
    pub(super) fn learn(&self, exchange: &Exchange, response: &Scan) {
        let root = response.root();
        if root.message() != MessageType::GetWorkflowExecutionHistoryResponse {
            return;
        }
        let identities = &exchange.state.identities;
        identities.learn_history(root, &exchange.scope, &self.run_id);
        let next = peek::last(response.bytes(), &[NEXT_PAGE_TOKEN]).filter(|token| !token.is_empty());
        if let (Some(page), Some(token)) = (&self.page, next) {
            identities.learn_page(&exchange.scope, token, page.clone());
        }
    }
}

/// Tells payloads of replayed events from others, for one response.
#[derive(Debug)]
pub(super) struct Events<'a> {
    replayed: &'a Replayed,
    markers: Markers,
    /// The last event that a workflow task replays.
    until: Answers<u64>,
}

impl<'a> Events<'a> {
    pub(super) fn new(replayed: &'a Replayed) -> Self {
        Self { replayed, markers: Markers::default(), until: Answers::default() }
    }

    /// Says whether a payload is for user code and in an event that is replayed. A payload outside of events is not.
    pub(super) fn are_replayed(&mut self, payload: Frame<'_>) -> bool {
        if self.markers.is_sdk_internal(payload) {
            return false;
        }
        let Some(event) = payload.nearest(MessageType::HistoryEvent) else { return false };
        let Some(id) = event.number(Capture::EventId) else { return false };
        match event.nearest(MessageType::PollWorkflowTaskQueueResponse) {
            Some(task) => id <= self.until.of(task, replayed_until),
            None => self.replayed.page.as_ref().is_some_and(|page| id <= page.previous_started_event_id),
        }
    }
}

/// Says whether a request waits for the closing event alone, as SDKs do for a workflow's result.
fn asks_for_the_result(request: &[u8]) -> bool {
    let filters = fields(request).map_while(Result::ok).filter(|field| field.number == EVENT_FILTER);
    filters.last().is_some_and(|filter| filter.wire == Wire::Varint && filter.varint(request) == CLOSE_EVENT)
}

fn is_from_client(request: &[u8]) -> bool {
    fields(request).map_while(Result::ok).any(|field| CLIENT_FIELDS.contains(&field.number))
}
