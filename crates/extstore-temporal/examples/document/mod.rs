//! Defines the workflow of the examples, whose activity makes a larger document of its input.
#![allow(unreachable_pub, missing_docs, dead_code)] // The SDK's macros write public items.

use std::time::Duration;

use temporalio_macros::{activities, workflow, workflow_methods};
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use temporalio_sdk::{ActivityOptions, WorkflowContext, WorkflowResult};

pub const TASK_QUEUE: &str = "documents";

#[workflow]
#[derive(Default)]
pub struct Illustrate;

#[workflow_methods]
impl Illustrate {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, document: Vec<u8>) -> WorkflowResult<Vec<u8>> {
        let options = ActivityOptions::start_to_close_timeout(Duration::from_secs(60));
        Ok(ctx.execute_activity(Pictures::add, document, options).await?)
    }
}

pub struct Pictures;

#[activities]
impl Pictures {
    #[activity]
    pub async fn add(_ctx: ActivityContext, mut document: Vec<u8>) -> Result<Vec<u8>, ActivityError> {
        document.extend(vec![b'*'; document.len()]);
        Ok(document)
    }
}
