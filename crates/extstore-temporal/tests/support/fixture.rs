//! Gives each test names of its own on the shared Temporal server, and makes its clients and workers.

use std::time::Duration;

use extstore_temporal::Mount;
use temporalio_client::{
    Client, ClientOptions, Connection, ConnectionOptions, GrpcCompression, Url, WorkflowGetResultOptions,
    WorkflowHandle, WorkflowStartOptions,
};
use temporalio_common::HasWorkflowDefinition;
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::WorkerOptions;

use super::eventually::PATIENCE;
use super::history::History;
use super::worker::RunningWorker;

/// Holds one test's share of the server. Its id is the task queue and the id of the first workflow.
#[derive(Clone)]
pub(crate) struct Fixture {
    id: String,
    temporal: Url,
    task_timeout: Duration,
    compression: GrpcCompression,
}

/// Reads the address of the Temporal server.
///
/// # Errors
///
/// A sentence that says how to run the test binary with a server.
pub(crate) fn temporal_address(binary: &str) -> Result<Url, String> {
    let address = std::env::var("EXTSTORE_TEMPORAL_ADDRESS").map_err(|_| {
        format!(
            "EXTSTORE_TEMPORAL_ADDRESS is not set; `cargo xtask with temporal -- cargo test -p extstore-temporal \
             --test {binary}` starts a server"
        )
    })?;
    address.parse().map_err(|error| format!("EXTSTORE_TEMPORAL_ADDRESS: {error}"))
}

impl Fixture {
    /// Makes a fixture whose id nobody else has; it begins with `name`.
    pub(crate) fn new(name: &str, temporal: &Url) -> Self {
        Self::with_id(format!("{}-{:08x}", name.replace(['.', '_'], "-"), fastrand::u32(..)), temporal)
    }

    /// Makes a fixture with the id of another one, for another process of the same test.
    pub(crate) fn with_id(id: String, temporal: &Url) -> Self {
        // Temporal's own default for a workflow task: a busy machine must not end an attempt.
        let task_timeout = Duration::from_secs(10);
        Self { id, temporal: temporal.clone(), task_timeout, compression: GrpcCompression::default() }
    }

    /// Sets the time-out of workflow tasks: an attempt that no worker reports ends by it.
    pub(crate) fn with_task_timeout(self, task_timeout: Duration) -> Self {
        Self { task_timeout, ..self }
    }

    /// Sets the address of the server, for a proxy in front of it.
    pub(crate) fn with_temporal(self, temporal: Url) -> Self {
        Self { temporal, ..self }
    }

    /// Switches compression off, for a proxy that reads the messages.
    pub(crate) fn without_compression(self) -> Self {
        Self { compression: GrpcCompression::None, ..self }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn temporal(&self) -> &Url {
        &self.temporal
    }

    /// Connects through a mount, with its data converter.
    pub(crate) async fn client(&self, mount: &Mount) -> Client {
        let converter = mount.data_converter(DataConverter::default());
        self.client_with(mount, converter).await
    }

    /// Connects through a mount, with any data converter.
    pub(crate) async fn client_with(&self, mount: &Mount, converter: DataConverter) -> Client {
        connect(mount.connection(self.connection()).unwrap(), converter).await
    }

    /// Connects without a mount: the client sees what the server holds.
    pub(crate) async fn plain_client(&self) -> Client {
        self.plain_client_with(DataConverter::default()).await
    }

    /// Connects without a mount on the connection, with any data converter.
    pub(crate) async fn plain_client_with(&self, converter: DataConverter) -> Client {
        connect(self.connection(), converter).await
    }

    /// Returns the options of a connection without a mount.
    pub(crate) fn connection(&self) -> ConnectionOptions {
        ConnectionOptions::new(self.temporal.clone()).grpc_compression(self.compression).build()
    }

    /// Returns the options that start the test's workflow.
    pub(crate) fn start_options(&self) -> WorkflowStartOptions {
        self.start_options_of(&self.id)
    }

    /// Returns the options that start one of several workflows.
    pub(crate) fn start_options_of(&self, id: &str) -> WorkflowStartOptions {
        WorkflowStartOptions::new(&self.id, id).task_timeout(self.task_timeout).build()
    }

    /// Reads the history of the test's workflow as the server holds it.
    pub(crate) async fn history(&self) -> History {
        History::read(&self.plain_client().await, &self.id).await
    }

    /// Starts a worker, whose options name this fixture's task queue.
    pub(crate) fn start_worker(&self, client: &Client, options: WorkerOptions) -> RunningWorker {
        assert_eq!(options.task_queue, self.id, "the worker polls the task queue of its test");
        RunningWorker::start(client.clone(), options)
    }
}

/// Connects with any options.
pub(crate) async fn connect(options: ConnectionOptions, converter: DataConverter) -> Client {
    let connection = Connection::connect(options).await.unwrap();
    Client::new(connection, ClientOptions::new("default").data_converter(converter).build()).unwrap()
}

/// Waits for a workflow's result.
pub(crate) async fn result<W>(handle: &WorkflowHandle<Client, W>) -> W::Output
where
    W: HasWorkflowDefinition + 'static,
{
    let result = handle.get_result(WorkflowGetResultOptions::default());
    tokio::time::timeout(PATIENCE, result).await.expect("the workflow did not complete in time").unwrap()
}
