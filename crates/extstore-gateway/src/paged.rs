//! Sends a workflow task's completion in the pages that the gateway has cut it into.

use std::time::Duration;

use async_trait::async_trait;
use extstore_wire::Rpc;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::exchange::Exchange;
use crate::{Answer, Call, FailedTask, Status, Upstream, peek};

/// Bounds the number of pages that are sent at the same time, as SDKs do.
const AT_ONCE: usize = 3;
/// Lists the pauses before the gateway sends all pages again, because the server lost those that it had. The task's
/// time-out ends what lasts longer; then the SDK gets the status and sends its completion again.
const PAUSES: [Duration; 7] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(5),
];
/// These constants name the fields `google.rpc.Status.details` and `Any.type_url`.
const DETAILS: u32 = 3;
const TYPE_URL: [u32; 1] = [1];
const BUFFER_LOST: &str = "temporal.api.errordetails.v1.WorkflowTaskCompletionBufferLostFailure";

/// Sends the pages before a completion, and then the completion. All other calls pass.
pub(crate) struct Paged {
    /// The completion's own exchange: each page gets what is left of the caller's time when it is sent.
    exchange: Exchange,
    /// The intermediate pages.
    pages: Vec<Call>,
}

impl Paged {
    pub(crate) fn new(exchange: Exchange, pages: Vec<Call>) -> Self {
        Self { exchange, pages }
    }

    /// Sends the final page when the server has all others. The first error stops the others.
    async fn send_all(&self, last: Call) -> Result<Answer, Status> {
        let pages: Vec<_> = self.pages.iter().map(|page| self.exchange.send(page.clone())).collect();
        stream::iter(pages).buffer_unordered(AT_ONCE).try_for_each(|_| async { Ok(()) }).await?;
        self.exchange.send(last).await
    }
}

#[async_trait]
impl Upstream for Paged {
    fn server(&self) -> &str {
        self.exchange.upstream.server()
    }

    fn note_failed(&self, task: &FailedTask<'_>) {
        self.exchange.upstream.note_failed(task);
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        if call.method != Rpc::RespondWorkflowTaskCompleted.method() {
            return self.exchange.upstream.send(call).await;
        }
        let mut pauses = PAUSES.iter();
        loop {
            let outcome = self.send_all(call.clone()).await;
            match (&outcome, pauses.next()) {
                #[expect(clippy::disallowed_methods, reason = "the pause before all pages are sent again")]
                (Err(status), Some(pause)) if is_buffer_lost(status) => tokio::time::sleep(*pause).await,
                _ => return outcome,
            }
        }
    }
}

/// Says whether the server lost the pages that it had, so that all of them must be sent again.
fn is_buffer_lost(status: &Status) -> bool {
    let is_it = |detail: &[u8]| peek::text(detail, &TYPE_URL).rsplit('/').next() == Some(BUFFER_LOST);
    peek::all(&status.details, DETAILS).any(is_it)
}
