//! Tells of references that stay in a response.

use extstore::{Error, Event};

use crate::exchange::Exchange;

/// Counts the references of a response that stay, by reason.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// The data converter resolves them when a workflow asks for them.
    pub(super) replayed: usize,
    /// The response has no room for their payloads.
    pub(super) no_room: usize,
    failed: usize,
    first: Option<Error>,
}

impl Left {
    /// Counts a reference whose payload could not be restored.
    pub(super) fn add_failed(&mut self, error: &Error) {
        self.failed += 1;
        self.first.get_or_insert_with(|| error.clone());
    }

    /// Logs and counts what stays, once for a response.
    pub(super) fn tell(&self, exchange: &Exchange) {
        let rpc = exchange.rpc.method();
        let counts = [("replayed", self.replayed), ("message_cap", self.no_room), ("failed", self.failed)];
        for (reason, references) in counts.into_iter().filter(|(_, references)| *references > 0) {
            exchange.observe(&Event::left(reason, references));
        }
        if self.no_room > 0 {
            let references = self.no_room;
            tracing::info!(
                rpc,
                references,
                "references stay: a response has no room for their payloads, see `with_message_cap`"
            );
        }
        if let Some(error) = &self.first {
            tracing::warn!(
                rpc,
                references = self.failed,
                "references stay, because they cannot be restored: {error}"
            );
            exchange.observe(&Event::failed("request", error.kind(), false));
        }
    }
}
