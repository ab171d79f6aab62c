//! Defines the one activity of all tests.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use crate::cut_link::CutLink;
use crate::secrets::letters;

/// The activities, which may cut a link to the store.
#[derive(Default)]
pub struct Activities {
    link: Option<CutLink>,
}

/// An activity's input: a text to carry, and the size of the text that comes back.
#[derive(Serialize, Deserialize)]
pub struct Order {
    pub text: String,
    pub letters: usize,
    pub behaviour: Behaviour,
}

/// Says what an activity does beside making a text.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum Behaviour {
    /// Nothing.
    Plain,
    /// Cuts the link to the store in its first attempt, so that the result cannot be stored.
    CutFirst,
    /// Sends a heartbeat of this many letters and waits until it is cancelled.
    Heartbeat(usize),
    /// The same with the link cut, in its first attempt only.
    CutAndHeartbeat(usize),
}

impl Activities {
    /// Makes activities that can cut a link.
    pub(crate) fn with_link(link: &CutLink) -> Self {
        Self { link: Some(link.clone()) }
    }
}

#[activities]
impl Activities {
    #[activity]
    pub async fn act(self: Arc<Self>, ctx: ActivityContext, order: Order) -> Result<String, ActivityError> {
        match (order.behaviour, &self.link) {
            (Behaviour::CutFirst, Some(link)) if ctx.info().attempt == 1 => link.cut().await,
            (Behaviour::Heartbeat(size), _) => return beat(&ctx, size).await,
            (Behaviour::CutAndHeartbeat(size), Some(link)) if ctx.info().attempt == 1 => {
                link.cut().await;
                return beat(&ctx, size).await;
            }
            _ => {}
        }
        Ok(letters("result", order.letters))
    }
}

/// Sends details and waits until the server's answer cancels the activity.
async fn beat(ctx: &ActivityContext, size: usize) -> Result<String, ActivityError> {
    ctx.record_heartbeat(letters("heartbeat", size)).await?;
    ctx.cancelled().await;
    Err(ActivityError::cancelled())
}
