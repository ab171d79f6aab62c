//! Gives each test names of its own on the servers, and makes its clients, workers and workflows.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use extstore_temporal::Mount;
use temporalio_client::{Client, WorkflowStartOptions};
use temporalio_sdk::WorkerOptions;

use crate::activities::Activities;
use crate::run::Run;
use crate::servers::Servers;
use crate::spy::Spy;
use crate::support::fixture::Fixture as TemporalFixture;
use crate::support::worker::{QUICK_TAKEOVER, RunningWorker};
use crate::workflow::{Script, ScriptedWorkflow};

/// Sets the time-out of workflow tasks where attempts that no worker reports are waited for: longer than the drivers
/// try.
const SHORT_TASK_TIMEOUT: Duration = Duration::from_secs(4);

/// Holds one test's share of the servers.
#[derive(Clone)]
pub(crate) struct Fixture {
    temporal: TemporalFixture,
    servers: Servers,
    /// The ids of the workflows that the test has started, whose histories show what the server lost.
    started: Rc<RefCell<Vec<String>>>,
}

impl Fixture {
    pub(crate) fn new(name: &str, servers: &Servers) -> Self {
        // A spy reads messages as they are.
        let temporal =
            TemporalFixture::new(&format!("faults-{name}"), &servers.temporal).without_compression();
        Self { temporal, servers: servers.clone(), started: Rc::default() }
    }

    /// Returns a fixture with names of its own, on the same servers.
    pub(crate) fn again(&self, time: usize) -> Self {
        let temporal = TemporalFixture::with_id(format!("{}-{time}", self.id()), self.temporal.temporal());
        let started = Rc::default();
        Self { temporal: temporal.without_compression(), servers: self.servers.clone(), started }
    }

    /// Returns the ids of the workflows that were started through this fixture and its copies.
    pub(crate) fn started(&self) -> Vec<String> {
        self.started.borrow().clone()
    }

    /// Sets a short time-out for workflow tasks: attempts that no worker reports end by it.
    pub(crate) fn with_short_tasks(self) -> Self {
        Self { temporal: self.temporal.with_task_timeout(SHORT_TASK_TIMEOUT), ..self }
    }

    /// Returns the same fixture with a spy before its Temporal server.
    pub(crate) fn spied_on(&self, spy: &Spy) -> Self {
        Self { temporal: self.temporal.clone().with_temporal(spy.url()), ..self.clone() }
    }

    /// Returns the name of the task queue, which is also the id of the first workflow.
    pub(crate) fn id(&self) -> &str {
        self.temporal.id()
    }

    pub(crate) fn servers(&self) -> &Servers {
        &self.servers
    }

    /// Connects through a mount.
    pub(crate) async fn client(&self, mount: &Mount) -> Client {
        self.temporal.client(mount).await
    }

    /// Connects without a mount: the client sees what the server holds.
    pub(crate) async fn plain_client(&self) -> Client {
        self.temporal.plain_client().await
    }

    /// Starts a worker over a mount.
    pub(crate) async fn worker(&self, mount: &Mount) -> RunningWorker {
        self.worker_with(mount, Activities::default()).await
    }

    /// Starts a worker whose activities can cut a link.
    pub(crate) async fn worker_with(&self, mount: &Mount, activities: Activities) -> RunningWorker {
        let options = WorkerOptions::new(self.id())
            .sticky_queue_schedule_to_start_timeout(QUICK_TAKEOVER)
            .register_workflow::<ScriptedWorkflow>()
            .unwrap()
            .register_activities(activities)
            .build();
        self.temporal.start_worker(&self.client(mount).await, options)
    }

    /// Starts the test's workflow through a mount.
    pub(crate) async fn start(&self, mount: &Mount, script: Script) -> Run {
        self.start_as(self.id(), mount, script).await
    }

    /// Starts one of several workflows.
    pub(crate) async fn start_as(&self, id: &str, mount: &Mount, script: Script) -> Run {
        let client = self.client(mount).await;
        self.started.borrow_mut().push(id.to_owned());
        client.start_workflow(ScriptedWorkflow::run, script, self.start_options_of(id)).await.unwrap();
        Run::new(client, self.plain_client().await, id)
    }

    /// Returns the options that start the test's workflow.
    pub(crate) fn start_options(&self) -> WorkflowStartOptions {
        self.temporal.start_options()
    }

    /// Returns the options that start one of several workflows.
    pub(crate) fn start_options_of(&self, id: &str) -> WorkflowStartOptions {
        self.temporal.start_options_of(id)
    }
}
