//! The one activity of all scenarios.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use crate::line::Line;
use crate::secrets::letters;

/// Who carries activities out.
#[derive(Default)]
pub struct Crew {
    line: Option<Line>,
}

/// An activity's input: a text to carry, and the size of the text that comes back.
#[derive(Serialize, Deserialize)]
pub struct Order {
    pub text: String,
    pub letters: usize,
    pub way: Way,
}

/// What an activity does beside making a text.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum Way {
    /// Nothing.
    Plain,
    /// Cuts the line to the store in its first attempt, so that the result cannot be stored.
    CutFirst,
    /// Sends a heartbeat of this many letters and waits until it is cancelled.
    Heartbeat(usize),
    /// The same with the line cut, in its first attempt only.
    CutAndHeartbeat(usize),
}

impl Crew {
    /// A crew that can cut a line.
    pub(crate) fn with_line(line: &Line) -> Self {
        Self { line: Some(line.clone()) }
    }
}

#[activities]
impl Crew {
    #[activity]
    pub async fn act(self: Arc<Self>, ctx: ActivityContext, order: Order) -> Result<String, ActivityError> {
        match (order.way, &self.line) {
            (Way::CutFirst, Some(line)) if ctx.info().attempt == 1 => line.cut().await,
            (Way::Heartbeat(size), _) => return beat(&ctx, size).await,
            (Way::CutAndHeartbeat(size), Some(line)) if ctx.info().attempt == 1 => {
                line.cut().await;
                return beat(&ctx, size).await;
            }
            _ => {}
        }
        Ok(letters("result", order.letters))
    }
}

/// Sends details and waits for the end that the server's answer brings.
async fn beat(ctx: &ActivityContext, size: usize) -> Result<String, ActivityError> {
    ctx.record_heartbeat(letters("heartbeat", size)).await?;
    ctx.cancelled().await;
    Err(ActivityError::cancelled())
}
