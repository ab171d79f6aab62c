//! One scenario's share of the server: names of its own, clients, workers, workflows.

use std::time::Duration;

use extstore_temporal::Mount;
use temporalio_client::{
    Client, ClientOptions, Connection, ConnectionOptions, Url, WorkflowGetResultOptions, WorkflowHandle,
    WorkflowStartOptions,
};
use temporalio_common::HasWorkflowDefinition;
use temporalio_common::data_converters::DataConverter;
use temporalio_sdk::{Runtime, Worker, WorkerOptions, WorkerRunError};
use tokio::task::JoinHandle;

use crate::crew::Crew;
use crate::eventually::PATIENCE;
use crate::flows;
use crate::journal::Journal;

/// Attempts of a workflow task that nobody reports end by it.
const TASK_TIMEOUT: Duration = Duration::from_secs(10);

/// What a scenario is given.
#[derive(Clone)]
pub(crate) struct Stage {
    id: String,
    server: Url,
}

/// A worker that runs until it is stopped or dropped.
pub(crate) struct Working {
    shutdown: Box<dyn Fn()>,
    task: JoinHandle<Result<(), WorkerRunError>>,
    _runtime: Runtime,
}

/// What a worker does.
pub(crate) enum Work {
    Everything(Crew),
    Workflows,
    Activities(Crew),
}

impl Stage {
    pub(crate) fn new(name: &str, server: Url) -> Self {
        let id = format!("capacity-{}-{:08x}", name.replace(['.', '_'], "-"), fastrand::u32(..));
        Self::of_queue(id, server)
    }

    /// The same with a name that somebody else has made.
    pub(crate) fn of_queue(id: String, server: Url) -> Self {
        Self { id, server }
    }

    /// The task queue, and the id of the first workflow.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// A client over a mount, with its data converter.
    pub(crate) async fn client(&self, mount: &Mount) -> Client {
        let converter = mount.data_converter(DataConverter::default());
        self.client_with(mount, converter).await
    }

    /// A client over a mount with any data converter.
    pub(crate) async fn client_with(&self, mount: &Mount, converter: DataConverter) -> Client {
        let options = mount.connection(ConnectionOptions::new(self.server.clone()).build()).unwrap();
        let connection = Connection::connect(options).await.unwrap();
        Client::new(connection, ClientOptions::new("default").data_converter(converter).build()).unwrap()
    }

    /// A client that knows nothing of External Storage: it sees what the server has.
    pub(crate) async fn plain(&self) -> Client {
        let options = ConnectionOptions::new(self.server.clone()).build();
        let connection = Connection::connect(options).await.unwrap();
        Client::new(connection, ClientOptions::new("default").build()).unwrap()
    }

    /// How a workflow of this scenario is started.
    pub(crate) fn options(&self) -> WorkflowStartOptions {
        WorkflowStartOptions::new(&self.id, &self.id).task_timeout(TASK_TIMEOUT).build()
    }

    /// What the server has written down of the scenario's workflow by now.
    pub(crate) async fn journal(&self) -> Journal {
        Journal::read(&self.plain().await, &self.id).await
    }

    /// A worker with workflows and activities over a mount.
    pub(crate) async fn worker(&self, mount: &Mount) -> Working {
        self.worker_for(&self.client(mount).await, Work::Everything(Crew::default()), |options| options)
    }

    /// A worker of the scenario's queue.
    pub(crate) fn worker_for(
        &self,
        client: &Client,
        work: Work,
        change: impl FnOnce(WorkerOptions) -> WorkerOptions,
    ) -> Working {
        // A task that waits for a worker that is gone goes to the next one after this.
        let options =
            WorkerOptions::new(&self.id).sticky_queue_schedule_to_start_timeout(Duration::from_secs(1));
        let options = match work {
            Work::Everything(crew) => flows::register(options).register_activities(crew).build(),
            Work::Workflows => flows::register(options).build(),
            Work::Activities(crew) => options.register_activities(crew).build(),
        };
        let runtime = Runtime::from_current_tokio(Default::default()).unwrap();
        let mut worker = Worker::new(&runtime, client.clone(), change(options)).unwrap();
        let shutdown = Box::new(worker.shutdown_handle());
        let task = tokio::task::spawn_local(async move { worker.run().await });
        Working { shutdown, task, _runtime: runtime }
    }
}

/// Waits for a workflow's result.
pub(crate) async fn result<W>(handle: &WorkflowHandle<Client, W>) -> W::Output
where
    W: HasWorkflowDefinition + 'static,
{
    let result = handle.get_result(WorkflowGetResultOptions::default());
    tokio::time::timeout(PATIENCE, result).await.expect("the workflow did not complete in time").unwrap()
}

impl Working {
    /// Tells the worker to stop.
    pub(crate) fn shut_down(&self) {
        (self.shutdown)();
    }

    /// Waits until a worker that was told so has stopped.
    pub(crate) async fn stopped(mut self, within: Duration) {
        let stopped = tokio::time::timeout(within, &mut self.task).await;
        stopped.unwrap_or_else(|_| panic!("the worker did not stop within {within:?}")).unwrap().unwrap();
    }

    /// Stops the worker and waits until it has stopped.
    pub(crate) async fn stop(self) {
        self.shut_down();
        self.stopped(PATIENCE).await;
    }

    /// Takes the worker away, as the end of its process would: nothing of it goes on.
    pub(crate) async fn vanish(mut self) {
        self.task.abort();
        // The worker was dropped when its task has ended.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Working {
    /// A scenario that failed leaves its worker behind.
    fn drop(&mut self) {
        (self.shutdown)();
        self.task.abort();
    }
}
