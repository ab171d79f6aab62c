//! Parses heads of HTTP/1.1 messages, and finds how long the body behind them is.

use std::io;

use bytes::Bytes;

const MAX_HEADERS: usize = 128;

/// Says how the length of a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    UntilClose,
}

/// Holds the head of a request; the proxy forwards `raw`.
#[derive(Debug)]
pub(super) struct RequestHead {
    pub(super) raw: Bytes,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) framing: Framing,
    /// The client waits for `100 Continue` before it sends the body.
    pub(super) expects_continue: bool,
}

/// Holds the head of an answer.
#[derive(Debug)]
pub(super) struct ResponseHead {
    pub(super) raw: Bytes,
    pub(super) status: u16,
    pub(super) framing: Framing,
    pub(super) closes: bool,
}

impl RequestHead {
    pub(super) fn parse(raw: Bytes) -> io::Result<Self> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        request.parse(&raw).map_err(malformed)?;
        let method = request.method.unwrap_or_default().to_owned();
        let path = request.path.unwrap_or_default().to_owned();
        let framing = framing(request.headers)?.unwrap_or(Framing::Length(0));
        let expects_continue = value(request.headers, "expect").is_some();
        Ok(Self { method, path, framing, expects_continue, raw })
    }
}

impl ResponseHead {
    pub(super) fn parse(raw: Bytes, method: &str) -> io::Result<Self> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(&raw).map_err(malformed)?;
        let status = response.code.unwrap_or_default();
        let closes = value(response.headers, "connection").is_some_and(|v| v.eq_ignore_ascii_case("close"));
        let bodiless = method == "HEAD" || status < 200 || matches!(status, 204 | 304);
        let framing = match bodiless {
            true => Framing::Length(0),
            false => framing(response.headers)?.unwrap_or(Framing::UntilClose),
        };
        Ok(Self { raw, status, framing, closes })
    }

    /// Says whether another head follows, as after `100 Continue`.
    pub(super) fn is_interim(&self) -> bool {
        self.status < 200
    }
}

fn framing(headers: &[httparse::Header<'_>]) -> io::Result<Option<Framing>> {
    if value(headers, "transfer-encoding").is_some_and(|v| v.to_ascii_lowercase().ends_with("chunked")) {
        return Ok(Some(Framing::Chunked));
    }
    let length = value(headers, "content-length").map(|v| v.trim().parse().map_err(malformed)).transpose()?;
    Ok(length.map(Framing::Length))
}

fn value<'h>(headers: &[httparse::Header<'h>], name: &str) -> Option<&'h str> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(header.value).ok()
}

fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_without_a_length_has_no_body_and_an_answer_without_one_lasts_until_the_close() {
        let request =
            RequestHead::parse(Bytes::from_static(b"GET /a%2Fb?x HTTP/1.1\r\nhost: h\r\n\r\n")).unwrap();
        assert_eq!((request.path.as_str(), request.framing), ("/a%2Fb?x", Framing::Length(0)));
        let raw = Bytes::from_static(b"HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(ResponseHead::parse(raw.clone(), "GET").unwrap().framing, Framing::UntilClose);
        assert_eq!(ResponseHead::parse(raw, "HEAD").unwrap().framing, Framing::Length(0));
    }

    #[test]
    fn chunked_wins_over_a_length() {
        let raw = b"PUT / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";
        let request = RequestHead::parse(Bytes::from_static(raw)).unwrap();
        assert_eq!(request.framing, Framing::Chunked);
    }
}
