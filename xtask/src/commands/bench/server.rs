//! The server that all clients talk to, in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, While};

/// Holds a running server. Dropping it ends the server.
pub(super) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts the server of the bench `program`; it answers after `delay_ms` milliseconds. It ends with its standard
    /// input, which the child holds, so that it does not outlive us however we end.
    pub(super) fn start(program: &Path, delay_ms: u32) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["serve", &delay_ms.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().while_doing("starting the bench's server")?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).while_doing("reading the server's address")?;
        }
        let mut server = Self { child, address: String::new() };
        let address = line.trim().strip_prefix("listening ");
        let address =
            address.ok_or_else(|| Failure::Broken("the bench's server did not start".to_owned()))?;
        server.address = address.to_owned();
        Ok(server)
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Forgets all objects, so that one client's do not stay in memory while the next is measured.
    pub(super) fn empty(&self) -> Result<(), Failure> {
        let mut connection =
            TcpStream::connect(&self.address).while_doing("connecting to the bench's server")?;
        let request = format!("DELETE / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        connection.write_all(request.as_bytes()).while_doing("emptying the bench's server")?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).map(drop).while_doing("emptying the bench's server")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; waiting gives its processor time to our account.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
