//! Runs the peer of the interop run in the Rust SDK: a worker, and a client that carries out commands, one line of JSON
//! each.
//!
//! See `README.md` beside the manifest for the command line and the commands.
#![allow(clippy::print_stdout)] // Answers go to standard output.

mod commands;
mod options;
mod storage;
mod versions;

use std::error::Error;
use std::sync::Arc;

use extstore_interop::{activities, codec, listen, workflows};
use extstore_temporal::Mount;
use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, Url};
use temporalio_common::data_converters::{DataConverter, DefaultFailureConverter, PayloadConverter};
use temporalio_sdk::{Runtime, Worker, WorkerOptions};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::task::JoinSet;

use commands::Command;
use options::Options;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse()?;
    if options.make_bucket {
        storage::client(&options.s3)?.create_bucket().bucket(&options.bucket).send().await?;
        return Ok(());
    }
    if !options.fetch.is_empty() {
        let client = storage::client(&options.s3)?;
        return storage::fetch(&client, &options.bucket, &options.fetch, &options.into).await;
    }
    let runtime = Runtime::from_current_tokio(Default::default())?;
    let client = connect(&options).await?;
    let mut worker = Worker::new(&runtime, client.clone(), worker_options(&options)?)?;
    let shut_down = worker.shutdown_handle();
    let client_side = async {
        say(&serde_json::json!({"ready": true, "versions": versions::all()}));
        let ended = carry_out_all(&client).await;
        shut_down();
        ended
    };
    let (worked, ended) = tokio::join!(worker.run(), client_side);
    worked?;
    ended.map_err(|error| -> Box<dyn Error> { error })
}

async fn connect(options: &Options) -> Result<Client, Box<dyn Error>> {
    let mount = Mount::new(storage::external_storage(&options.s3, &options.bucket)?);
    let address = Url::parse(&format!("http://{}", options.address))?;
    let connection = Connection::connect(mount.connection(ConnectionOptions::new(address).build())?).await?;
    let converter = mount.data_converter(data_converter(&options.codec));
    let options = ClientOptions::new(&options.namespace).data_converter(converter).build();
    Ok(Client::new(connection, options)?)
}

fn data_converter(codec: &str) -> DataConverter {
    match codec {
        "xor" => DataConverter::new(
            PayloadConverter::default(),
            DefaultFailureConverter::default(),
            codec::XorCodec,
        ),
        _ => DataConverter::default(),
    }
}

fn worker_options(options: &Options) -> Result<WorkerOptions, Box<dyn Error>> {
    Ok(WorkerOptions::new(&options.task_queue)
        .register_workflow::<workflows::TakeInput>()?
        .register_workflow::<workflows::GiveResult>()?
        .register_workflow::<workflows::CallTake>()?
        .register_workflow::<workflows::CallGive>()?
        .register_workflow::<workflows::CallFail>()?
        .register_workflow::<workflows::Fail>()?
        .register_workflow::<workflows::ShowMemo>()?
        .register_workflow::<listen::Listen>()?
        .register_activities(activities::Activities)
        .build())
}

/// Carries out the commands on standard input, each in a task of its own, until it ends.
async fn carry_out_all(client: &Client) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut running = JoinSet::new();
    while let Some(line) = lines.next_line().await? {
        let command: Command = serde_json::from_str(&line)?;
        let client = Arc::new(client.clone());
        running.spawn(async move {
            say(&match commands::carry_out(&client, &command).await {
                Ok(done) => serde_json::json!({"id": command.id, "ok": done}),
                Err(error) => serde_json::json!({"id": command.id, "error": with_sources(error.as_ref())}),
            });
        });
    }
    while running.join_next().await.is_some() {}
    Ok(())
}

/// Writes an error and its sources in one line: the SDK's own line often says little.
fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn say(answer: &serde_json::Value) {
    println!("{answer}");
}
