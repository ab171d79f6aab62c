//! Defines activities that make and take large values, and fail with large details.

use temporalio_macros::activities;
use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

/// Repeats a letter `bytes` times. JSON adds two quotes.
pub(crate) fn text(letter: char, bytes: usize) -> String {
    String::from(letter).repeat(bytes)
}

pub(crate) struct Work;

#[activities]
impl Work {
    /// Makes a value.
    #[activity]
    pub(crate) async fn make(_ctx: ActivityContext, input: (char, usize)) -> Result<String, ActivityError> {
        Ok(text(input.0, input.1))
    }

    /// Takes a large value and returns as large a one.
    #[activity]
    pub(crate) async fn turn(_ctx: ActivityContext, value: String) -> Result<String, ActivityError> {
        Ok(value.chars().map(|letter| if letter == 'z' { 'a' } else { (letter as u8 + 1) as char }).collect())
    }

    /// Takes a large value and returns its length.
    #[activity]
    pub(crate) async fn measure(_ctx: ActivityContext, value: String) -> Result<usize, ActivityError> {
        Ok(value.len())
    }

    /// Fails for good, with details.
    #[activity]
    pub(crate) async fn fail(_ctx: ActivityContext, bytes: usize) -> Result<String, ActivityError> {
        let failure =
            ApplicationFailure::builder("meant to fail").non_retryable(true).details(text('f', bytes));
        Err(ActivityError::Application(Box::new(failure.build())))
    }

    /// Fails at the first attempt after a heartbeat, and returns that heartbeat at the second.
    #[activity]
    pub(crate) async fn beat(ctx: ActivityContext, bytes: usize) -> Result<String, ActivityError> {
        if let Some(details) = ctx.heartbeat_details().deserialize::<String>()? {
            return Ok(details);
        }
        ctx.record_heartbeat(text('h', bytes)).await?;
        Err(ActivityError::application(ApplicationFailure::new("once more")))
    }
}
