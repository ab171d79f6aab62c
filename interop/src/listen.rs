//! Defines the workflow that answers signals, queries and updates.
#![allow(missing_docs, missing_debug_implementations)] // The SDK's macros write public items.

use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult};

use crate::content::{Order, content, seen};

/// Answers until it is told to finish, then returns what the signal brought.
#[workflow]
#[derive(Debug, Default)]
pub struct Listen {
    delivered: String,
    finished: bool,
}

#[workflow_methods]
impl Listen {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<String> {
        ctx.wait_condition(|state| state.finished).await?;
        Ok(ctx.state(|state| state.delivered.clone()))
    }

    #[signal]
    pub fn deliver(&mut self, _ctx: &mut SyncWorkflowContext<Self>, text: String) {
        self.delivered = seen(&text);
    }

    #[signal]
    pub fn finish(&mut self, _ctx: &mut SyncWorkflowContext<Self>) {
        self.finished = true;
    }

    #[query]
    pub fn ask_take(&self, _ctx: &WorkflowContextView, text: String) -> String {
        seen(&text)
    }

    #[query]
    pub fn ask_give(&self, _ctx: &WorkflowContextView, order: Order) -> String {
        content(&order)
    }

    #[update]
    pub fn take(&mut self, _ctx: &mut SyncWorkflowContext<Self>, text: String) -> String {
        seen(&text)
    }

    #[update]
    pub fn give(&mut self, _ctx: &mut SyncWorkflowContext<Self>, order: Order) -> String {
        content(&order)
    }
}
