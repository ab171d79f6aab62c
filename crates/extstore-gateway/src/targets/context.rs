//! Holds the facts that both tables read beside the command or request that decides.

use std::sync::Arc;

use extstore::{ExecutionTarget, Target};

use crate::identity::Task;

/// Holds the namespace and the task of the request around a payload.
pub(super) struct RequestContext {
    /// The namespace of the request.
    pub(super) namespace: String,
    /// The task that the request's token stands for.
    pub(super) task: Option<Arc<Task>>,
    /// Where the token is unknown, the execution that the server routes the request to.
    pub(super) resource: Option<Target>,
}

impl RequestContext {
    /// Returns the workflow that the request's task belongs to.
    pub(super) fn workflow(&self) -> Option<&ExecutionTarget> {
        match self.reader()? {
            Target::Workflow(workflow) => Some(workflow),
            _ => None,
        }
    }

    /// Returns the target of the request's task.
    pub(super) fn task_target(&self) -> Option<Target> {
        self.reader().cloned()
    }

    fn reader(&self) -> Option<&Target> {
        self.task.as_ref().map_or(self.resource.as_ref(), |task| task.target.as_ref())
    }
}
