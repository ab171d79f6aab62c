//! Tests that payloads are stored under the keys of the specification's table of targets.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::time::Duration;

use temporalio_client::{
    Client, WorkflowExecuteUpdateOptions, WorkflowHandle, WorkflowQueryOptions, WorkflowStartOptions,
};
use temporalio_common::MemoValues;
use temporalio_common::protos::temporal::api::common::v1::{Header, Payload};
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{
    ChildWorkflowOptions, ContinueAsNewOptions, LocalActivityOptions, SignalWorkflowOptions, WorkflowContext,
    WorkflowResult,
};

use crate::activities::Activities;
use crate::memory_store::MemoryStore;
use crate::support::fixture::{Fixture, result};
use crate::text::{LARGE, tag_of, text};
use crate::workers;
use crate::workflows::{Listen, quick};

/// Returns another text than it was given.
#[workflow]
#[derive(Default)]
pub struct Child;

#[workflow_methods]
impl Child {
    #[run]
    pub async fn run(_: &mut WorkflowContext<Self>, given: String) -> WorkflowResult<String> {
        Ok(text("child-result", given.len()))
    }
}

/// Moves a large payload through every kind of command, continues as new, and returns.
#[workflow]
#[derive(Default)]
pub struct Family;

#[workflow_methods]
impl Family {
    #[run]
    pub async fn run(ctx: &mut WorkflowContext<Self>, input: (bool, String)) -> WorkflowResult<String> {
        let note: String = ctx.memo().get("note")?.unwrap_or_default();
        let (again, given) = input;
        if again {
            let seen = [&given, &note].map(|text| tag_of(text).0);
            return Ok(text(&format!("final:{}", seen.join("+")), LARGE));
        }
        let local = LocalActivityOptions::builder().start_to_close_timeout(Duration::from_secs(30)).build();
        let order = |tag: &str| (text(&format!("{tag}-input"), LARGE), format!("{tag}-result"));
        ctx.execute_local_activity(Activities::swap, order("local"), local).await?;
        ctx.execute_activity(Activities::swap, order("activity"), quick()).await?;
        let id = ctx.workflow_id().to_owned();
        let child = ChildWorkflowOptions::workflow_id(format!("{id}-child"));
        ctx.start_child_workflow(Child::run, text("child-input", LARGE), child).await?.result().await?;
        ctx.upsert_memo([("more", Some(temporalio_common::MemoValue::new(text("upserted", LARGE))))])?;
        let other = ctx.external_workflow(format!("{id}-other"), None);
        other.signal(Listen::told, text("signal", LARGE), SignalWorkflowOptions::default()).await?;
        let mut memo = MemoValues::new();
        memo.insert("note", text("next-note", LARGE));
        let options = ContinueAsNewOptions::builder().memo(memo).build();
        ctx.continue_as_new((true, text("next-input", LARGE)), options)?;
        Ok(String::new())
    }
}

/// Holds the names of the specification's table, with what stands for them in a key.
struct Places {
    id: String,
    /// The run ids of the first and of the second run of the family, and of the listener.
    runs: [String; 3],
}

pub(crate) async fn of_every_target(fixture: Fixture) -> String {
    let store = MemoryStore::default();
    let mount = store.mount();
    let client = fixture.client(&mount).await;
    let worker = workers::start(&fixture, &mount).await;
    let id = fixture.id().to_owned();

    let mut options = fixture.start_options();
    options.workflow_id.push_str("-other");
    let other = client.start_workflow(Listen::run, 2, options).await.unwrap();
    let input = (false, text("input", LARGE));
    let first =
        client.start_workflow(Family::run, input, with_large_fields(fixture.start_options())).await.unwrap();
    assert_eq!(tag_of(&result(&first).await), ("final:next-input+next-note", LARGE));
    query_and_update(client.get_workflow_handle::<Listen>(format!("{id}-other"))).await;
    assert_eq!(result(&other).await.len(), 2);
    worker.stop().await;

    let second = fixture.history().await.run_id();
    let run = |handle: Option<&str>| handle.unwrap_or_default().to_owned();
    let places = Places { id, runs: [run(first.run_id()), second, run(other.run_id())] };
    assert_ne!(places.runs[0], places.runs[1]);
    let expected = places.expected();
    for (tag, places) in &expected {
        assert_eq!(&store.places_of(tag), places, "{tag}");
    }
    format!("{} kinds of payload under the keys of their targets", expected.len())
}

/// Adds a memo, a header and details, each of them large.
fn with_large_fields(mut options: WorkflowStartOptions) -> WorkflowStartOptions {
    let mut memo = MemoValues::new();
    memo.insert("note", text("note", LARGE));
    options.memo = Some(memo);
    let header = Payload { data: text("header", LARGE).into_bytes(), ..Payload::default() };
    options.header = Some(Header { fields: [("trace".to_owned(), header)].into() });
    options.static_details = Some(text("details", LARGE));
    options
}

/// Sends a query and an update, with large arguments and answers.
async fn query_and_update(other: WorkflowHandle<Client, Listen>) {
    let answer =
        other.query(Listen::ask, "answer".to_owned(), WorkflowQueryOptions::default()).await.unwrap();
    assert_eq!(tag_of(&answer), ("answer", LARGE));
    let order = (text("update", LARGE), "changed".to_owned());
    let changed = other.execute_update(Listen::change, order, WorkflowExecuteUpdateOptions::default()).await;
    assert_eq!(tag_of(&changed.unwrap()), ("changed", LARGE));
}

impl Places {
    /// Lists the keys of each payload by the text that it begins with: `W(…)` of the table.
    fn expected(&self) -> Vec<(&'static str, Vec<String>)> {
        let [first, second, other] = self.runs.each_ref().map(String::as_str);
        let family = |run| self.place("Family", "", run);
        let of_listener = |kind, run| self.place(kind, "-other", run);
        // The client sends an update's argument, and the worker that accepts the update sends it again.
        let update = vec![of_listener("Listen", other), of_listener("null", "null")];
        let once = [
            // Whoever starts a workflow does not know its run.
            ("\"input", family("null")),
            ("\"note", family("null")),
            ("header", family("null")),
            ("\"details", family("null")),
            ("\"local-result", family(first)),
            ("activity-input", family(first)),
            ("\"activity-result", family(first)),
            ("\"child-input", self.place("Child", "-child", "null")),
            // A child knows the run of its parent and not its type.
            ("\"child-result", self.place("null", "", first)),
            ("\"upserted", family(first)),
            ("\"signal", of_listener("null", "null")),
            ("\"next-input", family("null")),
            ("\"next-note", family("null")),
            ("\"final:", family(second)),
            ("\"answer", of_listener("Listen", other)),
            ("\"changed", of_listener("Listen", other)),
        ];
        let once = once.into_iter().map(|(tag, place)| (tag, vec![place]));
        once.chain([("\"update", update)]).collect()
    }

    fn place(&self, workflow: &str, suffix: &str, run: &str) -> String {
        format!("v0/ns/default/wt/{workflow}/wi/{}{suffix}/ri/{run}", self.id)
    }
}
