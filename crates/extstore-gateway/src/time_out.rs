//! Reads and writes `grpc-timeout`, and divides a call's time between storage and the server.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

/// Names the header with the time-out of a call: up to eight digits and a unit, as the gRPC protocol over HTTP/2 spells
/// it.
const HEADER: HeaderName = HeaderName::from_static("grpc-timeout");

/// Holds the end of a caller's time, and the end of storage's part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallTime {
    /// The caller waits no longer than this.
    ends: Instant,
    /// Storage takes no longer than this.
    storage_ends: Instant,
}

impl CallTime {
    /// Starts the time of a call whose caller waits this long. Of a call that is to be sent without its payloads where
    /// storage is too slow, storage gets half of the time.
    pub(crate) fn start(time_out: Duration, goes_without: bool) -> Option<Self> {
        let now = Instant::now();
        let storage = if goes_without { time_out / 2 } else { time_out };
        Some(Self { ends: now.checked_add(time_out)?, storage_ends: now.checked_add(storage)? })
    }

    /// Returns the end of the time for storage.
    pub(crate) fn storage_ends(self) -> Instant {
        self.storage_ends
    }

    /// Says whether storage has no time left.
    pub(crate) fn storage_is_over(self) -> bool {
        self.storage_ends <= Instant::now()
    }

    /// Returns the rest of the caller's time, in whole milliseconds; none where there is none.
    pub(crate) fn rest(self) -> Option<Duration> {
        let rest = self.ends.saturating_duration_since(Instant::now()).as_millis();
        u64::try_from(rest).ok().filter(|rest| *rest > 0).map(Duration::from_millis)
    }
}

/// Reads the time-out of a call. Returns none where there is none, or it is malformed.
pub(crate) fn read(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(HEADER)?.to_str().ok()?;
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(amount * 3600),
        "M" => Duration::from_secs(amount * 60),
        "S" => Duration::from_secs(amount),
        "m" => Duration::from_millis(amount),
        "u" => Duration::from_micros(amount),
        "n" => Duration::from_nanos(amount),
        _ => return None,
    })
}

/// Writes the time-out of a call in the finest of milliseconds, seconds and hours that eight digits can hold.
pub(crate) fn write(headers: &mut HeaderMap, time_out: Duration) {
    const EIGHT_DIGITS: u128 = 99_999_999;
    let units = [("m", time_out.as_millis()), ("S", time_out.as_secs().into())];
    let hours = ("H", u128::from(time_out.as_secs() / 3600).min(EIGHT_DIGITS));
    let (unit, amount) = units.into_iter().find(|(_, amount)| *amount <= EIGHT_DIGITS).unwrap_or(hours);
    if let Ok(value) = HeaderValue::try_from(format!("{amount}{unit}")) {
        headers.insert(HEADER, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &'static str) -> HeaderMap {
        [(HEADER, HeaderValue::from_static(value))].into_iter().collect()
    }

    #[test]
    fn a_time_out_has_digits_and_a_unit() {
        let read = |value| read(&headers(value));
        assert_eq!(read("70S"), Some(Duration::from_secs(70)));
        assert_eq!(read("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(read("3M"), Some(Duration::from_secs(180)));
        assert_eq!(read("250000u"), Some(Duration::from_millis(250)));
        assert_eq!(read("99999999n"), Some(Duration::from_nanos(99_999_999)));
        assert_eq!(read("15m"), Some(Duration::from_millis(15)));
        for malformed in ["", "S", "10", "+1S", "123456789S", "1s", "1 S"] {
            assert_eq!(read(malformed), None, "{malformed:?}");
        }
        assert_eq!(super::read(&HeaderMap::new()), None);
    }

    #[test]
    fn a_time_out_is_written_in_eight_digits() {
        let written = |time_out| {
            let mut written = headers("1S");
            write(&mut written, time_out);
            written[HEADER].to_str().unwrap().to_owned()
        };
        assert_eq!(written(Duration::from_millis(29_999)), "29999m");
        assert_eq!(written(Duration::from_secs(99_999)), "99999000m");
        assert_eq!(written(Duration::from_secs(100_000)), "100000S");
        assert_eq!(written(Duration::from_secs(100_000_000)), "27777H");
        assert_eq!(written(Duration::MAX), "99999999H");
    }

    #[tokio::test(start_paused = true)]
    async fn storage_gets_all_of_the_time_or_half_of_it() {
        let (whole, half) = (Duration::from_secs(10), Duration::from_secs(5));
        let [call, heartbeat] =
            [false, true].map(|goes_without| CallTime::start(whole, goes_without).unwrap());
        tokio::time::advance(half).await;
        assert_eq!((call.storage_is_over(), heartbeat.storage_is_over()), (false, true));
        assert_eq!((call.rest(), heartbeat.rest()), (Some(half), Some(half)));
        tokio::time::advance(half - Duration::from_micros(1)).await;
        assert_eq!((call.storage_is_over(), call.rest()), (false, None));
        tokio::time::advance(half).await;
        assert_eq!((call.storage_is_over(), call.rest()), (true, None));
        assert_eq!(CallTime::start(Duration::MAX, false), None);
    }
}
