//! `cargo xtask bench`: what the S3 driver costs, beside the official drivers and a plain HTTP client.
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

use crate::failure::{Failure, Outcome, Verdict, While};
use crate::project::Project;

/// The page that `--write` writes.
const PAGE: &str = "docs/performance.md";

/// The command line.
struct Options {
    rounds: usize,
    quick: bool,
    write: bool,
    wire: bool,
    json: Option<PathBuf>,
    clients: Vec<String>,
}

pub(crate) fn run(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = parse(args)?;
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

fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
    use lexopt::prelude::*;
    let mut options =
        Options { rounds: 0, quick: false, write: false, wire: false, json: None, clients: Vec::new() };
    while let Some(arg) = args.next()? {
        match arg {
            Long("rounds") => options.rounds = args.value()?.parse()?,
            Long("quick") => options.quick = true,
            Long("write") => options.write = true,
            Long("wire") => options.wire = true,
            Long("json") => options.json = Some(args.value()?.into()),
            Long("client") => options.clients.extend(args.value()?.string()?.split(',').map(str::to_owned)),
            other => return Err(other.unexpected().into()),
        }
    }
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
