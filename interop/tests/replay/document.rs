//! Defines the Rust twin of `DocumentFlow`, which `conformance/vectors/README.md` describes.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use temporalio_common::RetryPolicy;
use temporalio_common::data_converters::{MultiArgs3, RawValue};
use temporalio_common::error::{ApplicationFailure, IncomingError};
use temporalio_macros::{activities, workflow, workflow_methods};
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use temporalio_sdk::{
    ActivityOptions, ChildWorkflowOptions, SyncWorkflowContext, WorkflowContext, WorkflowResult,
};

/// Holds what a twin saw, once it has ended.
pub(crate) type Witness = Arc<Mutex<Option<Seen>>>;

/// Holds the values that only a resolved history can have shown to the twin.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) result: Value,
    pub(crate) memo: BTreeMap<String, Value>,
    /// The details of the failure that the workflow caught.
    pub(crate) details: Value,
}

pub struct Documents;

#[activities]
impl Documents {
    #[activity(name = "small")]
    pub async fn small(_: ActivityContext, n: i64) -> Result<i64, ActivityError> {
        Ok(n + 1)
    }

    #[activity(name = "enrich")]
    pub async fn enrich(_: ActivityContext, mut document: Value) -> Result<Value, ActivityError> {
        let body: String = document["body"].as_str().unwrap_or_default().chars().rev().collect();
        document["body"] = body.into();
        Ok(document)
    }

    #[activity(name = "blob")]
    pub async fn blob(_: ActivityContext, mut raw: RawValue) -> Result<RawValue, ActivityError> {
        raw.payloads.iter_mut().for_each(|payload| payload.data.reverse());
        Ok(raw)
    }

    #[activity(name = "always-fails")]
    pub async fn always_fails(_: ActivityContext, why: String) -> Result<(), ActivityError> {
        Err(ApplicationFailure::non_retryable(std::io::Error::other(why)).into())
    }
}

#[workflow]
#[derive(Default)]
pub struct ChildFlow;

#[workflow_methods]
impl ChildFlow {
    #[run]
    pub async fn run(_: &mut WorkflowContext<Self>, text: String) -> WorkflowResult<String> {
        Ok(text.to_uppercase())
    }
}

#[workflow]
pub struct DocumentFlow {
    witness: Witness,
    notes: Vec<String>,
}

impl DocumentFlow {
    pub(crate) fn seen_by(witness: Witness) -> Self {
        Self { witness, notes: Vec::new() }
    }
}

#[workflow_methods(factory_only)]
impl DocumentFlow {
    #[run]
    pub async fn run(
        ctx: &mut WorkflowContext<Self>,
        input: MultiArgs3<Value, RawValue, i64>,
    ) -> WorkflowResult<Value> {
        let MultiArgs3(document, raw, n) = input;
        let n = ctx.execute_activity(Documents::small, n, once()).await?;
        let document = ctx.execute_activity(Documents::enrich, document, once()).await?;
        let raw = ctx.execute_activity(Documents::blob, raw, once()).await?;
        let again = ctx.execute_activity(Documents::blob, raw, once()).await?;
        let child = ChildWorkflowOptions::workflow_id(format!("{}-child", ctx.workflow_id()));
        let body = document["body"].as_str().unwrap_or_default().to_owned();
        let child = ctx.start_child_workflow(ChildFlow::run, body, child).await?.result().await?;
        ctx.wait_condition(|flow| flow.notes.len() >= 2).await?;
        let notes = ctx.state(|flow| flow.notes.clone());
        let failed = ctx.execute_activity(Documents::always_fails, notes[0].clone(), once()).await;
        let details = match failed.as_ref().err().and_then(|error| error.cause()) {
            Some(IncomingError::Application(failure)) => failure.details::<Value>()?.unwrap_or_default(),
            _ => Value::Null,
        };
        ctx.timer(Duration::from_millis(50)).await;
        let result = json!({ "n": n, "child": child, "notes": notes, "size": length(&again) });
        let memo = ctx.memo();
        let memo = memo.keys().map(|key| Ok((key.to_owned(), memo.get(key)?.unwrap_or_default())));
        let memo = memo.collect::<Result<_, temporalio_common::data_converters::PayloadConversionError>>()?;
        let seen = Seen { result: result.clone(), memo, details };
        ctx.state(|flow| *flow.witness.lock().unwrap() = Some(seen));
        Ok(result)
    }

    #[signal]
    pub fn note(&mut self, _: &mut SyncWorkflowContext<Self>, text: String) {
        self.notes.push(text);
    }

    #[update]
    pub fn revise(&mut self, _: &mut SyncWorkflowContext<Self>, text: String) -> String {
        self.notes.push(text.clone());
        text + "!"
    }
}

/// Counts the bytes of a value that is not converted.
fn length(value: &RawValue) -> usize {
    value.payloads.iter().map(|payload| payload.data.len()).sum()
}

/// Allows one attempt of at most 30 seconds.
fn once() -> ActivityOptions {
    let retries = RetryPolicy::builder().maximum_attempts(1).build();
    ActivityOptions::with_start_to_close_timeout(Duration::from_secs(30)).retry_policy(retries).build()
}
