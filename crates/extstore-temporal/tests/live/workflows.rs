//! Defines workflows through which large values pass.

use std::time::Duration;

use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::join_all;
use temporalio_sdk::{
    ActivityExecutionError, ActivityOptions, ChildWorkflowOptions, ContinueAsNewOptions,
    LocalActivityOptions, SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult,
};

use crate::activities::{Work, text};

/// Sets the number of bytes of a large value.
pub(crate) const MEGABYTE: usize = 1_000_000;

fn quick() -> ActivityOptions {
    ActivityOptions::start_to_close_timeout(Duration::from_secs(30))
}

/// Returns its input and what an activity made.
#[workflow]
#[derive(Default)]
pub(crate) struct Moves;

#[workflow_methods]
impl Moves {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, input: String) -> WorkflowResult<String> {
        let made = ctx.execute_activity(Work::make, ('b', 6 * MEGABYTE), quick()).await?;
        Ok(input + &made)
    }
}

/// Passes a value from activity to activity.
#[workflow]
#[derive(Default)]
pub(crate) struct Chain;

#[workflow_methods]
impl Chain {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, input: (u32, String)) -> WorkflowResult<String> {
        let (length, mut value) = input;
        for _ in 0..length {
            value = ctx.execute_activity(Work::turn, value, quick()).await?;
        }
        Ok(value)
    }
}

/// Listens and answers until it has heard enough.
#[workflow]
#[derive(Default)]
pub(crate) struct Talks {
    heard: Vec<String>,
    done: bool,
}

#[workflow_methods]
impl Talks {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, _input: ()) -> WorkflowResult<Vec<String>> {
        ctx.wait_condition(|talks| talks.done).await?;
        Ok(ctx.state(|talks| talks.heard.clone()))
    }

    #[signal]
    pub(crate) fn tell(&mut self, _ctx: &mut SyncWorkflowContext<Self>, value: String) {
        self.heard.push(value);
    }

    #[query]
    pub(crate) fn ask(&self, _ctx: &WorkflowContextView, question: String) -> String {
        format!("{question}{}", self.heard.concat())
    }

    #[update]
    pub(crate) fn change(&mut self, _ctx: &mut SyncWorkflowContext<Self>, value: String) -> String {
        self.done = true;
        let before = self.heard.concat();
        self.heard = vec![value];
        before
    }
}

/// Gives a value to a child and to a local activity.
#[workflow]
#[derive(Default)]
pub(crate) struct Delegates;

#[workflow_methods]
impl Delegates {
    #[run]
    pub(crate) async fn run(
        ctx: &mut WorkflowContext<Self>,
        input: (String, String),
    ) -> WorkflowResult<String> {
        let (child, value) = input;
        let local = LocalActivityOptions::builder().start_to_close_timeout(Duration::from_secs(30)).build();
        let turned = ctx.execute_local_activity(Work::turn, value, local).await?;
        let started = ctx
            .start_child_workflow(Chain::run, (1, turned), ChildWorkflowOptions::workflow_id(child))
            .await?;
        Ok(started.result().await?)
    }
}

/// Continues as new until it has run three times, then returns what its memo and its header hold.
#[workflow]
#[derive(Default)]
pub(crate) struct Remembers;

#[workflow_methods]
impl Remembers {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, runs: u32) -> WorkflowResult<(String, usize)> {
        if runs < 3 {
            ctx.continue_as_new(runs + 1, ContinueAsNewOptions::default())?;
        }
        let note = ctx.memo().get::<String>("note")?.unwrap_or_default();
        let header = ctx.headers().get("trace").map_or(0, |payload| payload.data.len());
        Ok((note, header))
    }
}

/// Returns the details of an activity's failure and of an activity's heartbeat.
#[workflow]
#[derive(Default)]
pub(crate) struct Fails;

#[workflow_methods]
impl Fails {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, bytes: usize) -> WorkflowResult<String> {
        let failed = ctx.execute_activity(Work::fail, bytes, quick()).await;
        let details =
            failed.as_ref().err().and_then(ActivityExecutionError::cause).map(|cause| format!("{cause:?}"));
        let same = details.is_some_and(|details| details.contains("meant to fail"));
        let raw = failed.err().and_then(|error| error.failure().cloned());
        let length = raw.as_ref().map_or(0, details_length);
        Ok(format!("{same} {length}"))
    }
}

/// Counts the bytes of the details of the innermost application failure.
fn details_length(failure: &temporalio_common::protos::temporal::api::failure::v1::Failure) -> usize {
    use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
    match (&failure.failure_info, &failure.cause) {
        (Some(FailureInfo::ApplicationFailureInfo(info)), _) => {
            info.details.iter().flat_map(|details| &details.payloads).map(|payload| payload.data.len()).sum()
        }
        (_, Some(cause)) => details_length(cause),
        _ => 0,
    }
}

/// Says whether the second attempt of an activity saw the heartbeat of the first.
#[workflow]
#[derive(Default)]
pub(crate) struct Beats;

#[workflow_methods]
impl Beats {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, bytes: usize) -> WorkflowResult<bool> {
        let options = ActivityOptions::with_start_to_close_timeout(Duration::from_secs(30))
            .heartbeat_timeout(Duration::from_secs(10))
            .build();
        Ok(ctx.execute_activity(Work::beat, bytes, options).await? == text('h', bytes))
    }
}

/// Gives a value of so many bytes to each of several activities, which it schedules in one task. Returns what they
/// measured together.
#[workflow]
#[derive(Default)]
pub(crate) struct Schedules;

#[workflow_methods]
impl Schedules {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, sizes: Vec<usize>) -> WorkflowResult<usize> {
        let measured =
            sizes.into_iter().map(|bytes| ctx.execute_activity(Work::measure, text('m', bytes), quick()));
        let mut sum = 0;
        for length in join_all(measured.collect::<Vec<_>>()).await {
            sum += length?;
        }
        Ok(sum)
    }
}
