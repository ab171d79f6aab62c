//! Implements `cargo xtask bench`: measures the S3 driver beside the official drivers and a plain HTTP client.
//!
//! `--wire` measures something else, and fails: the wire engine beside prost.
//!
//! All clients talk to the same server in memory, one after the other, in rounds of changing order; a figure is the
//! median of the rounds. A ratio between clients of one run says something on any machine, a figure alone does not.

mod client;
mod figure;
mod load;
mod machine;
mod matrix;
mod page;
mod program;
mod run;
mod server;
mod table;
mod targets;
mod wire;

use std::path::PathBuf;

use crate::command_line::{Command, Flag, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::project::Project;

/// Names the page that `--write` writes.
const PAGE: &str = "docs/performance.md";

const ROUNDS: Flag = Flag::once("rounds", "N", "how many rounds; 3 by default, 1 with --quick");
const QUICK: Flag = Flag::switch("quick", "measures fewer cells");
const CLIENT: Flag = Flag::commas("client", "C", "the clients beside ours: python, typescript, raw");
const JSON: Flag = Flag::once("json", "FILE", "writes the figures");
const WRITE: Flag = Flag::switch("write", "writes docs/performance.md");
const WIRE: Flag = Flag::switch("wire", "measures the wire engine beside prost, and nothing else");

pub(super) const COMMAND: Command = Command {
    name: "bench",
    about: "measures",
    operands: Operands::None,
    flags: &[ROUNDS, QUICK, CLIENT, JSON, WRITE, WIRE],
    runs_drivers: false,
    run,
};

/// Holds the command line.
struct Options {
    rounds: usize,
    quick: bool,
    write: bool,
    wire: bool,
    json: Option<PathBuf>,
    clients: Vec<String>,
}

fn run(project: &Project, given: &Given) -> Outcome {
    let options = read(given)?;
    if options.wire {
        return wire::run(project, options.json.as_deref());
    }
    let machine = machine::Machine::here();
    let clients = client::prepare(project, &options.clients)?;
    let results = run::run(project, &clients, options.rounds, options.quick)?;
    let targets = targets::judge(&results);
    println!("\n{}\n{}", table::all(&results), targets::table(&targets));
    if let Some(file) = &options.json {
        let report = serde_json::json!({
            "machine": machine, "versions": clients.versions(), "results": results, "targets": targets,
        });
        std::fs::write(file, format!("{report:#}\n")).while_doing(file.display())?;
    }
    if options.write {
        let page = page::page(&machine, &clients, &results, &targets);
        std::fs::write(project.root.join(PAGE), page).while_doing(PAGE)?;
    }
    // A target that is missed is a figure, not a failure: a shared machine can miss any of them.
    Ok(Verdict::of(results.is_complete()))
}

fn read(given: &Given) -> Result<Options, Failure> {
    let mut options = Options {
        rounds: given.number(&ROUNDS)?.unwrap_or(0),
        quick: given.has(&QUICK),
        write: given.has(&WRITE),
        wire: given.has(&WIRE),
        json: given.path(&JSON),
        clients: given.all(&CLIENT).map(str::to_owned).collect(),
    };
    if options.wire && (options.rounds > 0 || options.quick || options.write || !options.clients.is_empty()) {
        return Err(Failure::Usage("--wire measures one thing: it goes with --json only".to_owned()));
    }
    if options.rounds == 0 {
        options.rounds = if options.quick { 1 } else { 3 };
    }
    if options.write && (options.quick || !options.clients.is_empty()) {
        return Err(Failure::Usage(
            "--write wants all clients and no --quick: the page compares them".to_owned(),
        ));
    }
    Ok(options)
}
