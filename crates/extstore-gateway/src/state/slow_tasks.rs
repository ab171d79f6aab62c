//! Remembers the storage work that restored a workflow task, until the task's completion adds its own.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use quick_cache::sync::Cache;

/// The number of tasks that are remembered. The storage work of a forgotten task is missing from a log line.
const TASKS: usize = 8192;

/// Storage work for one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// The time from the first request to the end of the last; overlapping requests count once.
    pub(crate) elapsed: Duration,
    /// The number of payloads that were stored or retrieved.
    pub(crate) payloads: usize,
    /// Their encoded bytes together.
    pub(crate) bytes: u64,
}

/// The storage work that restored workflow tasks, by task token.
pub(crate) struct SlowTasks(Cache<Bytes, Spent>);

impl SlowTasks {
    /// Adds the storage work that restored a task.
    pub(crate) fn add_restored(&self, task_token: &[u8], spent: Spent) {
        if spent.payloads > 0 {
            self.0.insert(Bytes::copy_from_slice(task_token), spent);
        }
    }

    /// Forgets a task that is completed, and returns the storage work that restored it.
    pub(crate) fn finish(&self, task_token: &[u8]) -> Spent {
        self.0.remove(task_token).map(|(_, spent)| spent).unwrap_or_default()
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
        let tasks = SlowTasks::default();
        tasks.add_restored(b"token", Spent { payloads: 1, ..Spent::default() });
        assert_eq!(tasks.0.len(), 1);
        assert_eq!(tasks.finish(b"token").payloads, 1);
        assert_eq!(tasks.0.len(), 0);
        assert_eq!(tasks.finish(b"token"), Spent::default());
    }
}
