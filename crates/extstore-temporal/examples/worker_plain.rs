//! Runs a worker of the Temporal Rust SDK without External Storage; `worker.rs` is the same with it.
//!
//! `cargo run -p extstore-temporal --example worker_plain`, beside a server on `localhost:7233`.

mod document;

use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, Url};
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::{Runtime, Worker, WorkerOptions};

use document::{Illustrate, Pictures, TASK_QUEUE};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::from_current_tokio(Default::default())?;
    let server = std::env::var("TEMPORAL_SERVER").unwrap_or("http://localhost:7233".to_owned());
    let connection = ConnectionOptions::new(Url::parse(&server)?).build();
    let converter = DataConverter::default();

    let connection = Connection::connect(connection).await?;
    let options = ClientOptions::new("default").data_converter(converter).build();
    let client = Client::new(connection, options)?;

    let options = WorkerOptions::new(TASK_QUEUE)
        .register_workflow::<Illustrate>()?
        .register_activities(Pictures)
        .build();
    let mut worker = Worker::new(&runtime, client, options)?;
    let shutdown = worker.shutdown_handle();
    tokio::spawn(async move {
        // A worker that cannot be told to stop stops all the same when it is killed.
        if tokio::signal::ctrl_c().await.is_ok() {
            shutdown();
        }
    });
    Ok(worker.run().await?)
}
