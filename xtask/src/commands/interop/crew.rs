//! Starts, finds and stops all peers of one codec.

use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::peer::Peer;
use super::raw::NAMESPACE;
use super::report::Report;
use super::sdk::{Prepared, Program};
use super::tap::Tap;
use crate::failure::{Failure, While};
use crate::process::Variables;
use crate::project::Project;

/// Holds the addresses and directories that all peers of a run share.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) frontend: SocketAddr,
    pub(super) http: SocketAddr,
    /// The store's `host:port`.
    pub(super) store: String,
    pub(super) bucket: String,
    /// Credentials, as the AWS SDKs read them.
    pub(super) environment: Variables,
    pub(super) histories: Option<PathBuf>,
}

/// Says why there is no peer: an outcome and its reason.
pub(super) type Absent = (&'static str, String);

/// Holds the peers, in the order in which they were started.
#[derive(Debug)]
pub(super) struct Crew(Vec<(Role, Result<Peer, Absent>)>);

/// An SDK, and whether it is the first or the second process of it: a pairing of an SDK with itself needs two.
type Role = (&'static str, bool);

impl Crew {
    /// Starts all peers and waits until they poll.
    pub(super) fn start(
        project: &Project,
        place: &Place,
        sdks: &[Prepared],
        codec: &str,
        report: &mut Report,
    ) -> Result<Self, Failure> {
        let mut peers = Vec::new();
        for Prepared { sdk, program } in sdks {
            for second in [false, true] {
                if second && *sdk != "rust" {
                    continue;
                }
                let peer = match program {
                    Ok(program) => start(project, place, (*sdk, second), program, codec)?,
                    Err(missing) => Err(("not_run", missing.clone())),
                };
                peers.push(((*sdk, second), peer));
            }
        }
        for (_, peer) in &mut peers {
            wait(peer, report);
        }
        Ok(Self(peers))
    }

    /// Returns the peer in this role.
    pub(super) fn of(&self, sdk: &'static str, second: bool) -> Result<&Peer, Absent> {
        let found = self.0.iter().find(|(role, _)| *role == (sdk, second));
        let (_, peer) = found.ok_or_else(|| ("fail", format!("{sdk} has no such peer")))?;
        peer.as_ref().map_err(Clone::clone)
    }

    /// Returns every key that a peer stored.
    pub(super) fn stored(&self) -> Vec<String> {
        self.running().flat_map(|peer| peer.tap.put()).collect()
    }

    /// Lets all finish what they do.
    pub(super) fn stop(self) -> Result<(), Failure> {
        self.running().for_each(Peer::dismiss);
        self.running().try_for_each(Peer::stop)
    }

    fn running(&self) -> impl Iterator<Item = &Peer> {
        self.0.iter().filter_map(|(_, peer)| peer.as_ref().ok())
    }
}

/// Starts a peer with its diagnostics in a log.
fn start(
    project: &Project,
    place: &Place,
    (sdk, second): Role,
    program: &Program,
    codec: &str,
) -> Result<Result<Peer, Absent>, Failure> {
    let tap = Tap::open(&place.store, &place.bucket)?;
    let queue = format!("{codec}-{sdk}{}", if second { "-second" } else { "" });
    let log = project.logs().join(format!("interop-{queue}.log"));
    let mut command = program.command();
    command
        .args(["--address", &place.frontend.to_string(), "--namespace", NAMESPACE, "--task-queue", &queue])
        .args(["--codec", codec, "--s3", &tap.endpoint(), "--bucket", &place.bucket])
        .envs(place.environment.iter().map(|(name, value)| (name, value)))
        .stderr(File::create(&log).while_doing(log.display())?);
    Ok(Peer::start(sdk, command, queue, tap).map_err(|failure| ("fail", failure.to_string())))
}

fn wait(started: &mut Result<Peer, Absent>, report: &mut Report) {
    let Ok(peer) = started else { return };
    match peer.wait() {
        Ok(versions) => report.versions_of(&versions),
        Err(reason) => *started = Err(("fail", reason)),
    }
}
