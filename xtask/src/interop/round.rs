//! One codec: all peers are started, every pairing goes through all positions, all peers are stopped.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::legs::Leg;
use super::peer::Peer;
use super::positions::{self, Position};
use super::raw::NAMESPACE;
use super::report::{Report, Row};
use super::sdk::Prepared;
use super::tap::Tap;
use crate::failure::{Failure, While};
use crate::process::{Step, Variables};
use crate::project::Project;

/// Writer and reader. Where both are Rust they are two processes, so that no cache can stand in for the store.
pub(super) const PAIRINGS: [(&str, &str); 7] = [
    ("rust", "rust"),
    ("rust", "python"),
    ("python", "rust"),
    ("rust", "go"),
    ("go", "rust"),
    ("rust", "typescript"),
    ("typescript", "rust"),
];

/// Where everything is.
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

/// A peer, or why there is none.
type Started = Result<Peer, (&'static str, String)>;

pub(super) fn run(
    project: &Project,
    place: &Place,
    sdks: &[Prepared],
    codec: &'static str,
    report: &mut Report,
) -> Result<(), Failure> {
    if let Some(directory) = &place.histories {
        fs::create_dir_all(directory).while_doing(directory.display())?;
    }
    let mut peers = Vec::new();
    for prepared in sdks {
        peers.push((prepared.sdk, "first", start(project, place, prepared, codec, "first")?));
        if prepared.sdk == "rust" {
            peers.push((prepared.sdk, "second", start(project, place, prepared, codec, "second")?));
        }
    }
    for (_, _, peer) in &mut peers {
        wait(peer, report);
    }
    let of = |sdk: &str, which: &str| {
        let found = peers.iter().find(|(known, number, _)| *known == sdk && *number == which);
        found.map(|(_, _, peer)| peer)
    };
    let rows = std::thread::scope(|scope| {
        let pairings = PAIRINGS.map(|(writer, reader)| {
            let second = if writer == reader { "second" } else { "first" };
            let (from, to) = (of(writer, "first"), of(reader, second));
            scope.spawn(move || pairing(place, codec, (writer, reader), from, to))
        });
        pairings.map(|pairing| pairing.join().unwrap_or_default()).concat()
    });
    report.rows.extend(rows);
    let running: Vec<_> = peers.iter().filter_map(|(_, _, peer)| peer.as_ref().ok()).collect();
    if let Some(directory) = &place.histories {
        keep_objects(project, place, sdks, &running, directory)?;
    }
    running.iter().try_for_each(|peer| peer.stop())
}

/// Starts a peer with its diagnostics in a log.
fn start(
    project: &Project,
    place: &Place,
    prepared: &Prepared,
    codec: &str,
    which: &str,
) -> Result<Started, Failure> {
    let sdk = prepared.sdk;
    let program = match &prepared.program {
        Ok(program) => program,
        Err(missing) => return Ok(Err(("not_run", missing.clone()))),
    };
    let tap = Tap::open(&place.store, &place.bucket)?;
    let log = project.logs().join(format!("interop-{sdk}-{which}-{codec}.log"));
    let queue = format!("{codec}-{sdk}-{which}");
    let mut command = program.command();
    command
        .args(["--address", &place.frontend.to_string(), "--namespace", NAMESPACE, "--task-queue", &queue])
        .args(["--codec", codec, "--s3", &tap.endpoint(), "--bucket", &place.bucket])
        .envs(place.environment.iter().map(|(name, value)| (name, value)))
        .stderr(File::create(&log).while_doing(log.display())?);
    Ok(Peer::start(sdk, command, queue, tap).map_err(|failure| ("fail", failure.to_string())))
}

fn wait(started: &mut Started, report: &mut Report) {
    let Ok(peer) = started else { return };
    match peer.wait() {
        Ok(versions) => report.versions_of(&versions),
        Err(reason) => *started = Err(("fail", reason)),
    }
}

fn pairing(
    place: &Place,
    codec: &'static str,
    (writer, reader): (&'static str, &'static str),
    from: Option<&Started>,
    to: Option<&Started>,
) -> Vec<Row> {
    let row = |position: &Position, (outcome, reason): (&'static str, String)| Row {
        writer,
        reader,
        codec,
        position: position.name,
        outcome,
        reason,
    };
    let ended = |position: &Position| match (from, to) {
        (Some(Ok(from)), Some(Ok(to))) => try_position(place, codec, from, to, position),
        (Some(Err((outcome, reason))), _) | (_, Some(Err((outcome, reason)))) => (*outcome, reason.clone()),
        _ => ("fail", "no such peer".to_owned()),
    };
    positions::ALL.iter().map(|position| row(position, ended(position))).collect()
}

/// All legs are tried, so that a report says everything at once.
fn try_position(
    place: &Place,
    codec: &str,
    writer: &Peer,
    reader: &Peer,
    position: &Position,
) -> (&'static str, String) {
    let mut reasons = Vec::new();
    for (name, proof) in position.legs {
        let id = format!("{codec}-{}-{}-{}-{name}", writer.sdk, reader.sdk, position.name);
        let leg = Leg { id, writer, reader, server: place.http, bucket: &place.bucket };
        if let Err(reason) = proof(&leg) {
            reasons.push(format!("{name}: {}", leg.explained(reason)));
        } else if let Some(Err(reason)) = place.histories.as_deref().map(|directory| leg.keep(directory)) {
            reasons.push(format!("{name}: {reason}"));
        }
    }
    let outcome = match reasons.as_slice() {
        [] => "pass",
        some if some.iter().all(|reason| reason.contains(": inline: ")) => "inline",
        _ => "fail",
    };
    (outcome, reasons.join("; "))
}

/// Has the Rust peer fetch every object that was stored, named by its digest, so that the histories can be replayed
/// when the store is gone.
fn keep_objects(
    project: &Project,
    place: &Place,
    sdks: &[Prepared],
    peers: &[&Peer],
    directory: &Path,
) -> Result<(), Failure> {
    let objects = directory.join("objects");
    fs::create_dir_all(&objects).while_doing(objects.display())?;
    let keys: Vec<_> = peers.iter().flat_map(|peer| peer.tap.put_for("")).collect();
    let list = directory.join("keys.txt");
    fs::write(&list, keys.join("\n")).while_doing(list.display())?;
    let Some(program) = sdks.iter().find_map(Prepared::rust) else { return Ok(()) };
    let endpoint = format!("http://{}", place.store);
    let fetched = Step::program(
        project,
        "interop-objects",
        program,
        ["--s3", &endpoint, "--bucket", &place.bucket, "--fetch"].map(Path::new).into_iter().chain([
            list.as_path(),
            Path::new("--into"),
            objects.as_path(),
        ]),
    )
    .envs(&place.environment)
    .run()?;
    if fetched.success {
        Ok(())
    } else {
        Err(Failure::Broken(format!("fetching objects: {}", fetched.tail())))
    }
}
