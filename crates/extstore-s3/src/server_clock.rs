//! Reads the store's clock from its answers.

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;

use crate::http_date::http_date;

/// Notes the `Date` of an answer, because ages and expiry are counted by the store's clock and not by ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerClock(Arc<OnceLock<SystemTime>>);

impl ServerClock {
    /// Returns the store's time of the answer, or this machine's where the answer has no `Date`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a date of HTTP is wall clock, and here the store sent none"
    )]
    pub(crate) fn now(&self) -> SystemTime {
        self.0.get().copied().unwrap_or_else(SystemTime::now)
    }
}

impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "ServerClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date").and_then(http_date) {
            self.0.get_or_init(|| date);
        }
        Ok(())
    }
}
