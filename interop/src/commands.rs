//! Carries out what the interop run tells this peer to do as a client.

use std::error::Error;

use extstore_interop::content::{Order, content, seen};
use extstore_interop::workflows::details_seen;
use serde::Deserialize;
use temporalio_client::errors::WorkflowGetResultError;
use temporalio_client::{
    Client, UntypedQuery, UntypedSignal, UntypedUpdate, UntypedWorkflow, WorkflowHandle, WorkflowStartOptions,
};
use temporalio_common::MemoValues;
use temporalio_common::data_converters::{
    GenericPayloadConverter, PayloadConverter, RawValue, SerializationContext, SerializationContextData,
};
use temporalio_common::error::IncomingError;

/// A text of this many bytes or more is reported by its digest.
const SHORT: usize = 100;

type Answer = Result<String, Box<dyn Error + Send + Sync>>;
type Handle = WorkflowHandle<Client, UntypedWorkflow>;

/// Holds one command, which is one line of standard input.
#[derive(Debug, Deserialize)]
pub(crate) struct Command {
    pub(crate) id: u64,
    r#do: Action,
    #[serde(default)]
    name: String,
    workflow_id: String,
    #[serde(default)]
    task_queue: String,
    #[serde(default)]
    send: Argument,
    #[serde(default)]
    memo: bool,
    #[serde(default)]
    order: Order,
}

/// Names what a command asks for, in its field `do`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Start,
    Signal,
    Query,
    Update,
    Result,
    Failure,
    Memo,
}

/// Says which argument goes along with a command.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Argument {
    #[default]
    Nothing,
    Order,
    Content,
}

/// Carries out one command; a long value is reported by its digest.
pub(crate) async fn carry_out(client: &Client, command: &Command) -> Answer {
    let handle: Handle = client.get_workflow_handle(&command.workflow_id);
    let (name, argument) = (command.name.as_str(), command.argument()?);
    match command.r#do {
        Action::Start => start(client, command, argument).await,
        Action::Signal => {
            handle.signal(UntypedSignal::new(name), argument, Default::default()).await?;
            Ok(String::new())
        }
        Action::Query => report(handle.query(UntypedQuery::new(name), argument, Default::default()).await?),
        Action::Update => {
            report(handle.execute_update(UntypedUpdate::new(name), argument, Default::default()).await?)
        }
        Action::Result => report(handle.get_result(Default::default()).await?),
        Action::Failure => failure(&handle).await,
        Action::Memo => memo(&handle).await,
    }
}

async fn start(client: &Client, command: &Command, argument: RawValue) -> Answer {
    let memo = command.memo.then(|| {
        let mut memo = MemoValues::new();
        memo.insert("note", content(&command.order));
        memo
    });
    let options =
        WorkflowStartOptions::new(&command.task_queue, &command.workflow_id).maybe_memo(memo).build();
    let handle = client.start_workflow(UntypedWorkflow::new(&command.name), argument, options).await?;
    Ok(handle.run_id().unwrap_or_default().to_owned())
}

async fn failure(handle: &Handle) -> Answer {
    match handle.get_result(Default::default()).await {
        Err(WorkflowGetResultError::Failed(error)) => match *error {
            IncomingError::Application(failure) => Ok(details_seen(&failure)?),
            other => Err(format!("failed in another way: {}", other.failure().message).into()),
        },
        Err(other) => Err(other.into()),
        Ok(_) => Err("the workflow did not fail".into()),
    }
}

async fn memo(handle: &Handle) -> Answer {
    let note: Option<String> = handle.describe(Default::default()).await?.memo().get("note")?;
    Ok(seen(&note.ok_or("the memo has no such field")?))
}

impl Command {
    fn argument(&self) -> Result<RawValue, Box<dyn Error + Send + Sync>> {
        let converter = PayloadConverter::default();
        let context = SerializationContext::new(&SerializationContextData::None, &converter);
        Ok(RawValue::new(match self.send {
            Argument::Nothing => Vec::new(),
            Argument::Order => vec![converter.to_payload(&context, &self.order)?],
            Argument::Content => vec![converter.to_payload(&context, &content(&self.order))?],
        }))
    }
}

fn report(value: RawValue) -> Answer {
    let converter = PayloadConverter::default();
    let context = SerializationContext::new(&SerializationContextData::None, &converter);
    let payload = value.payloads.into_iter().next().ok_or("no value came back")?;
    let text: String = converter.from_payload(&context, payload)?;
    Ok(if text.len() < SHORT { text } else { seen(&text) })
}
