//! Reads dates and delays as HTTP headers write them.

use std::time::{Duration, SystemTime};

/// Parses a date in any of HTTP's three forms.
pub(crate) fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text.trim()).ok()
}

/// Parses the value of `Retry-After`: seconds, or a date, which counts from the answer's own `Date` where it has one.
pub(crate) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "a date of HTTP is wall clock, and here the store sent none of its own"
    )]
    let now = date.and_then(http_date).unwrap_or_else(SystemTime::now);
    Some(http_date(value)?.duration_since(now).unwrap_or_default())
}
