//! Waits until a server in a container is ready.
//!
//! testcontainers has waits of its own, which are not used: where `/.dockerenv` exists it looks for the port on the
//! bridge's address although it is published on the loopback interface, one request without an answer stops its HTTP
//! wait for good, and its log wait follows the log, which docker 20.10 can leave without the last line.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::servers::backends::Ready;
use crate::servers::engine;

/// A connection that is made while the server does not listen yet can be accepted by docker's forwarder and never be
/// answered, so each attempt has a short time limit.
const ATTEMPT: Duration = Duration::from_secs(2);

/// Waits for one condition; `limit` is for this condition alone.
pub(crate) fn wait(
    condition: &Ready,
    address: SocketAddr,
    container: &str,
    limit: Duration,
) -> Result<(), Failure> {
    let started = Instant::now();
    while started.elapsed() < limit {
        let met = match condition {
            Ready::Http(path) => answers(address, path).unwrap_or(false),
            Ready::Log(text) => engine::log(container)?.contains(text),
        };
        if met {
            return Ok(());
        }
        #[expect(clippy::disallowed_methods, reason = "a server tells nobody that it answers")]
        std::thread::sleep(Duration::from_millis(100));
    }
    let last = engine::log(container)?.lines().last().unwrap_or_default().to_owned();
    Err(Failure::Broken(format!(
        "the server was not ready within {limit:?} ({condition:?}); it last said: {last}"
    )))
}

/// Says whether `GET path` answers 200.
pub(crate) fn answers(address: SocketAddr, path: &str) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect_timeout(&address, ATTEMPT)?;
    connection.set_read_timeout(Some(ATTEMPT))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut status = [0; 12];
    connection.read_exact(&mut status)?;
    Ok(status.ends_with(b" 200"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with this status line.
    fn server(status: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("a connection");
            let _ = connection.read(&mut [0; 1024]);
            let _ = write!(connection, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        });
        address
    }

    #[test]
    fn only_200_is_ready() {
        assert!(answers(server("200 OK"), "/status").expect("an answer"));
        assert!(!answers(server("503 Service Unavailable"), "/status").expect("an answer"));
    }
}
