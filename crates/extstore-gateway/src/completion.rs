//! Reads which page of a workflow task's completion a request is.
//!
//! Where the namespace has the capability `workflow_task_completion_pagination`, an SDK may send a completion in several
//! requests with the same token. The server keeps the commands of intermediate pages, and completes the task with the
//! final page, which also carries messages, answers to queries and metadata.

use extstore_wire::{Wire, fields};

/// `RespondWorkflowTaskCompletedRequest.intermediate_page`
const INTERMEDIATE_PAGE: u32 = 22;

/// Says whether a completion is a page that others follow.
pub(crate) fn is_intermediate_page(request: &[u8]) -> bool {
    let all = fields(request).map_while(Result::ok);
    let found = all.filter(|field| field.number == INTERMEDIATE_PAGE && field.wire == Wire::Varint).last();
    found.is_some_and(|field| field.varint(request) != 0)
}
