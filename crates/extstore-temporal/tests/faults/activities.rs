//! Defines the one activity of all tests.
#![allow(unreachable_pub, missing_docs)] // The SDK's macros write public items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use temporalio_macros::activities;
use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use crate::cut_link::CutLink;
use crate::observed::Observed;
use crate::secrets::letters;

/// Implements the activities, which may cut a link to the store and wait for failures.
#[derive(Default)]
pub struct Activities {
    link: Option<CutLink>,
    observed: Observed,
}

/// Holds an activity's input: a text to carry, and the size of the text that comes back.
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
    /// Sends a heartbeat of this many letters and goes on when that could not be stored.
    Heartbeat(usize),
    /// The same with the link cut.
    CutAndHeartbeat(usize),
    /// Fails with details of this many letters, so that it is tried again, in its first attempt only.
    FailFirst(usize),
}

impl Activities {
    /// Makes activities that can cut a link.
    pub(crate) fn with_link(link: &CutLink) -> Self {
        Self { link: Some(link.clone()), ..Self::default() }
    }

    /// Adds the failures that activities wait for.
    pub(crate) fn with_observed(self, observed: &Observed) -> Self {
        Self { observed: observed.clone(), ..self }
    }
}

#[activities]
impl Activities {
    #[activity]
    pub async fn act(self: Arc<Self>, ctx: ActivityContext, order: Order) -> Result<String, ActivityError> {
        match (order.behaviour, &self.link) {
            (Behaviour::CutFirst, Some(link)) if ctx.info().attempt == 1 => link.cut().await,
            (Behaviour::Heartbeat(size), _) => self.beat(&ctx, size).await?,
            (Behaviour::CutAndHeartbeat(size), Some(link)) => {
                link.cut().await;
                self.beat(&ctx, size).await?;
            }
            (Behaviour::FailFirst(size), _) if ctx.info().attempt == 1 => {
                let failure = ApplicationFailure::builder(OWN_WORDS).details(letters("details", size));
                return Err(ActivityError::application(failure.build()));
            }
            _ => {}
        }
        Ok(letters("result", order.letters))
    }
}

/// The words of an activity that fails.
pub(crate) const OWN_WORDS: &str = "the card network is down";

impl Activities {
    /// Sends details and waits until they could not be stored.
    async fn beat(&self, ctx: &ActivityContext, size: usize) -> Result<(), ActivityError> {
        ctx.record_heartbeat(letters("heartbeat", size)).await?;
        self.observed.failed().await;
        Ok(())
    }
}
