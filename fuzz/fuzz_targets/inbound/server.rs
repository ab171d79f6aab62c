//! Makes a server that answers one call with what the fuzzer composed, and counts the bytes of all calls.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use extstore::async_trait;
use extstore_gateway::{Answer, Call, Status, Upstream};

/// Answers the first call as it is told, and all others, which are the gateway's own, without a field.
pub(crate) struct Server {
    answer: Mutex<Option<Result<Answer, Status>>>,
    received: AtomicU64,
}

impl Server {
    pub(crate) fn new(answer: Result<Answer, Status>) -> Self {
        Self { answer: Mutex::new(Some(answer)), received: AtomicU64::new(0) }
    }

    /// Returns the bytes of all calls.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Upstream for Server {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        self.received.fetch_add(call.body.len() as u64, Ordering::Relaxed);
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        answer.unwrap_or_else(|| Ok(Answer::new(call.headers, Bytes::new())))
    }
}
