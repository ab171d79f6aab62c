//! Remembers the storage work for a workflow task: the work that restored it, and the work for the pages of its
//! completion, until the final page.

use std::convert::Infallible;
use std::fmt;
use std::ops::Add;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use quick_cache::sync::Cache;

use crate::scope::Scope;

/// Bounds the number of tasks that are remembered. The storage work of a forgotten task is missing from a log line.
const TASKS: usize = 8192;

/// Measures the storage work for one message, or for several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// The time from the first request to the end of the last; overlapping requests count once.
    pub(crate) elapsed: Duration,
    /// The number of payloads that were stored or retrieved.
    pub(crate) payloads: usize,
    /// Their encoded bytes together.
    pub(crate) bytes: u64,
}

/// Measures the storage work for one workflow task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// The work that restored the task.
    pub(crate) restored: Spent,
    /// The work for the pages of its completion.
    pub(crate) stored: Spent,
}

/// Holds the storage work for workflow tasks that are not completed, by scope and task token.
pub(crate) struct SlowTasks(Cache<Bytes, Arc<Mutex<Work>>>);

impl SlowTasks {
    /// Adds the storage work that restored a task.
    pub(crate) fn add_restored(&self, scope: &Scope, task_token: &[u8], spent: Spent) {
        self.add(scope, task_token, spent, |work| &mut work.restored);
    }

    /// Adds the storage work for one page of a task's completion.
    pub(crate) fn add_stored(&self, scope: &Scope, task_token: &[u8], spent: Spent) {
        self.add(scope, task_token, spent, |work| &mut work.stored);
    }

    /// Forgets a task that is completed, and returns the storage work for it.
    pub(crate) fn finish(&self, scope: &Scope, task_token: &[u8]) -> Work {
        let removed = scope.key(task_token).and_then(|key| self.0.remove(&key));
        removed.map(|(_, work)| *work.lock().unwrap_or_else(PoisonError::into_inner)).unwrap_or_default()
    }

    fn add(
        &self,
        scope: &Scope,
        task_token: &[u8],
        spent: Spent,
        part: impl FnOnce(&mut Work) -> &mut Spent,
    ) {
        let Some(key) = scope.key(task_token).filter(|_| spent.payloads > 0) else { return };
        let Ok(work) = self.0.get_or_insert_with(&key, || Ok::<_, Infallible>(Arc::default()));
        let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
        let part = part(&mut work);
        *part = *part + spent;
    }
}

/// Adds work that was done one after another. Pages overlap, so their sum may be above the time that passed.
impl Add for Spent {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            elapsed: self.elapsed + other.elapsed,
            payloads: self.payloads + other.payloads,
            bytes: self.bytes + other.bytes,
        }
    }
}

impl Default for SlowTasks {
    fn default() -> Self {
        Self(Cache::new(TASKS))
    }
}

impl fmt::Debug for SlowTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlowTasks({} tasks)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_task_is_forgotten() {
        let (tasks, scope) = (SlowTasks::default(), Scope::new("server", "orders"));
        tasks.add_restored(&scope, b"token", Spent { payloads: 1, ..Spent::default() });
        assert_eq!(tasks.0.len(), 1);
        assert_eq!(tasks.finish(&Scope::new("server", "billing"), b"token"), Work::default());
        assert_eq!(tasks.finish(&scope, b"token").restored.payloads, 1);
        assert_eq!(tasks.0.len(), 0);
        assert_eq!(tasks.finish(&scope, b"token"), Work::default());
    }

    #[test]
    fn the_pages_of_a_completion_are_added() {
        let (tasks, scope) = (SlowTasks::default(), Scope::new("server", "orders"));
        tasks.add_restored(&scope, b"token", Spent { payloads: 1, ..Spent::default() });
        for bytes in [10, 20] {
            tasks.add_stored(&scope, b"token", Spent { payloads: 2, bytes, elapsed: Duration::from_secs(1) });
        }
        let stored = Spent { payloads: 4, bytes: 30, elapsed: Duration::from_secs(2) };
        assert_eq!(
            tasks.finish(&scope, b"token"),
            Work { restored: Spent { payloads: 1, ..Spent::default() }, stored }
        );
    }

    #[test]
    fn a_token_that_is_longer_than_any_real_one_is_not_kept() {
        let (tasks, scope) = (SlowTasks::default(), Scope::new("server", "orders"));
        tasks.add_stored(&scope, &vec![b'x'; 1 << 20], Spent { payloads: 1, ..Spent::default() });
        assert_eq!(tasks.0.len(), 0);
    }
}
