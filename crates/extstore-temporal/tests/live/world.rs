//! One test's storage, mount, client and worker.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use extstore::object::Cache;
use extstore::{Event, ExternalStorage, ExternalStorageBuilder};
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use futures_util::FutureExt as _;
use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, WorkflowStartOptions};
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::{Runtime, Worker, WorkerOptions};

use crate::activities::Work;
use crate::harness::Server;
use crate::workflows::{Beats, Chain, Delegates, Fails, Moves, Remembers, Talks};

/// What storage did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) stored: AtomicU64,
    pub(crate) stored_bytes: AtomicU64,
    pub(crate) reads: AtomicU64,
}

/// Everything that one test needs; the objects go with it.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) storage: ExternalStorage,
    pub(crate) mount: Mount,
    pub(crate) client: Client,
    pub(crate) counts: Arc<Counts>,
    pub(crate) queue: String,
    _directory: tempfile::TempDir,
}

impl World {
    /// A mount with the defaults over a disk driver with a cache.
    pub(crate) async fn new(server: Server) -> Self {
        Self::with(server, |storage| storage, DataConverter::default()).await
    }

    /// The same with a storage of the test's and a data converter of the test's.
    pub(crate) async fn with(
        server: Server,
        configure: impl FnOnce(ExternalStorageBuilder) -> ExternalStorageBuilder,
        converter: DataConverter,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let counts = Arc::new(Counts::default());
        let options = DiskOptions::new(directory.path().join("payloads")).with_cache(Cache::new(64 << 20));
        let driver = DiskDriver::new(options).unwrap();
        let storage = ExternalStorage::builder()
            .with_driver(Arc::new(driver))
            .with_observer(Arc::clone(&counts).observer());
        let storage = configure(storage).build().unwrap();
        let mount = Mount::new(storage.clone());
        let converter = mount.data_converter(converter);
        let client = client(&server, |options| mount.connection(options).unwrap(), converter).await;
        let queue = format!("live-{:016x}", fastrand::u64(..));
        Self { server, storage, mount, client, counts, queue, _directory: directory }
    }

    /// Options to start a workflow on this world's queue, under an id of its own.
    pub(crate) fn start(&self, name: &str) -> WorkflowStartOptions {
        WorkflowStartOptions::new(&self.queue, format!("{name}-{}", self.queue)).build()
    }

    /// Runs `body` beside a worker.
    pub(crate) async fn run<T>(&self, body: impl Future<Output = T>) -> T {
        self.run_with(|options| options, body).await
    }

    /// Runs `body` beside a worker with options of the test's.
    pub(crate) async fn run_with<T>(
        &self,
        configure: impl FnOnce(WorkerOptions) -> WorkerOptions,
        body: impl Future<Output = T>,
    ) -> T {
        run_worker(self.client.clone(), configure(worker_options(&self.queue)), body).await
    }

    /// A client without a mount: it sees what Temporal holds.
    pub(crate) async fn plain_client(&self) -> Client {
        client(&self.server, |options| options, DataConverter::default()).await
    }
}

/// A client whose connection options pass through `mount`.
pub(crate) async fn client(
    server: &Server,
    mount: impl FnOnce(ConnectionOptions) -> ConnectionOptions,
    converter: DataConverter,
) -> Client {
    let options = ConnectionOptions::new(server.address.clone()).identity("extstore-live").build();
    let connection = Connection::connect(mount(options)).await.unwrap();
    Client::new(connection, ClientOptions::new("default").data_converter(converter).build()).unwrap()
}

/// A worker's options with every workflow and activity of the tests.
pub(crate) fn worker_options(queue: &str) -> WorkerOptions {
    WorkerOptions::new(queue)
        .register_workflow::<Moves>()
        .and_then(|options| options.register_workflow::<Chain>())
        .and_then(|options| options.register_workflow::<Talks>())
        .and_then(|options| options.register_workflow::<Delegates>())
        .and_then(|options| options.register_workflow::<Remembers>())
        .and_then(|options| options.register_workflow::<Fails>())
        .and_then(|options| options.register_workflow::<Beats>())
        .unwrap()
        .register_activities(Work)
        .build()
}

/// Runs `body` beside a worker and stops the worker, whatever becomes of the body.
pub(crate) async fn run_worker<T>(
    client: Client,
    options: WorkerOptions,
    body: impl Future<Output = T>,
) -> T {
    let runtime = Runtime::from_current_tokio(Default::default()).unwrap();
    let mut worker = Worker::new(&runtime, client, options).unwrap();
    let shutdown = worker.shutdown_handle();
    let body = async {
        let outcome = AssertUnwindSafe(body).catch_unwind().await;
        shutdown();
        outcome
    };
    let (ran, outcome) = futures_util::join!(worker.run(), body);
    let outcome = outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    ran.unwrap();
    outcome
}

impl Counts {
    fn observer(self: Arc<Self>) -> impl extstore::Observer {
        move |event: &Event<'_>| match event {
            Event::Batch { operation: "store", payloads, bytes, error: None, .. } => {
                self.stored.fetch_add(*payloads as u64, Ordering::Relaxed);
                self.stored_bytes.fetch_add(*bytes, Ordering::Relaxed);
            }
            Event::Request { request: "open", .. } => drop(self.reads.fetch_add(1, Ordering::Relaxed)),
            _ => {}
        }
    }

    pub(crate) fn of(count: &AtomicU64) -> u64 {
        count.load(Ordering::Relaxed)
    }
}
