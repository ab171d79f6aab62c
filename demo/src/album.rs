//! Defines the demo's workflows: an album collects scans, and a child workflow prints it.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::time::Duration;

use temporalio_macros::{activities, workflow, workflow_methods};
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use temporalio_sdk::{
    ActivityOptions, ChildWorkflowOptions, SyncWorkflowContext, WorkflowContext, WorkflowContextView,
    WorkflowResult,
};

pub const MIB: usize = 1 << 20;
/// Holds the size of the book that the child workflow prints, in bytes.
pub const BOOK: usize = 50 * MIB;

/// Gathers pages from an activity and a signal and a cover from an update, then has them printed.
#[workflow]
#[derive(Default)]
pub struct Album {
    developed: bool,
    pages: Vec<u8>,
    cover: Vec<u8>,
}

#[workflow_methods]
impl Album {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, scan: Vec<u8>) -> WorkflowResult<Vec<u8>> {
        let developed = ctx.execute_activity(Darkroom::develop, scan, options()).await?;
        ctx.state_mut(|album| {
            album.pages.extend(developed);
            album.developed = true;
        });
        ctx.wait_condition(|album| !album.cover.is_empty()).await?;
        let child = ChildWorkflowOptions::workflow_id(printing(ctx.workflow_id()));
        let pages = ctx.state(|album| album.pages.clone());
        let book = ctx.start_child_workflow(Print::run, pages, child).await?;
        Ok(book.result().await?)
    }

    #[signal]
    pub fn add_page(&mut self, _ctx: &mut SyncWorkflowContext<Self>, page: Vec<u8>) {
        self.pages.extend(page);
    }

    /// Frames the cover and returns it, once there are pages.
    #[update]
    pub async fn set_cover(ctx: &mut WorkflowContext<Self>, cover: Vec<u8>) -> Vec<u8> {
        // It ends early only when the workflow does, which waits for the cover.
        let _ = ctx.wait_condition(|album| album.developed).await;
        let framed = [cover.as_slice(), &cover].concat();
        ctx.state_mut(|album| album.cover.clone_from(&framed));
        framed
    }

    #[query]
    pub fn pages(&self, _ctx: &WorkflowContextView) -> Vec<u8> {
        self.pages.clone()
    }
}

/// Returns the id of the child workflow.
pub fn printing(album: &str) -> String {
    format!("{album}-print")
}

/// Turns pages into a book.
#[workflow]
#[derive(Default)]
pub struct Print;

#[workflow_methods]
impl Print {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, pages: Vec<u8>) -> WorkflowResult<Vec<u8>> {
        Ok(ctx.execute_activity(Darkroom::bind, pages, options()).await?)
    }
}

pub struct Darkroom;

#[activities]
impl Darkroom {
    /// Returns the scan twice.
    #[activity]
    pub async fn develop(_ctx: ActivityContext, scan: Vec<u8>) -> Result<Vec<u8>, ActivityError> {
        Ok([scan.as_slice(), &scan].concat())
    }

    /// Returns the pages, filled up to the size of the book.
    #[activity]
    pub async fn bind(_ctx: ActivityContext, mut pages: Vec<u8>) -> Result<Vec<u8>, ActivityError> {
        pages.resize(BOOK, 0);
        Ok(pages)
    }
}

fn options() -> ActivityOptions {
    ActivityOptions::start_to_close_timeout(Duration::from_secs(60))
}
