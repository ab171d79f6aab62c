//! Runs one codec: starts all peers, takes every pairing through all positions, and stops all peers.

use std::fs;
use std::path::Path;

use super::crew::{Absent, Crew, Place};
use super::legs::Leg;
use super::peer::Peer;
use super::positions::{self, Position};
use super::report::{Report, Row};
use super::sdk::Prepared;
use super::system;
use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::Project;

/// Lists the pairings of writer and reader. Where both are Rust they are two processes, so that no cache can stand in
/// for the store.
pub(super) const PAIRINGS: [Pairing; 7] = [
    ("rust", "rust"),
    ("rust", "python"),
    ("python", "rust"),
    ("rust", "go"),
    ("go", "rust"),
    ("rust", "typescript"),
    ("typescript", "rust"),
];

pub(super) type Pairing = (&'static str, &'static str);

/// Adds a row per pairing and position to the report, whatever happens to it.
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
    let crew = Crew::start(project, place, sdks, codec, report)?;
    let rows = std::thread::scope(|scope| {
        let running = PAIRINGS.map(|pairing| {
            let crew = &crew;
            (pairing, scope.spawn(move || try_all(place, codec, crew, pairing)))
        });
        let ended = running.map(|(pairing, thread)| {
            let panicked = |_| rows(codec, pairing, |_| ("fail", "the runner panicked".to_owned()));
            thread.join().unwrap_or_else(panicked)
        });
        ended.concat()
    });
    report.rows.extend(rows);
    report.beside.push(system::row(place, codec, &crew));
    if let Some(directory) = &place.histories {
        keep_objects(project, place, sdks, &crew.stored(), directory)?;
    }
    crew.stop()
}

fn try_all(place: &Place, codec: &'static str, crew: &Crew, (writer, reader): Pairing) -> Vec<Row> {
    let peers = crew.of(writer, false).and_then(|from| Ok((from, crew.of(reader, writer == reader)?)));
    rows(codec, (writer, reader), |position| match &peers {
        Ok((from, to)) => try_position(place, codec, from, to, position),
        Err(absent) => absent.clone(),
    })
}

fn rows(codec: &'static str, pairing: Pairing, outcome: impl Fn(&Position) -> Absent) -> Vec<Row> {
    let row = |position: &Position| {
        let ((writer, reader), (outcome, reason)) = (pairing, outcome(position));
        Row { writer, reader, codec, position: position.name, outcome, reason }
    };
    positions::ALL.iter().map(row).collect()
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
    for (name, way) in position.legs {
        let id = format!("{codec}-{}-{}-{}-{name}", writer.sdk, reader.sdk, position.name);
        let leg = Leg { id, writer, reader, server: place.http, bucket: &place.bucket };
        if let Err(reason) = way(&leg) {
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
    keys: &[String],
    directory: &Path,
) -> Result<(), Failure> {
    let (objects, list) = (directory.join("objects"), directory.join("keys.txt"));
    fs::create_dir_all(&objects).while_doing(objects.display())?;
    fs::write(&list, keys.join("\n")).while_doing(list.display())?;
    let Some(program) = sdks.iter().find_map(Prepared::rust) else { return Ok(()) };
    let endpoint = format!("http://{}", place.store);
    let fixed = ["--s3", &endpoint, "--bucket", &place.bucket, "--into"].map(Path::new);
    let args = fixed.into_iter().chain([objects.as_path(), Path::new("--fetch"), list.as_path()]);
    let fetched = Step::program(project, "interop-objects", program, args).envs(&place.environment).run()?;
    if fetched.success {
        return fs::remove_file(&list).while_doing(list.display());
    }
    Err(Failure::Broken(format!("fetching objects: {}", fetched.tail())))
}
