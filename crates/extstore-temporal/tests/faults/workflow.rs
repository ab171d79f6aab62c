//! Defines the one workflow of all tests, whose input says what it does.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use temporalio_client::RetryPolicy;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{
    ActivityExecutionError, ActivityOptions, SyncWorkflowContext, WorkflowContext, WorkflowContextView,
    WorkflowResult,
};

use crate::activities::{Activities, Behaviour, Order};

/// Holds the input of the workflow: steps that it takes one after another, over a text that each may change.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Script {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Serialize, Deserialize)]
enum Step {
    /// Waits for one more signal `go`.
    Wait,
    /// Makes the text this long.
    Become(usize),
    /// Has an activity make a text of this many letters, in so many attempts at most; 0 is no limit.
    Act { behaviour: Behaviour, letters: usize, attempts: u32 },
}

/// Holds the result of the workflow.
#[derive(Serialize, Deserialize)]
pub struct Outcome {
    pub text: String,
    pub failed: Vec<FailedActivity>,
}

/// Describes an activity that failed, as the workflow saw it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedActivity {
    pub message: String,
    pub kind: String,
    pub non_retryable: bool,
}

/// Holds the argument of a query or an update: the text that it sends, and the length of the answer that it wants.
#[derive(Default, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    pub letters: usize,
}

#[workflow]
#[derive(Default)]
pub struct ScriptedWorkflow {
    gone: usize,
}

#[workflow_methods]
impl ScriptedWorkflow {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, script: Script) -> WorkflowResult<Outcome> {
        let (mut text, mut failed, mut waited) = (script.text, Vec::new(), 0);
        for step in script.steps {
            match step {
                Step::Wait => {
                    waited += 1;
                    ctx.wait_condition(|play| play.gone >= waited).await?;
                }
                Step::Become(letters) => text = dots(letters),
                Step::Act { behaviour, letters, attempts } => {
                    let order = Order { text: text.clone(), letters, behaviour };
                    match ctx.execute_activity(Activities::act, order, options(attempts)).await {
                        Ok(made) => text = made,
                        Err(error) => failed.push(FailedActivity::of(&error)),
                    }
                }
            }
        }
        Ok(Outcome { text, failed })
    }

    #[signal]
    pub fn go(&mut self, _ctx: &mut SyncWorkflowContext<Self>, _text: String) {
        self.gone += 1;
    }

    #[query]
    pub fn look(&self, _ctx: &WorkflowContextView, question: Question) -> String {
        dots(question.letters)
    }

    #[update]
    pub fn ask(&mut self, _ctx: &mut SyncWorkflowContext<Self>, question: Question) -> String {
        dots(question.letters)
    }
}

/// No part of a workflow may be random, so these texts are the same everywhere.
fn dots(letters: usize) -> String {
    ".".repeat(letters)
}

fn options(attempts: u32) -> ActivityOptions {
    let retry = RetryPolicy::builder()
        .initial_interval(Duration::from_millis(300))
        .backoff_coefficient(1.5)
        .maximum_interval(Duration::from_secs(2))
        .maximum_attempts(attempts)
        .build();
    ActivityOptions::with_start_to_close_timeout(Duration::from_secs(30)).retry_policy(retry).build()
}

impl Question {
    /// Makes a small question with an answer of that size.
    pub(crate) fn wanting(letters: usize) -> Self {
        Self { text: String::new(), letters }
    }
}

impl Script {
    pub(crate) fn new(text: String) -> Self {
        Self { text, steps: Vec::new() }
    }

    pub(crate) fn wait(self) -> Self {
        self.then(Step::Wait)
    }

    pub(crate) fn become_long(self, letters: usize) -> Self {
        self.then(Step::Become(letters))
    }

    pub(crate) fn act(self, behaviour: Behaviour, letters: usize) -> Self {
        self.then(Step::Act { behaviour, letters, attempts: 0 })
    }

    pub(crate) fn act_once(self, behaviour: Behaviour, letters: usize) -> Self {
        self.then(Step::Act { behaviour, letters, attempts: 1 })
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl FailedActivity {
    fn of(error: &ActivityExecutionError) -> Self {
        let failure = error.cause().map(|cause| cause.failure().clone()).unwrap_or_default();
        let (kind, non_retryable) = match failure.failure_info {
            Some(FailureInfo::ApplicationFailureInfo(info)) => (info.r#type, info.non_retryable),
            _ => (String::new(), false),
        };
        Self { message: failure.message, kind, non_retryable }
    }
}
