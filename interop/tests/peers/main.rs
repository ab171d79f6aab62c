//! Replays the histories of an interop run with the workflows of its peer in Rust.
//!
//! `cargo xtask interop --histories DIRECTORY` runs it. A missing directory is an error, not a pass. As with the golden
//! vectors, every payload must resolve to the bytes of the object that it names, and each workflow must return what
//! its history records. Histories of Rust's own worker are replayed too.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use extstore_interop::{codec, listen, workflows};
use extstore_temporal::Mount;
use extstore_testkit::live::{Live, NotRun, Test};
use serde_json::Value;
use temporalio_client::WorkflowHistory;
use temporalio_common::data_converters::{DataConverter, DefaultFailureConverter, PayloadConverter};
use temporalio_sdk::WorkflowContextView;
use temporalio_sdk::workflow_interceptors::{
    ExecuteWorkflowInput, ExecuteWorkflowResult, WorkflowInterceptor, WorkflowInterceptorConstructor,
    WorkflowInterceptorContext, WorkflowInterceptorFuture, WorkflowNext,
};
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use support::recorded::{Reader, Recorded};
use support::resolved;

/// Names the directory of `cargo xtask interop --histories`.
const DIRECTORY: &str = "EXTSTORE_REPLAY_HISTORIES";

/// Counts what was replayed of one SDK.
#[derive(Clone, Copy, Debug, Default)]
#[allow(dead_code, reason = "its Debug is what is printed")]
struct Tally {
    histories: usize,
    /// The number of workflows that returned a value, which their twins returned too.
    results: usize,
    /// The number of payloads that resolved to an object.
    references: usize,
}

/// Holds what the twin returned.
type Returned = Arc<Mutex<Option<String>>>;

fn main() -> ExitCode {
    let missing = format!("{DIRECTORY} is not set; `cargo xtask interop --histories DIRECTORY` sets it");
    let directory = std::env::var_os(DIRECTORY).map(PathBuf::from).ok_or_else(|| NotRun::failure(missing));
    let tests = [Test::new("the_peer_in_rust_replays_what_the_other_peers_did", replay_all)];
    Live::new().run(directory, |directory, _| directory.clone(), tests)
}

/// Replays every history and returns the counts per SDK. Nothing compared with one of the other SDKs is a failure.
async fn replay_all(directory: PathBuf) -> String {
    let reader = Reader::new();
    let mut replayed = BTreeMap::<String, Tally>::new();
    for file in histories(&directory) {
        let recorded = reader.interop(&file).await;
        let (kind, sdk) = resolved::origin(&recorded.history);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let result = replay(&recorded, &name).await;
        let result = result.unwrap_or_else(|reason| panic!("{name}, {kind} of {sdk}: {reason}"));
        let tally = replayed.entry(sdk).or_default();
        tally.histories += 1;
        tally.results += usize::from(result.is_some());
        tally.references += recorded.references.values().sum::<usize>();
    }
    for sdk in ["temporal-python", "temporal-go", "temporal-typescript"] {
        let Tally { results, references, .. } = replayed.get(sdk).copied().unwrap_or_default();
        assert!(results > 0 && references > 0, "nothing was compared with {sdk}: {replayed:?}");
    }
    format!("replayed histories: {replayed:?}")
}

fn histories(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// Replays one history and returns the twin's result, which is the recorded one.
async fn replay(recorded: &Recorded, name: &str) -> Result<Option<Value>, String> {
    let user = if name.starts_with("xor-") { xor() } else { DataConverter::default() };
    let mounted = Mount::new(recorded.storage()).data_converter(user.clone());
    let history = resolved::history(recorded, &mounted, &user).await;
    let returned = Returned::default();
    let replayer = WorkflowReplayer::new(options(mounted, &returned)).map_err(|error| error.to_string())?;
    let replayed = replayer.replay_workflow(WorkflowHistory::from(recorded.history.clone())).await;
    replayed.map_err(|error| error.to_string())?;
    let returned = returned.lock().unwrap().take().map(Value::from);
    match resolved::result(&history) {
        expected if expected == returned => Ok(returned),
        _ => Err("the twin returned something else than the history records".to_owned()),
    }
}

fn options(converter: DataConverter, returned: &Returned) -> WorkflowReplayerOptions {
    let returned = Arc::clone(returned);
    let witness = move |_: &WorkflowContextView| Witness(Arc::clone(&returned));
    WorkflowReplayerOptions::new()
        .data_converter(converter)
        .workflow_interceptor(WorkflowInterceptorConstructor::new(witness))
        .register_workflow::<workflows::TakeInput>()
        .and_then(|options| options.register_workflow::<workflows::GiveResult>())
        .and_then(|options| options.register_workflow::<workflows::CallTake>())
        .and_then(|options| options.register_workflow::<workflows::CallGive>())
        .and_then(|options| options.register_workflow::<workflows::CallFail>())
        .and_then(|options| options.register_workflow::<workflows::Fail>())
        .and_then(|options| options.register_workflow::<workflows::ShowMemo>())
        .and_then(|options| options.register_workflow::<listen::Listen>())
        .unwrap()
        .build()
}

fn xor() -> DataConverter {
    DataConverter::new(PayloadConverter::default(), DefaultFailureConverter::default(), codec::XorCodec)
}

/// Keeps what a workflow returns: a replay does not compare it.
struct Witness(Returned);

impl WorkflowInterceptor for Witness {
    fn execute<'a>(
        &'a self,
        _: WorkflowInterceptorContext,
        input: ExecuteWorkflowInput,
        next: WorkflowNext<'a, ExecuteWorkflowInput, WorkflowInterceptorFuture<'a, ExecuteWorkflowResult>>,
    ) -> WorkflowInterceptorFuture<'a, ExecuteWorkflowResult> {
        WorkflowInterceptorFuture::new(async move {
            let output = next.run(input).await?;
            *self.0.lock().unwrap() = output.downcast_ref::<String>().cloned();
            Ok(output)
        })
    }
}
