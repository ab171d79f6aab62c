//! Starts a workflow of `document` and waits for its result, both above Temporal's limit of 2 MB.
//!
//! `cargo run -p extstore-temporal --example client`, beside a running `--example worker`.

mod document;

use std::sync::Arc;

use extstore::ExternalStorage;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use temporalio_client::{
    Client, ClientOptions, Connection, ConnectionOptions, Url, WorkflowGetResultOptions, WorkflowStartOptions,
};
use temporalio_common::data_converters::DataConverter;

use document::{Illustrate, TASK_QUEUE};

#[tokio::main]
#[allow(clippy::print_stdout)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = std::env::var("TEMPORAL_SERVER").unwrap_or("http://localhost:7233".to_owned());
    let connection = ConnectionOptions::new(Url::parse(&server)?).build();
    let converter = DataConverter::default();
    let driver = DiskDriver::new(DiskOptions::new(std::env::temp_dir().join("payloads")))?;
    let mount = Mount::new(ExternalStorage::new(Arc::new(driver))?);
    let connection = mount.connection(connection)?;
    let converter = mount.data_converter(converter);

    let connection = Connection::connect(connection).await?;
    let options = ClientOptions::new("default").data_converter(converter).build();
    let client = Client::new(connection, options)?;

    let document = vec![b'.'; 5 << 20];
    let id = format!("document-{}", std::process::id());
    let options = WorkflowStartOptions::new(TASK_QUEUE, id).build();
    let handle = client.start_workflow(Illustrate::run, document.clone(), options).await?;
    let illustrated = handle.get_result(WorkflowGetResultOptions::default()).await?;

    assert_eq!(illustrated.len(), 2 * document.len());
    println!("{} bytes went in and {} came out", document.len(), illustrated.len());
    let history = handle.describe(Default::default()).await?;
    let info = history.raw().workflow_execution_info.clone().unwrap_or_default();
    println!("the history holds {} bytes in {} events", info.history_size_bytes, info.history_length);
    Ok(())
}
