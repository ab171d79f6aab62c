//! Remembers the sizes of the pages of a completion, because the namespace limits all of them together.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use quick_cache::sync::Cache;

use crate::scope::Scope;

/// Bounds the number of tasks that are remembered. For a forgotten one the server checks the sum.
const TASKS: usize = 4096;

/// Bounds the number of the pages of one completion, as the server does.
const PAGES: u64 = 1024;

/// Holds the bytes of commands in each intermediate page of a completion that is being sent, by scope, token and number
/// of the page.
pub(crate) struct CompletionSizes(Cache<Bytes, Arc<Mutex<BTreeMap<u64, u64>>>>);

impl CompletionSizes {
    /// Adds an intermediate page, or changes its size, and returns the bytes of all others. An SDK may send pages again.
    pub(crate) fn add(&self, scope: &Scope, task_token: &[u8], page_number: u64, bytes: u64) -> u64 {
        let Some(key) = scope.key(task_token) else { return 0 };
        let Ok(pages) = self.0.get_or_insert_with(&key, || Ok::<_, Infallible>(Arc::default()));
        let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        if page_number < PAGES {
            pages.insert(page_number, bytes);
        }
        pages.iter().filter(|(number, _)| **number != page_number).map(|(_, bytes)| bytes).sum()
    }
}

impl Default for CompletionSizes {
    fn default() -> Self {
        Self(Cache::new(TASKS))
    }
}

impl fmt::Debug for CompletionSizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompletionSizes({} tasks)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_sent_again_counts_once() {
        let (sizes, scope) = (CompletionSizes::default(), Scope::new("server", "orders"));
        assert_eq!(sizes.add(&scope, b"token", 0, 10), 0);
        assert_eq!(sizes.add(&scope, b"token", 1, 20), 10);
        assert_eq!(sizes.add(&scope, b"token", 0, 15), 20);
        assert_eq!(sizes.add(&scope, b"token", 1, 20), 15);
        assert_eq!(sizes.add(&Scope::new("server", "billing"), b"token", 1, 20), 0);
    }

    /// A caller chooses the token and the number.
    #[test]
    fn no_more_is_kept_than_a_server_takes() {
        let (sizes, scope) = (CompletionSizes::default(), Scope::new("server", "orders"));
        sizes.add(&scope, &vec![b'x'; 1 << 20], 0, 10);
        assert_eq!(sizes.0.len(), 0);
        for page in 0..5000 {
            sizes.add(&scope, b"token", page, 1);
        }
        assert_eq!(sizes.add(&scope, b"token", u64::MAX, 1), 1024, "the pages that the server takes");
    }
}
