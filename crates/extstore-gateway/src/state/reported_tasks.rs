//! Remembers the workflow tasks whose completion failed.

use std::convert::Infallible;
use std::fmt;

use bytes::Bytes;
use quick_cache::sync::Cache;

use crate::scope::Scope;

/// Bounds the number of tasks that are remembered. A further page of a forgotten task is reported again; the server
/// refuses that report, because the task is over.
const TASKS: usize = 4096;

/// Holds the tokens of workflow tasks that failed while their completion was sent. A completion may come in pages,
/// several of them at the same time, and each may fail; Temporal is told once, and metrics count the task once.
pub(crate) struct ReportedTasks(Cache<Bytes, ()>);

impl ReportedTasks {
    /// Adds a task. Returns whether it is new.
    pub(crate) fn add(&self, scope: &Scope, task_token: &[u8]) -> bool {
        let mut is_new = false;
        let Some(key) = scope.key(task_token) else { return true };
        let added = self.0.get_or_insert_with(&key, || {
            is_new = true;
            Ok::<(), Infallible>(())
        });
        added.is_ok() && is_new
    }
}

impl Default for ReportedTasks {
    fn default() -> Self {
        Self(Cache::new(TASKS))
    }
}

impl fmt::Debug for ReportedTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReportedTasks({} tasks)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_new_once() {
        let (tasks, scope) = (ReportedTasks::default(), Scope::new("server", "orders"));
        assert!(tasks.add(&scope, b"token"));
        assert!(!tasks.add(&scope, b"token"));
        assert!(tasks.add(&scope, b"other"));
        assert!(tasks.add(&Scope::new("server", "billing"), b"token"));
    }

    /// A caller chooses the token. The number of tasks bounds the memory only if each is bounded.
    #[test]
    fn a_token_that_is_longer_than_any_real_one_is_not_kept() {
        let (tasks, token) = (ReportedTasks::default(), vec![b'x'; 1 << 20]);
        assert!(tasks.add(&Scope::new("server", "orders"), &token));
        assert!(tasks.add(&Scope::new("server", "x".repeat(1 << 20).as_str()), b"token"));
        assert_eq!(tasks.0.len(), 0);
    }
}
