//! Gives a test a storage in a directory, a mount over it and a client through the mount.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use extstore::object::Cache;
use extstore::{Event, ExternalStorage};
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use futures_util::FutureExt as _;
use temporalio_client::Client;
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::WorkerOptions;

use crate::activities::Work;
use crate::support::fixture::Fixture;
use crate::support::history::History;
use crate::workflows::{Beats, Chain, Delegates, Fails, Moves, Remembers, Schedules, Talks};

/// Counts what the storage did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    stored: AtomicU64,
    stored_bytes: AtomicU64,
    reads: AtomicU64,
}

/// Holds a fixture with External Storage, and removes the objects at its end.
pub(crate) struct Mounted {
    pub(crate) fixture: Fixture,
    pub(crate) storage: ExternalStorage,
    pub(crate) mount: Mount,
    pub(crate) client: Client,
    pub(crate) counts: Arc<Counts>,
    _directory: tempfile::TempDir,
}

impl Mounted {
    /// Makes a mount with the defaults over a disk driver with a cache.
    pub(crate) async fn new(fixture: Fixture) -> Self {
        Self::with_converter(fixture, DataConverter::default()).await
    }

    /// Makes the same with a data converter of the test's.
    pub(crate) async fn with_converter(fixture: Fixture, converter: DataConverter) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let counts = Arc::new(Counts::default());
        let options = DiskOptions::new(directory.path().join("payloads")).with_cache(Cache::new(64 << 20));
        let driver = DiskDriver::new(options).unwrap();
        let storage = ExternalStorage::builder()
            .with_driver(Arc::new(driver))
            .with_observer(Arc::clone(&counts).observer());
        let storage = storage.build().unwrap();
        let mount = Mount::new(storage.clone());
        let client = fixture.client_with(&mount, mount.data_converter(converter)).await;
        Self { fixture, storage, mount, client, counts, _directory: directory }
    }

    /// Runs `body` beside a worker.
    pub(crate) async fn run<T>(&self, body: impl Future<Output = T>) -> T {
        self.run_with(|options| options, body).await
    }

    /// Runs `body` beside a worker with options that the test changes, and stops the worker, also where `body` panics.
    pub(crate) async fn run_with<T>(
        &self,
        change: impl FnOnce(WorkerOptions) -> WorkerOptions,
        body: impl Future<Output = T>,
    ) -> T {
        let worker = self.fixture.start_worker(&self.client, change(worker_options(self.fixture.id())));
        let outcome = AssertUnwindSafe(body).catch_unwind().await;
        worker.stop().await;
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Reads the history of the test's workflow with its payloads restored.
    pub(crate) async fn restored_history(&self) -> History {
        History::read(&self.client, self.fixture.id()).await
    }
}

/// Registers every workflow and activity of the tests.
pub(crate) fn worker_options(queue: &str) -> WorkerOptions {
    WorkerOptions::new(queue)
        .register_workflow::<Moves>()
        .and_then(|options| options.register_workflow::<Chain>())
        .and_then(|options| options.register_workflow::<Talks>())
        .and_then(|options| options.register_workflow::<Delegates>())
        .and_then(|options| options.register_workflow::<Remembers>())
        .and_then(|options| options.register_workflow::<Fails>())
        .and_then(|options| options.register_workflow::<Beats>())
        .and_then(|options| options.register_workflow::<Schedules>())
        .unwrap()
        .register_activities(Work)
        .build()
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

    /// Returns the number of payloads that were stored.
    pub(crate) fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// Returns the bytes of the payloads that were stored.
    pub(crate) fn stored_bytes(&self) -> u64 {
        self.stored_bytes.load(Ordering::Relaxed)
    }

    /// Returns the number of requests for an object's content.
    pub(crate) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }
}
