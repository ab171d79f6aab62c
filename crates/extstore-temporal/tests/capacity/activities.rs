//! Defines the activities of all tests.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::sync::Arc;
use std::time::Duration;

use temporalio_common::data_converters::RawValue;
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use tokio::sync::Notify;

use crate::blob::Blob;
use crate::text::text;

/// Implements the activities. Clones share the signals.
#[derive(Clone, Default)]
pub struct Activities {
    /// Says that an activity has begun.
    pub(crate) begun: Arc<Notify>,
    /// Lets an activity of `hold` end.
    pub(crate) go: Arc<Notify>,
}

#[activities]
impl Activities {
    /// Hands bytes on with their number raised by one.
    #[activity]
    pub async fn count(_: ActivityContext, blob: Blob) -> Result<Blob, ActivityError> {
        Ok(Blob::numbered(blob.number() + 1, blob.0.len()))
    }

    /// Takes a text and returns one of the same length with another tag.
    #[activity]
    pub async fn swap(_: ActivityContext, order: (String, String)) -> Result<String, ActivityError> {
        let (taken, tag) = order;
        Ok(text(&tag, taken.len()))
    }

    /// Returns what it was given.
    #[activity]
    pub async fn echo(_: ActivityContext, text: String) -> Result<String, ActivityError> {
        Ok(text)
    }

    /// Returns the length of the data that it was given.
    #[activity]
    pub async fn measure(_: ActivityContext, input: RawValue) -> Result<usize, ActivityError> {
        Ok(input.payloads.iter().map(|payload| payload.data.len()).sum())
    }

    /// Ends when the test says so.
    #[activity]
    pub async fn hold(
        self: Arc<Self>,
        _: ActivityContext,
        order: (String, usize),
    ) -> Result<String, ActivityError> {
        self.begun.notify_one();
        self.go.notified().await;
        Ok(text(&order.0, order.1))
    }

    /// Sends heartbeats until it is cancelled, and returns a text all the same.
    #[activity]
    pub async fn outlive(
        self: Arc<Self>,
        ctx: ActivityContext,
        order: (String, usize),
    ) -> Result<String, ActivityError> {
        self.until_cancelled(&ctx, &order).await?;
        Ok(text(&order.0, order.1))
    }

    /// Sends heartbeats until it is cancelled, and says so with a text.
    #[activity]
    pub async fn give_in(
        self: Arc<Self>,
        ctx: ActivityContext,
        order: (String, usize),
    ) -> Result<String, ActivityError> {
        self.until_cancelled(&ctx, &order).await?;
        Err(ActivityError::cancelled_with_details(text(&order.0, order.1)))
    }
}

impl Activities {
    async fn until_cancelled(
        &self,
        ctx: &ActivityContext,
        order: &(String, usize),
    ) -> Result<(), ActivityError> {
        self.begun.notify_one();
        while !ctx.is_cancelled() {
            ctx.record_heartbeat(text(&format!("beat-{}", order.0), order.1)).await?;
            // The server tells of a cancellation in the answer to a heartbeat.
            let _ = tokio::time::timeout(Duration::from_millis(100), ctx.cancelled()).await;
        }
        Ok(())
    }
}
