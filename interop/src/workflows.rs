//! Defines the workflows that every peer has under the same names.
#![allow(missing_docs, missing_debug_implementations)] // The SDK's macros write public items.

use std::time::Duration;

use temporalio_common::error::{ActivityExecutionError, ApplicationFailure, IncomingError};
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{ActivityOptions, WorkflowContext, WorkflowResult};

use crate::activities::{Activities, ordered};
use crate::content::{Order, content, seen};

#[workflow]
#[derive(Debug, Default)]
pub struct TakeInput;

#[workflow_methods]
impl TakeInput {
    #[run]
    pub async fn run(_ctx: &mut WorkflowContext<Self>, text: String) -> WorkflowResult<String> {
        Ok(seen(&text))
    }
}

#[workflow]
#[derive(Debug, Default)]
pub struct GiveResult;

#[workflow_methods]
impl GiveResult {
    #[run]
    pub async fn run(_ctx: &mut WorkflowContext<Self>, order: Order) -> WorkflowResult<String> {
        Ok(content(&order))
    }
}

#[workflow]
#[derive(Debug, Default)]
pub struct CallTake;

#[workflow_methods]
impl CallTake {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, order: Order) -> WorkflowResult<String> {
        Ok(ctx.execute_activity(Activities::take, content(&order), with_worker_of(&order)).await?)
    }
}

#[workflow]
#[derive(Debug, Default)]
pub struct CallGive;

#[workflow_methods]
impl CallGive {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, order: Order) -> WorkflowResult<String> {
        let options = with_worker_of(&order);
        Ok(seen(&ctx.execute_activity(Activities::give, order, options).await?))
    }
}

#[workflow]
#[derive(Debug, Default)]
pub struct CallFail;

#[workflow_methods]
impl CallFail {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, order: Order) -> WorkflowResult<String> {
        let options = with_worker_of(&order);
        match ctx.execute_activity(Activities::fail, order, options).await {
            Err(ActivityExecutionError::Failed(failed)) => match failed.cause() {
                Some(IncomingError::Application(failure)) => {
                    Ok(details_seen(failure).map_err(ApplicationFailure::non_retryable)?)
                }
                _ => Err(ApplicationFailure::non_retryable("the activity failed in another way").into()),
            },
            other => Ok(other?),
        }
    }
}

#[workflow]
#[derive(Debug, Default)]
pub struct Fail;

#[workflow_methods]
impl Fail {
    #[run]
    pub async fn run(_ctx: &mut WorkflowContext<Self>, order: Order) -> WorkflowResult<String> {
        Err(ordered(&order).into())
    }
}

#[workflow]
#[derive(Debug, Default)]
pub struct ShowMemo;

#[workflow_methods]
impl ShowMemo {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<String> {
        let note: Option<String> = ctx.memo().get("note")?;
        Ok(seen(&note.unwrap_or_default()))
    }
}

/// Returns options that send an activity to the worker that the order names.
fn with_worker_of(order: &Order) -> ActivityOptions {
    ActivityOptions::with_start_to_close_timeout(Duration::from_secs(30))
        .task_queue(order.task_queue.clone())
        .build()
}

/// Reports the large details of a failure.
///
/// # Errors
///
/// A sentence that says why it cannot: there are none, or the payload converter refuses them.
pub fn details_seen(failure: &ApplicationFailure) -> Result<String, String> {
    match failure.details::<String>() {
        Ok(Some(text)) => Ok(seen(&text)),
        Ok(None) => Err("the failure has no details".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
