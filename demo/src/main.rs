//! Runs a worker with External Storage and a client that sends a workflow payloads of 1 to 50 MiB, for `cargo xtask
//! demo`.
//!
//! It needs a server's address in `EXTSTORE_TEMPORAL_ADDRESS` and two arguments: a directory for the payloads, and a
//! file for the figures. It ends with its standard input, so that it never outlives who started it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod album;
mod figures;
mod report;
mod story;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use extstore::ExternalStorage;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, Url};
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::{Runtime, Worker, WorkerOptions};

use album::{Album, Darkroom, Print};
use report::Report;

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const TASK_QUEUE: &str = "albums";
/// The demo takes seconds. Where the store or the server is broken, SDK and server would retry for longer than anybody
/// waits.
const LIMIT: Duration = Duration::from_secs(120);

#[tokio::main]
async fn main() -> ExitCode {
    end_with_standard_input();
    let ended = tokio::time::timeout(LIMIT, demo()).await;
    match ended.unwrap_or_else(|_| Err(format!("the demo did not end within {LIMIT:?}").into())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error}");
            for cause in std::iter::successors(error.source(), |error| (*error).source()) {
                eprintln!("  because of: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn demo() -> Outcome<()> {
    let usage = "usage: demo DIRECTORY FILE, with EXTSTORE_TEMPORAL_ADDRESS in the environment";
    let [payloads, file] = &std::env::args_os().skip(1).map(PathBuf::from).collect::<Vec<_>>()[..] else {
        return Err(usage.into());
    };
    let server =
        ConnectionOptions::new(Url::parse(&std::env::var("EXTSTORE_TEMPORAL_ADDRESS").map_err(|_| usage)?)?);
    let server = server.build();

    let mount = mount(payloads)?;
    let client =
        connect(mount.connection(server.clone())?, mount.data_converter(DataConverter::default())).await?;
    let runtime = Runtime::from_current_tokio(Default::default())?;
    let worker = worker(&runtime, client.clone())?;
    let finished = beside(worker, story::run(&client, TASK_QUEUE)).await?;

    let plain = connect(server, DataConverter::default()).await?;
    let report = Report::gather(&plain, &finished, payloads).await?;
    report.print(payloads);
    std::fs::write(file, report.json())?;
    report.check()
}

fn mount(payloads: &Path) -> Outcome<Mount> {
    // The book and its metadata are a little above the default of 50 MiB.
    let driver = DiskDriver::new(DiskOptions::new(payloads).with_max_payload_size(64 << 20))?;
    println!("Payloads of 256 KiB and more go to {}", payloads.display());
    Ok(Mount::new(ExternalStorage::new(Arc::new(driver))?))
}

async fn connect(connection: ConnectionOptions, converter: DataConverter) -> Outcome<Client> {
    let connection = Connection::connect(connection).await?;
    Ok(Client::new(connection, ClientOptions::new("default").data_converter(converter).build())?)
}

fn worker(runtime: &Runtime, client: Client) -> Outcome<Worker> {
    let options = WorkerOptions::new(TASK_QUEUE)
        .register_workflow::<Album>()?
        .register_workflow::<Print>()?
        .register_activities(Darkroom)
        .build();
    Ok(Worker::new(runtime, client, options)?)
}

/// Runs the worker for as long as the client needs it.
async fn beside<T>(mut worker: Worker, client: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let shutdown = worker.shutdown_handle();
    let client = async {
        let finished = client.await;
        shutdown();
        finished
    };
    let (finished, ()) = tokio::try_join!(client, async { Ok(worker.run().await?) })?;
    Ok(finished)
}

/// Ends the process with its standard input, so that it never outlives the program that started it.
fn end_with_standard_input() {
    std::thread::spawn(|| {
        // An error ends the process as the end of the input does.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
}
