//! Defines the activities that every peer has under the same names.
#![allow(missing_docs, missing_debug_implementations)] // The SDK's macros write public items.

use temporalio_common::error::ApplicationFailure;
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use crate::content::{Order, content, seen};

/// Implements the activities, which make content and report what they were given.
#[derive(Debug)]
pub struct Activities;

#[activities]
impl Activities {
    #[activity(name = "take")]
    pub async fn take(_ctx: ActivityContext, text: String) -> Result<String, ActivityError> {
        Ok(seen(&text))
    }

    #[activity(name = "give")]
    pub async fn give(_ctx: ActivityContext, order: Order) -> Result<String, ActivityError> {
        Ok(content(&order))
    }

    #[activity(name = "fail")]
    pub async fn fail(_ctx: ActivityContext, order: Order) -> Result<String, ActivityError> {
        Err(ActivityError::application(ordered(&order)))
    }
}

/// Makes the failure whose details are large.
pub(crate) fn ordered(order: &Order) -> ApplicationFailure {
    ApplicationFailure::builder("as ordered")
        .type_name("Ordered".to_owned())
        .non_retryable(true)
        .details(content(order))
        .build()
}
