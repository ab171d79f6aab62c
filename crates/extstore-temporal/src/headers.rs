//! Separates the metadata of a call from the headers of one connection.

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

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(entries: &[(&'static str, &'static str)]) -> HeaderMap {
        entries.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
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
