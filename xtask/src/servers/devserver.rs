//! Runs Temporal's development server for as long as a command needs it.
//!
//! It listens on free ports of 127.0.0.1 and reads nobody's configuration. However this program ends, the server ends
//! too: see [`keeper`]. Only [`DevServer::keep`] leaves it running.

mod binary;
pub(crate) mod control;
mod health;
mod keeper;
mod ports;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, While};
use crate::project::Project;
use crate::scratch::Scratch;
use keeper::Keeper;
use ports::Ports;

/// Bounds how many times a start is tried: somebody may take a port between our finding it and the server's binding
/// it.
const ATTEMPTS: usize = 3;

/// Says how the server is started.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Says whether the Web UI is served as well.
    pub(crate) ui: bool,
    /// The server's database: a file of the caller's, or else one that [`DevServer::stop`] removes. Both outlive a
    /// restart.
    pub(crate) database: Option<PathBuf>,
    /// Dynamic configuration, each as `key=JSON`.
    pub(crate) dynamic: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { ui: true, database: None, dynamic: Vec::new() }
    }
}

/// Holds a server that answered. It is stopped by [`DevServer::stop`], or when it is dropped.
#[derive(Debug)]
pub(crate) struct DevServer {
    binary: PathBuf,
    options: Options,
    ports: Ports,
    database: PathBuf,
    /// The directory of a temporary database.
    temporary: Option<Scratch>,
    log: PathBuf,
    keeper: Option<Keeper>,
}

impl DevServer {
    /// Finds or installs the server, starts it and waits until it answers.
    pub(crate) fn start(project: &Project, options: Options) -> Result<Self, Failure> {
        let binary = binary::find_or_install(project)?;
        let (database, temporary) = match &options.database {
            Some(file) => (file.clone(), None),
            None => {
                let directory = Scratch::new(project, "temporal-state")?;
                (directory.path().join("temporal.db"), Some(directory))
            }
        };
        let log = project.logs().join("temporal-server.log");
        std::fs::create_dir_all(project.logs()).while_doing("making the directory of logs")?;
        std::fs::File::create(&log).while_doing(log.display())?;
        let ports = Ports::free()?;
        let mut server = Self { binary, options, ports, database, temporary, log, keeper: None };
        let mut started = server.launch();
        for _ in 1..ATTEMPTS {
            if started.is_ok() {
                break;
            }
            server.ports = Ports::free()?;
            started = server.launch();
        }
        started.map(|()| server)
    }

    /// Returns the address that a client connects to.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.frontend)
    }

    /// Returns the same address without a scheme, as other SDKs want it.
    pub(crate) fn frontend(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.ports.frontend))
    }

    /// Returns the address where the server answers HTTP: histories as JSON, without an SDK in between.
    pub(crate) fn http(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.ports.http))
    }

    /// Returns what the program says about its version.
    pub(crate) fn version(&self) -> Result<String, Failure> {
        binary::version(&self.binary)
            .ok_or_else(|| Failure::Broken(format!("{} does not say its version", self.binary.display())))
    }

    /// Returns the address of the Web UI, if it is served.
    pub(crate) fn ui(&self) -> Option<String> {
        self.options.ui.then(|| format!("http://127.0.0.1:{}", self.ports.ui))
    }

    /// Returns the program, for a command that starts servers of its own.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// Starts a server that was halted or killed: the same ports, the same database.
    pub(crate) fn launch(&mut self) -> Result<(), Failure> {
        self.halt()?;
        let keeper = Keeper::start(&self.command(), &self.log)?;
        let keeper = self.keeper.insert(keeper);
        health::wait(&self.ports.pages(self.options.ui), keeper, &self.log)
    }

    /// Lets the server finish and waits until it is gone; [`DevServer::launch`] brings it back.
    pub(crate) fn halt(&mut self) -> Result<(), Failure> {
        self.keeper.take().map_or(Ok(()), Keeper::stop)
    }

    /// Ends the server without a chance to finish anything, as a crash would.
    pub(crate) fn kill(&mut self) -> Result<(), Failure> {
        self.keeper.take().map_or(Ok(()), Keeper::kill)
    }

    /// Lets the server outlive this program, and returns its process id. A temporary database goes all the same.
    pub(crate) fn keep(mut self) -> Result<Option<u32>, Failure> {
        let Some(keeper) = self.keeper.take() else { return Ok(None) };
        let process = keeper.server();
        keeper.keep().map(|()| Some(process))
    }

    /// Stops the server and removes a temporary database. No process and no port remain.
    pub(crate) fn stop(&mut self) -> Result<(), Failure> {
        let halted = self.halt();
        self.temporary = None;
        halted
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(["server", "start-dev", "--ip", "127.0.0.1", "--ui-disable-news-fetch"])
            .args(["--disable-config-file", "--disable-config-env", "--log-level", "warn"])
            .args(self.ports.flags(self.options.ui))
            .arg("--db-filename")
            .arg(&self.database)
            .env("TEMPORAL_VERSION_CHECK_DISABLED", "1");
        for value in &self.options.dynamic {
            command.args(["--dynamic-config-value", value]);
        }
        command
    }
}

impl Drop for DevServer {
    fn drop(&mut self) {
        if let Err(failure) = self.stop() {
            eprintln!("xtask: {failure}");
        }
    }
}
