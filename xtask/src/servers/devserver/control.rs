//! Lets a test restart the server: one word per connection, answered with `ok` or with what went wrong.
//!
//! A fault test runs below `cargo xtask with temporal` and must not manage the server's process itself, or two owners
//! would disagree about who stops it. `halt` and `kill` take the server away, `launch` brings it back on the same ports
//! with the same database, `restart` does both. The answer comes when the server is gone, or answers again.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use super::DevServer;
use crate::failure::{Failure, While};

/// Serves the control port in a thread that ends with this program.
pub(crate) fn serve(server: &Arc<Mutex<DevServer>>) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").while_doing("opening the control port")?;
    let address = listener.local_addr().while_doing("opening the control port")?;
    let server = Arc::clone(server);
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // Whoever hung up does not want the answer.
            let _ = answer(&connection, &server);
        }
    });
    Ok(address)
}

fn answer(mut connection: &TcpStream, server: &Mutex<DevServer>) -> std::io::Result<()> {
    let mut word = String::new();
    BufReader::new(connection).read_line(&mut word)?;
    let done = obey(word.trim(), &mut server.lock().unwrap_or_else(PoisonError::into_inner));
    match done {
        Ok(()) => connection.write_all(b"ok\n"),
        Err(failure) => writeln!(connection, "{failure}"),
    }
}

fn obey(word: &str, server: &mut DevServer) -> Result<(), Failure> {
    match word {
        "halt" => server.halt(),
        "kill" => server.kill(),
        // A launch halts what still runs.
        "launch" | "restart" => server.launch(),
        other => {
            Err(Failure::Usage(format!("no such word: {other:?}; there are halt, kill, launch, restart")))
        }
    }
}
