//! Implements `cargo xtask interop`: has each SDK read what the others wrote.
//!
//! Workers and clients of the official Python, Go and TypeScript SDKs with their own S3 drivers, and ours, share one
//! Temporal server and one bucket. Every pairing with Rust on a side is tried in every position that carries a payload.
//! A row passes only if the reader saw the writer's exact content, the history holds a reference, and the object went
//! from the writer to the store and from the store to the reader. `interop/README.md` says what the peers do.

mod content;
mod crew;
mod evidence;
mod legs;
mod options;
mod page;
mod peer;
mod positions;
mod raw;
mod replay;
mod report;
mod round;
mod sdk;
mod system;
mod tap;

use std::path::Path;
use std::time::Instant;

use crate::canary;
use crate::command_line::{Command, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict};
use crate::process::{Step, Variables};
use crate::project::Project;
use crate::servers::backends::{self, Backend};
use crate::servers::container;
use crate::servers::devserver::{self, DevServer};

use crew::Place;
use options::Options;
use report::Report;
use sdk::Prepared;

/// Names the store that the SDKs share. All of them have an S3 driver.
const STORE: &str = "seaweedfs";

pub(super) const COMMAND: Command = Command {
    name: "interop",
    about: "has each SDK read what the others wrote",
    operands: Operands::None,
    flags: options::FLAGS,
    runs_drivers: true,
    run,
};

fn run(project: &Project, given: &Given) -> Outcome {
    let options = Options::read(given)?;
    container::required()?;
    let started = Instant::now();
    let sdks = sdk::prepare(project)?;
    eprintln!("xtask: the peers are built: {:.1} s", started.elapsed().as_secs_f64());
    let store = container::start(project, backends::by_name(STORE)?)?;
    let dynamic = vec![system::ALLOWED.to_owned()];
    let server = devserver::Options { ui: false, dynamic, ..devserver::Options::default() };
    let mut server = DevServer::start(project, server)?;

    let report = rounds(project, &options, &sdks, &server, store.variables());
    server.stop()?;
    store.stop()?;
    let report = report?;
    report.print(options.require_all);
    if let Some(path) = &options.json {
        report.write_json(path)?;
    }
    if options.write {
        page::write(project, &report)?;
    }
    let replayed = options.histories.as_deref().map_or(Ok(true), |kept| replay::run(project, kept))?;
    Ok(if replayed { report.verdict(options.require_all) } else { Verdict::Failed })
}

/// Runs one round per codec, in one bucket.
fn rounds(
    project: &Project,
    options: &Options,
    sdks: &[Prepared],
    server: &DevServer,
    store: &[(String, String)],
) -> Result<Report, Failure> {
    let place = place(options, server, store)?;
    make_bucket(project, sdks, &place)?;
    let mut report = Report::default();
    report.version("Temporal server", server.version()?.trim().to_owned());
    report.version("S3", variable(store, &backends::by_name(STORE)?.variable("PRODUCT"))?.to_owned());
    for codec in options.codecs() {
        let started = Instant::now();
        round::run(project, &place, sdks, codec, &mut report)?;
        eprintln!("xtask: codec {codec}: {:.1} s", started.elapsed().as_secs_f64());
    }
    Ok(report)
}

fn place(options: &Options, server: &DevServer, store: &[(String, String)]) -> Result<Place, Failure> {
    let record: &Backend = backends::by_name(STORE)?;
    let mut environment = Variables::new();
    for credential in record.credentials {
        let value = variable(store, &record.variable(credential.ours))?;
        environment.push((credential.vendors.to_owned(), value.to_owned()));
    }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        environment.push((name.to_owned(), "us-east-1".to_owned()));
    }
    let endpoint = variable(store, &record.variable("ENDPOINT"))?;
    Ok(Place {
        frontend: server.frontend(),
        http: server.http(),
        store: endpoint.trim_start_matches(record.scheme).to_owned(),
        bucket: format!("interop-{}", &canary::random_hex()?[..12]),
        environment,
        histories: options.histories.clone(),
    })
}

fn variable<'v>(variables: &'v [(String, String)], name: &str) -> Result<&'v str, Failure> {
    let found = variables.iter().find(|(known, _)| known == name);
    found
        .map(|(_, value)| value.as_str())
        .ok_or_else(|| Failure::Broken(format!("the backend does not set {name}")))
}

/// The Rust peer makes the bucket: xtask speaks no S3.
fn make_bucket(project: &Project, sdks: &[Prepared], place: &Place) -> Result<(), Failure> {
    let Some(program) = sdks.iter().find_map(Prepared::rust) else {
        return Err(Failure::Broken("the peer in Rust was not built".to_owned()));
    };
    let endpoint = format!("http://{}", place.store);
    let args = ["--make-bucket", "--s3", &endpoint, "--bucket", &place.bucket];
    let made =
        Step::program(project, "interop-bucket", Path::new(program), args).envs(&place.environment).run()?;
    if made.success { Ok(()) } else { Err(Failure::Broken(format!("making the bucket: {}", made.tail()))) }
}

/// Says whether the command passed, from what its rows say.
fn verdict(failed: usize, missing: usize, passed: usize, require_all: bool) -> Verdict {
    Verdict::of(failed == 0 && passed > 0 && !(require_all && missing > 0))
}
