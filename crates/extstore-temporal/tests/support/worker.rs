//! Runs a worker beside a test.

use std::time::Duration;

use temporalio_client::Client;
use temporalio_sdk::{Runtime, Worker, WorkerOptions, WorkerRunError};
use tokio::task::JoinHandle;

use super::eventually::PATIENCE;

/// Sets how long a task waits on the sticky queue of a worker that is gone, where a test replaces workers.
pub(crate) const QUICK_TAKEOVER: Duration = Duration::from_secs(1);

/// Runs a worker until it is stopped or dropped.
pub(crate) struct RunningWorker {
    shutdown: Box<dyn Fn()>,
    task: JoinHandle<Result<(), WorkerRunError>>,
    _runtime: Runtime,
}

impl RunningWorker {
    /// Starts a worker on this thread: workers are not `Send`.
    pub(super) fn start(client: Client, options: WorkerOptions) -> Self {
        let runtime = Runtime::from_current_tokio(Default::default()).unwrap();
        let mut worker = Worker::new(&runtime, client, options).unwrap();
        let shutdown = Box::new(worker.shutdown_handle());
        let task = tokio::task::spawn_local(async move { worker.run().await });
        Self { shutdown, task, _runtime: runtime }
    }

    /// Tells the worker to stop.
    pub(crate) fn shut_down(&self) {
        (self.shutdown)();
    }

    /// Waits until a worker that was told to stop has stopped. Panics where it ended with an error.
    pub(crate) async fn stopped(mut self, within: Duration) {
        let stopped = tokio::time::timeout(within, &mut self.task).await;
        stopped.unwrap_or_else(|_| panic!("the worker did not stop within {within:?}")).unwrap().unwrap();
    }

    /// Stops the worker and waits until it has stopped.
    pub(crate) async fn stop(self) {
        self.shut_down();
        self.stopped(PATIENCE).await;
    }

    /// Aborts the worker, as the end of its process would: nothing of it goes on.
    pub(crate) async fn abort(mut self) {
        self.task.abort();
        // The worker was dropped when its task has ended.
        let _ = (&mut self.task).await;
    }

    /// Returns the outcome of a worker that has ended by itself, which it should not.
    pub(crate) async fn ended(&mut self) -> Option<String> {
        if !self.task.is_finished() {
            return None;
        }
        Some(format!("{:?}", (&mut self.task).await))
    }
}

impl Drop for RunningWorker {
    /// A test that failed leaves its worker behind.
    fn drop(&mut self) {
        (self.shutdown)();
        self.task.abort();
    }
}
