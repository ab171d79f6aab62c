//! Remembers the queries of a workflow task that failed, until the task's completion answers them.

use std::fmt;

use bytes::Bytes;
use quick_cache::sync::Cache;

use crate::scope::Scope;

/// Bounds the number of tasks that are remembered. The least used are forgotten, and their queries run into their
/// time-out.
const TASKS: usize = 4096;

/// Holds the queries in workflow tasks whose arguments could not be restored, by scope and task token.
///
/// The gateway removes such a query from the task, so the worker does not answer it. When the task's completion passes,
/// the gateway adds the failed answers that are kept here.
pub(crate) struct FailedQueries(Cache<Bytes, Vec<FailedQuery>>);

/// Holds one query and the text of its failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedQuery {
    /// Its key in `PollWorkflowTaskQueueResponse.queries`, and in the completion's `query_results`.
    pub(crate) id: String,
    /// The text for the caller of the query. It is fit to leave the process.
    pub(crate) text: String,
}

impl FailedQueries {
    /// Remembers the failed queries of a task.
    pub(crate) fn keep(&self, scope: &Scope, task_token: &[u8], queries: Vec<FailedQuery>) {
        if let Some(key) = scope.key(task_token).filter(|_| !queries.is_empty()) {
            self.0.insert(key, queries);
        }
    }

    /// Returns the failed queries of a task. They stay, because an SDK may send a completion again.
    pub(crate) fn find(&self, scope: &Scope, task_token: &[u8]) -> Vec<FailedQuery> {
        scope.key(task_token).and_then(|key| self.0.get(&key)).unwrap_or_default()
    }
}

impl Default for FailedQueries {
    fn default() -> Self {
        Self(Cache::new(TASKS))
    }
}

impl fmt::Debug for FailedQueries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FailedQueries({} tasks)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_queries_are_found_as_often_as_a_completion_is_sent() {
        let (queries, scope) = (FailedQueries::default(), Scope::new("server", "orders"));
        let failed = vec![FailedQuery { id: "q-1".into(), text: "no".into() }];
        queries.keep(&scope, b"token", failed.clone());
        queries.keep(&scope, b"other", Vec::new());
        assert_eq!(queries.find(&scope, b"token"), failed);
        assert_eq!(queries.find(&scope, b"token"), failed);
        assert_eq!(queries.find(&scope, b"other"), []);
        assert_eq!(queries.find(&Scope::new("server", "billing"), b"token"), []);
        assert_eq!(queries.find(&Scope::new("another", "orders"), b"token"), []);
    }

    #[test]
    fn a_token_that_is_longer_than_any_real_one_is_not_kept() {
        let queries = FailedQueries::default();
        let failed = vec![FailedQuery { id: "q-1".into(), text: "no".into() }];
        queries.keep(&Scope::new("server", "orders"), &vec![b'x'; 1 << 20], failed);
        assert_eq!(queries.0.len(), 0);
    }
}
