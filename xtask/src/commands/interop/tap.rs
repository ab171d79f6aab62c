//! Watches what one peer asks of the store.
//!
//! Each peer is given an endpoint of its own, behind which this module passes all bytes on untouched and notes the
//! request lines. So it is seen on the wire who stored an object and who fetched it, whatever the SDKs say.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use crate::failure::{Failure, While};

/// More than a request line can be long, so that one that is cut between two reads is still found.
const TAIL: usize = 4096;

/// Groups keys by what was done with them.
#[derive(Debug, Default)]
struct Seen {
    put: BTreeSet<String>,
    got: BTreeSet<String>,
}

/// Forwards one peer's requests to the store, and notes their keys.
#[derive(Clone, Debug)]
pub(super) struct Tap {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Tap {
    /// Listens on a free port of the loopback interface until this program ends.
    pub(super) fn open(store: &str, bucket: &str) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").while_doing("opening a tap")?;
        let address = listener.local_addr().while_doing("opening a tap")?;
        let tap = Self { address, seen: Arc::default() };
        let (seen, store, bucket) = (Arc::clone(&tap.seen), store.to_owned(), bucket.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (seen, store, bucket) = (Arc::clone(&seen), store.clone(), bucket.clone());
                std::thread::spawn(move || pass_on(client, &store, &bucket, &seen));
            }
        });
        Ok(tap)
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn has_put(&self, key: &str) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).put.contains(key)
    }

    pub(super) fn has_got(&self, key: &str) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).got.contains(key)
    }

    /// Returns all keys that were stored.
    pub(super) fn put(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).put.iter().cloned().collect()
    }

    /// Returns the keys of this workflow that were stored.
    pub(super) fn put_for(&self, workflow: &str) -> Vec<String> {
        let mine = format!("/wi/{workflow}/");
        self.put().into_iter().filter(|key| key.contains(&mine)).collect()
    }
}

/// Copies bytes in both directions: a connection that breaks breaks for both sides, as it would without a proxy.
fn pass_on(mut client: TcpStream, store: &str, bucket: &str, seen: &Mutex<Seen>) {
    let Ok(mut server) = TcpStream::connect(store) else { return };
    let (Ok(mut answers), Ok(mut asker)) = (server.try_clone(), client.try_clone()) else { return };
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut asker);
        let _ = asker.shutdown(Shutdown::Write);
    });
    let _ = watch(&mut client, &mut server, bucket, seen);
    let _ = server.shutdown(Shutdown::Write);
}

fn watch(
    client: &mut TcpStream,
    server: &mut TcpStream,
    bucket: &str,
    seen: &Mutex<Seen>,
) -> std::io::Result<()> {
    let (mut chunk, mut recent) = (vec![0; 64 * 1024], Vec::new());
    loop {
        let read = client.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        recent.extend_from_slice(&chunk[..read]);
        // Noted before it is passed on: whoever was answered was seen.
        note(&recent, bucket, &mut seen.lock().unwrap_or_else(PoisonError::into_inner));
        recent.drain(..recent.len().saturating_sub(TAIL));
        server.write_all(&chunk[..read])?;
    }
}

/// Notes every request line. No content holds one: the bucket's name is random.
fn note(bytes: &[u8], bucket: &str, seen: &mut Seen) {
    for (method, keys) in [("PUT", &mut seen.put), ("GET", &mut seen.got)] {
        let start = format!("{method} /{bucket}/");
        for at in positions(bytes, start.as_bytes()) {
            let rest = &bytes[at + start.len()..];
            let Some(end) = rest.iter().position(|byte| matches!(byte, b' ' | b'?')) else { continue };
            keys.insert(String::from_utf8_lossy(&rest[..end]).into_owned());
        }
    }
}

fn positions<'b>(bytes: &'b [u8], needle: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    bytes.windows(needle.len()).enumerate().filter(move |(_, window)| *window == needle).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_lines_are_noted_by_method() {
        let mut seen = Seen::default();
        let bytes = b"PUT /box/v0/wi/one/d?x-id=PutObject HTTP/1.1\r\n\r\nGET /box/v0/two HTTP/1.1\r\nHEAD /box/three H";
        note(bytes, "box", &mut seen);
        assert_eq!(seen.put.into_iter().collect::<Vec<_>>(), ["v0/wi/one/d"]);
        assert_eq!(seen.got.into_iter().collect::<Vec<_>>(), ["v0/two"]);
    }

    #[test]
    fn a_key_that_has_not_arrived_whole_is_not_noted_yet() {
        let mut seen = Seen::default();
        note(b"PUT /box/v0/wi/on", "box", &mut seen);
        assert!(seen.put.is_empty());
    }
}
