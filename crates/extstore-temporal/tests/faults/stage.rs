//! One scenario's share of the servers: names of its own, clients, workers, workflows.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use extstore_temporal::Mount;
use futures_util::FutureExt as _;
use temporalio_client::{
    Client, ClientOptions, Connection, ConnectionOptions, GrpcCompression, WorkflowGetResultOptions,
    WorkflowHandle, WorkflowSignalOptions, WorkflowStartOptions, WorkflowTerminateOptions,
};
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::{Runtime, Worker, WorkerOptions, WorkerRunError};
use tokio::task::JoinHandle;

use crate::crew::Crew;
use crate::eventually::{PATIENCE, eventually};
use crate::journal::Journal;
use crate::play::{Ending, Play, Script};
use crate::servers::Servers;
use crate::spy::Spy;

/// A workflow task's time-out, Temporal's own default: a busy machine must not end an attempt.
const TASK_TIMEOUT: Duration = Duration::from_secs(10);
/// The same where attempts that nobody reports are waited for: longer than the drivers' patience.
const SHORT_TASK_TIMEOUT: Duration = Duration::from_secs(4);

/// What a scenario is given.
#[derive(Clone)]
pub(crate) struct Stage {
    id: String,
    servers: Servers,
    runtime: Rc<Runtime>,
    task_timeout: Duration,
}

/// A worker that runs until it is stopped or dropped.
pub(crate) struct Working {
    shutdown: Box<dyn Fn()>,
    task: JoinHandle<Result<(), WorkerRunError>>,
}

/// A workflow that was started, seen by its client and by one without a mount.
pub(crate) struct Run {
    pub(crate) handle: WorkflowHandle<Client, Play>,
    pub(crate) plain: Client,
    id: String,
}

impl Stage {
    pub(crate) fn new(name: &str, servers: Servers, runtime: Rc<Runtime>) -> Self {
        let id = format!("faults-{name}-{:08x}", fastrand::u32(..));
        Self { id, servers, runtime, task_timeout: TASK_TIMEOUT }
    }

    /// With a short time-out for workflow tasks: attempts that nobody reports end by it.
    pub(crate) fn with_short_tasks(self) -> Self {
        Self { task_timeout: SHORT_TASK_TIMEOUT, ..self }
    }

    /// The same stage with a spy before its Temporal server.
    pub(crate) fn spied_on(&self, spy: &Spy) -> Self {
        let mut stage = self.clone();
        stage.servers.temporal = spy.url();
        stage
    }

    /// The task queue, and the id of the first workflow.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn servers(&self) -> &Servers {
        &self.servers
    }

    /// A client over a mount.
    pub(crate) async fn client(&self, mount: &Mount) -> Client {
        let options = mount.connection(self.connection()).unwrap();
        let connection = Connection::connect(options).await.unwrap();
        let converter = mount.data_converter(DataConverter::default());
        Client::new(connection, ClientOptions::new("default").data_converter(converter).build()).unwrap()
    }

    /// A client that knows nothing of External Storage: it sees what the server has.
    pub(crate) async fn plain(&self) -> Client {
        let connection = Connection::connect(self.connection()).await.unwrap();
        Client::new(connection, ClientOptions::new("default").build()).unwrap()
    }

    fn connection(&self) -> ConnectionOptions {
        let options = ConnectionOptions::new(self.servers.temporal.clone());
        // A spy reads messages as they are.
        options.grpc_compression(GrpcCompression::None).build()
    }

    /// A worker over a mount.
    pub(crate) async fn worker(&self, mount: &Mount) -> Working {
        self.worker_with(mount, Crew::default()).await
    }

    /// The same with a crew that does something to the line.
    pub(crate) async fn worker_with(&self, mount: &Mount, crew: Crew) -> Working {
        let options = WorkerOptions::new(self.id())
            // A task that waits for a worker that is gone goes to the next one after this.
            .sticky_queue_schedule_to_start_timeout(Duration::from_secs(1))
            .register_workflow::<Play>()
            .unwrap()
            .register_activities(crew)
            .build();
        let mut worker = Worker::new(&self.runtime, self.client(mount).await, options).unwrap();
        let shutdown = Box::new(worker.shutdown_handle());
        Working { shutdown, task: tokio::task::spawn_local(async move { worker.run().await }) }
    }

    /// Starts the scenario's workflow through a mount.
    pub(crate) async fn start(&self, mount: &Mount, script: Script) -> Run {
        self.start_as(self.id(), mount, script).await
    }

    /// The same for one of several workflows.
    pub(crate) async fn start_as(&self, id: &str, mount: &Mount, script: Script) -> Run {
        let client = self.client(mount).await;
        client.start_workflow(Play::run, script, self.options(id)).await.unwrap();
        Run::new(client, self.plain().await, id)
    }

    /// How workflows are started, for those that start one otherwise.
    pub(crate) fn options(&self, id: &str) -> WorkflowStartOptions {
        WorkflowStartOptions::new(self.id(), id).task_timeout(self.task_timeout).build()
    }
}

impl Run {
    /// A workflow that was started already.
    pub(crate) fn new(client: Client, plain: Client, id: &str) -> Self {
        Self { handle: client.get_workflow_handle::<Play>(id), plain, id: id.to_owned() }
    }

    /// Lets the workflow go on after a `Wait`.
    pub(crate) async fn go(&self) {
        self.handle.signal(Play::go, String::new(), WorkflowSignalOptions::default()).await.unwrap();
    }

    /// Waits for the workflow's result.
    pub(crate) async fn ending(&self) -> Ending {
        let ending = self.handle.get_result(WorkflowGetResultOptions::default());
        tokio::time::timeout(PATIENCE, ending).await.expect("the workflow did not complete in time").unwrap()
    }

    /// What the server has written down by now.
    pub(crate) async fn journal(&self) -> Journal {
        Journal::read(&self.plain, &self.id).await
    }

    /// Waits until the journal has what is asked for.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Journal) -> bool) -> Journal {
        let asked = eventually(what, async || Some(self.journal().await).filter(&holds));
        match AssertUnwindSafe(asked).catch_unwind().await {
            Ok(journal) => journal,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                panic!("{text}; the history is {}", self.journal().await.summary())
            }
        }
    }

    /// Waits until the workflow waits for the signal after this many, with nothing under way.
    pub(crate) async fn until_it_waits(&self) -> Journal {
        self.until("the workflow waits for a signal", Journal::is_waiting).await
    }

    /// Ends a workflow that cannot end by itself.
    pub(crate) async fn terminate(&self) {
        let handle = self.plain.get_workflow_handle::<Play>(&self.id);
        handle.terminate(WorkflowTerminateOptions::default()).await.unwrap();
    }
}

impl Working {
    /// What the worker ended with, if it has ended by itself: it should not have.
    pub(crate) async fn end(&mut self) -> Option<String> {
        if !self.task.is_finished() {
            return None;
        }
        Some(format!("{:?}", (&mut self.task).await))
    }

    /// Stops the worker and waits until it has stopped.
    pub(crate) async fn stop(mut self) {
        (self.shutdown)();
        (&mut self.task).await.unwrap().unwrap();
    }
}

impl Drop for Working {
    /// A scenario that failed leaves its worker behind.
    fn drop(&mut self) {
        (self.shutdown)();
        self.task.abort();
    }
}
