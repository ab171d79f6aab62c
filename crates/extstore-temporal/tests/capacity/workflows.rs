//! Defines the workflows of all tests.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::time::Duration;

use prost::Message as _;
use temporalio_common::RetryPolicy;
use temporalio_common::data_converters::{MultiArgs2, RawValue};
use temporalio_common::error::ActivityExecutionError;
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{
    ActivityCancellationType, ActivityOptions, SyncWorkflowContext, WorkerOptionsBuilder, WorkflowContext,
    WorkflowContextView, WorkflowResult, worker_options_builder,
};

use crate::activities::Activities;
use crate::blob::Blob;
use crate::keys::{Child, Family};
use crate::text::{LARGE, tag_of, text};

/// Adds all workflows to a worker's options.
pub(crate) fn register<S: worker_options_builder::State>(
    options: WorkerOptionsBuilder<S>,
) -> WorkerOptionsBuilder<S> {
    options
        .register_workflow::<Chain>()
        .and_then(|options| options.register_workflow::<Carry>())
        .and_then(|options| options.register_workflow::<Measure>())
        .and_then(|options| options.register_workflow::<Listen>())
        .and_then(|options| options.register_workflow::<Hold>())
        .and_then(|options| options.register_workflow::<Cancel>())
        .and_then(|options| options.register_workflow::<Family>())
        .and_then(|options| options.register_workflow::<Child>())
        .unwrap()
}

pub(crate) fn quick() -> ActivityOptions {
    ActivityOptions::start_to_close_timeout(Duration::from_secs(30))
}

/// Passes bytes from activity to activity.
#[workflow]
#[derive(Default)]
pub struct Chain;

#[workflow_methods]
impl Chain {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, input: MultiArgs2<u32, Blob>) -> WorkflowResult<Blob> {
        let MultiArgs2(length, mut blob) = input;
        // A busy machine may take its time.
        let options = ActivityOptions::start_to_close_timeout(Duration::from_secs(100));
        for _ in 0..length {
            blob = ctx.execute_activity(Activities::count, blob, options.clone()).await?;
        }
        Ok(blob)
    }
}

/// Takes a text, has an activity return it, returns it.
#[workflow]
#[derive(Default)]
pub struct Carry;

#[workflow_methods]
impl Carry {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, text: String) -> WorkflowResult<String> {
        // An attempt whose worker is gone ends soon.
        let options = ActivityOptions::start_to_close_timeout(Duration::from_secs(10));
        Ok(ctx.execute_activity(Activities::echo, text, options).await?)
    }
}

/// Takes an encoded reference, and returns the length of the payload that an activity gets in its place.
#[workflow]
#[derive(Default)]
pub struct Measure;

#[workflow_methods]
impl Measure {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, reference: Vec<u8>) -> WorkflowResult<usize> {
        let reference = RawValue::new(vec![Payload::decode(reference.as_slice()).unwrap_or_default()]);
        Ok(ctx.execute_activity(Activities::measure, reference, quick()).await?)
    }
}

/// Returns the lengths and the last bytes of what so many signals brought.
#[workflow]
#[derive(Default)]
pub struct Listen {
    heard: Vec<(usize, u8)>,
}

#[workflow_methods]
impl Listen {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, signals: usize) -> WorkflowResult<Vec<(usize, u8)>> {
        ctx.wait_condition(|listen| listen.heard.len() >= signals).await?;
        Ok(ctx.state(|listen| listen.heard.clone()))
    }

    #[signal]
    pub fn hear(&mut self, _: &mut SyncWorkflowContext<Self>, blob: Blob) {
        self.heard.push((blob.0.len(), blob.0.last().copied().unwrap_or_default()));
    }

    #[signal]
    pub fn told(&mut self, _: &mut SyncWorkflowContext<Self>, text: String) {
        self.heard.push((text.len(), b'.'));
    }

    #[query]
    pub fn ask(&self, _: &WorkflowContextView, tag: String) -> String {
        text(&tag, LARGE)
    }

    #[update]
    pub fn change(&mut self, _: &mut SyncWorkflowContext<Self>, order: (String, String)) -> String {
        self.heard.push((order.0.len(), b'.'));
        text(&order.1, LARGE)
    }
}

/// Holds a large result while the test does something else, then waits for a signal, then moves another.
#[workflow]
#[derive(Default)]
pub struct Hold {
    heard: Option<String>,
}

#[workflow_methods]
impl Hold {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, input: String) -> WorkflowResult<String> {
        let held = ctx.execute_activity(Activities::hold, ("held".to_owned(), LARGE), quick()).await?;
        ctx.wait_condition(|hold| hold.heard.is_some()).await?;
        let heard = ctx.state(|hold| hold.heard.clone()).unwrap_or_default();
        let last =
            ctx.execute_activity(Activities::swap, (heard.clone(), "last".to_owned()), quick()).await?;
        let tags = [&input, &held, &heard, &last].map(|text| tag_of(text).0);
        Ok(text(&tags.join("+"), LARGE))
    }

    #[signal]
    pub fn go_on(&mut self, _: &mut SyncWorkflowContext<Self>, text: String) {
        self.heard = Some(text);
    }
}

/// Cancels an activity when it is told to, waits for how it ends, and returns what it said.
#[workflow]
#[derive(Default)]
pub struct Cancel {
    now: bool,
}

#[workflow_methods]
impl Cancel {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, gives_in: bool) -> WorkflowResult<String> {
        let cancellation = ctx.cancellation_token().child_token();
        let once = RetryPolicy::builder().maximum_attempts(1).build();
        let options = ActivityOptions::with_start_to_close_timeout(Duration::from_secs(30))
            .heartbeat_timeout(Duration::from_secs(2))
            .cancellation_type(ActivityCancellationType::WaitCancellationCompleted)
            .cancellation_token(cancellation.clone())
            .retry_policy(once)
            .build();
        let order = ("ending".to_owned(), LARGE);
        let ending = async {
            match gives_in {
                true => ctx.execute_activity(Activities::give_in, order, options).await,
                false => ctx.execute_activity(Activities::outlive, order, options).await,
            }
        };
        let cancel = async {
            let told = ctx.wait_condition(|cancel| cancel.now).await;
            cancellation.cancel();
            told
        };
        let (ended, told) = temporalio_sdk::workflows::join!(ending, cancel);
        told?;
        match ended {
            Err(ActivityExecutionError::Cancelled(cancelled)) => {
                Ok(cancelled.details::<String>()?.unwrap_or_default())
            }
            other => Ok(other?),
        }
    }

    #[signal]
    pub fn cancel(&mut self, _: &mut SyncWorkflowContext<Self>) {
        self.now = true;
    }
}
