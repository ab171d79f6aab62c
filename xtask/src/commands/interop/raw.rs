//! Reads the server's own view over its HTTP API, without an SDK, a codec or storage.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A history of this run has a few dozen events.
const PAGE: u32 = 1000;
const LIMIT: Duration = Duration::from_secs(20);

/// Names the namespace that the development server has from the start.
pub(super) const NAMESPACE: &str = "default";

/// Fetches a workflow's event history as protobuf's JSON.
pub(super) fn history(server: SocketAddr, workflow: &str) -> Result<Value, String> {
    let path = format!("/api/v1/namespaces/{NAMESPACE}/workflows/{workflow}/history?maximumPageSize={PAGE}");
    let mut answer = ask(server, "GET", &path, "")?;
    if answer["nextPageToken"].as_str().is_some_and(|token| !token.is_empty()) {
        return Err(format!("the history of {workflow} has more than {PAGE} events"));
    }
    Ok(answer["history"].take())
}

/// Queries a workflow with one plain JSON argument, and returns what the worker sent.
pub(super) fn query(
    server: SocketAddr,
    workflow: &str,
    name: &str,
    argument: &Value,
) -> Result<Value, String> {
    let path = format!("/api/v1/namespaces/{NAMESPACE}/workflows/{workflow}/query/{name}");
    let payload = json!({
        "metadata": {"encoding": STANDARD.encode("json/plain")},
        "data": STANDARD.encode(argument.to_string()),
    });
    let body = json!({"query": {"queryArgs": {"payloads": [payload]}}}).to_string();
    ask(server, "POST", &path, &body)
}

/// HTTP/1.0, so that the answer ends with the connection and has no chunks.
fn ask(server: SocketAddr, method: &str, path: &str, body: &str) -> Result<Value, String> {
    let request = format!(
        "{method} {path} HTTP/1.0\r\nHost: {server}\r\nAccept: application/json+no-payload-shorthand\r\n\
         Content-Type: application/json+no-payload-shorthand\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = exchange(server, request.as_bytes()).map_err(|error| format!("{method} {path}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("the server's answer has no end of headers")?;
    if !head.lines().next().is_some_and(|status| status.contains(" 200")) {
        return Err(format!("{method} {path}: {}", body.trim()));
    }
    serde_json::from_str(body).map_err(|error| format!("{method} {path}: {error}"))
}

fn exchange(server: SocketAddr, request: &[u8]) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(server)?;
    connection.set_read_timeout(Some(LIMIT))?;
    connection.write_all(request)?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}
