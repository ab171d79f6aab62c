//! Separates the metadata of a call from the headers of one connection.

use std::time::Duration;

use http::HeaderMap;

/// Headers that describe one connection or one framing of a message, and are written anew on each.
///
/// Source: RFC 9110 §7.6.1, and the gRPC protocol over HTTP/2 for those that begin with `grpc-`.
const HOP_BY_HOP: [&str; 12] = [
    "connection",
    "content-length",
    "content-type",
    "grpc-accept-encoding",
    "grpc-encoding",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Lists the trailers that are the fields of a status.
const STATUS: [&str; 3] = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

/// Removes the headers of one connection and the fields of a status.
pub(crate) fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in HOP_BY_HOP.into_iter().chain(STATUS) {
        headers.remove(name);
    }
    headers
}

/// Reads `grpc-timeout`: up to eight digits and a unit. `None` where there is none, or it is malformed.
pub(crate) fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("grpc-timeout")?.to_str().ok()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(entries: &[(&'static str, &'static str)]) -> HeaderMap {
        entries.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_timeout_has_digits_and_a_unit() {
        let read = |value| timeout(&headers(&[("grpc-timeout", value)]));
        assert_eq!(read("70S"), Some(Duration::from_secs(70)));
        assert_eq!(read("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(read("3M"), Some(Duration::from_secs(180)));
        assert_eq!(read("250000u"), Some(Duration::from_millis(250)));
        assert_eq!(read("99999999n"), Some(Duration::from_nanos(99_999_999)));
        assert_eq!(read("15m"), Some(Duration::from_millis(15)));
        for malformed in ["", "S", "10", "+1S", "123456789S", "1s", "1 S"] {
            assert_eq!(read(malformed), None, "{malformed:?}");
        }
        assert_eq!(timeout(&HeaderMap::new()), None);
    }

    #[test]
    fn only_what_belongs_to_a_hop_is_taken_off() {
        let all = headers(&[
            ("authorization", "Bearer x"),
            ("te", "trailers"),
            ("grpc-encoding", "gzip"),
            ("content-type", "application/grpc"),
            ("temporal-namespace", "default"),
            ("grpc-timeout", "1S"),
            ("trace-bin", "AAEC"),
        ]);
        let mut names: Vec<String> = end_to_end(all).keys().map(ToString::to_string).collect();
        names.sort();
        assert_eq!(names, ["authorization", "grpc-timeout", "temporal-namespace", "trace-bin"]);
    }
}
