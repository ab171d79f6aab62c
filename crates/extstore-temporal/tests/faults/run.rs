//! Follows a workflow that was started, through its client and through one without a mount.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use temporalio_client::{Client, WorkflowHandle, WorkflowSignalOptions, WorkflowTerminateOptions};

use crate::support::eventually::eventually;
use crate::support::fixture::result;
use crate::support::history::History;
use crate::workflow::{Outcome, ScriptedWorkflow};

/// Holds a workflow that was started.
pub(crate) struct Run {
    pub(crate) handle: WorkflowHandle<Client, ScriptedWorkflow>,
    plain: Client,
    id: String,
}

impl Run {
    pub(crate) fn new(client: Client, plain: Client, id: &str) -> Self {
        Self { handle: client.get_workflow_handle::<ScriptedWorkflow>(id), plain, id: id.to_owned() }
    }

    /// Lets the workflow go on after a `Wait`.
    pub(crate) async fn go(&self) {
        let signal =
            self.handle.signal(ScriptedWorkflow::go, String::new(), WorkflowSignalOptions::default());
        signal.await.unwrap();
    }

    /// Waits for the workflow's result.
    pub(crate) async fn outcome(&self) -> Outcome {
        result(&self.handle).await
    }

    /// Reads the history as the server holds it now.
    pub(crate) async fn history(&self) -> History {
        History::read(&self.plain, &self.id).await
    }

    /// Waits until the history has what is asked for.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&History) -> bool) -> History {
        let asked = eventually(what, async || Some(self.history().await).filter(&holds));
        match AssertUnwindSafe(asked).catch_unwind().await {
            Ok(history) => history,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                panic!("{text}; the history is {}", self.history().await.summary())
            }
        }
    }

    /// Waits until the workflow waits for its next signal, with nothing under way.
    pub(crate) async fn until_it_waits(&self) -> History {
        self.until("the workflow waits for a signal", History::is_waiting).await
    }

    /// Ends a workflow that cannot end by itself.
    pub(crate) async fn terminate(&self) {
        let handle = self.plain.get_workflow_handle::<ScriptedWorkflow>(&self.id);
        handle.terminate(WorkflowTerminateOptions::default()).await.unwrap();
    }
}
