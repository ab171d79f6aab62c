//! Implements `cargo xtask demo`: shows what External Storage does, on a machine with nothing but Rust and Python.
//!
//! The program that it runs is `demo/`: a worker and a client in one process. This file gives it a server, a directory
//! and an end.

mod figures;

use std::path::Path;
use std::process::{Command, Stdio};

use crate::command_line::{Command as Described, Flag, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::programs;
use crate::project::Project;
use crate::scratch::Scratch;
use crate::servers::devserver::{self, DevServer};
use figures::Figures;

const KEEP: Flag = Flag::switch("keep", "leaves the server and the payloads where they are");
const JSON: Flag = Flag::once("json", "FILE", "writes the figures");
const CHECK: Flag =
    Flag::switch("check", "fails where the figures are not those of a demo that moved its payloads");

pub(super) const COMMAND: Described = Described {
    name: "demo",
    about: "shows it at work",
    operands: Operands::None,
    flags: &[KEEP, JSON, CHECK],
    runs_drivers: false,
    run,
};

fn run(project: &Project, given: &Given) -> Outcome {
    let keep = given.has(&KEEP);
    announce_first_build(project);
    let program = programs::one(project, "extstore-demo", "bin", "extstore-demo")?.path;
    let directory = if keep { Scratch::kept(project, "demo")? } else { Scratch::new(project, "demo")? };
    let database = Some(directory.path().join("temporal.db"));
    let settings = devserver::Options { database, ..Default::default() };
    let mut server = DevServer::start(project, settings)?;
    println!("Temporal's development server answers at {}", server.address());
    let figures = directory.path().join("figures.json");
    let shown = show(&program, &server, directory.path(), &figures);
    let kept =
        shown.and_then(|shown| if shown { keep_figures(&figures, given) } else { Ok(Verdict::Failed) });
    if keep {
        let process = server.keep()?.map(|id| id.to_string()).unwrap_or_default();
        println!("\nThe server goes on. To stop it and to remove all of this:");
        println!("  kill {process} && rm -r {}", project.shown(directory.path()));
    } else {
        server.stop()?;
        println!(
            "\nServer and payloads are gone again; `cargo xtask demo --keep` leaves them for a closer look."
        );
    }
    kept
}

/// Does with the figures what the user asked for.
fn keep_figures(figures: &Path, given: &Given) -> Outcome {
    if let Some(file) = given.path(&JSON) {
        std::fs::copy(figures, &file).while_doing(file.display())?;
    }
    if !given.has(&CHECK) {
        return Ok(Verdict::Passed);
    }
    let bytes = std::fs::read(figures).while_doing(figures.display())?;
    let found: Figures = serde_json::from_slice(&bytes).while_doing("reading the figures of the demo")?;
    let problems = found.problems();
    problems.iter().for_each(|problem| eprintln!("xtask: {problem}"));
    Ok(Verdict::of(problems.is_empty()))
}

/// Says how long the first build takes, and why, before cargo shows its progress.
fn announce_first_build(project: &Project) {
    if !project.target.join("debug/extstore-demo").exists() {
        println!(
            "The first run compiles the demo: some 350 steps, of which all but a few are Temporal's Rust SDK and what it\n\
             generates from its protobuf files. That takes four to seven minutes on two processors; later runs start at\n\
             once. This is cargo's progress:"
        );
    }
}

/// Runs the program and says whether it succeeded. It ends with its standard input, which is ours.
fn show(program: &Path, server: &DevServer, directory: &Path, figures: &Path) -> Result<bool, Failure> {
    let mut child = Command::new(program)
        .arg(directory.join("payloads"))
        .arg(figures)
        .env("EXTSTORE_TEMPORAL_ADDRESS", server.address())
        .env("EXTSTORE_TEMPORAL_UI", server.ui().unwrap_or_default())
        .stdin(Stdio::piped())
        .spawn()
        .while_doing("starting the demo")?;
    let held = child.stdin.take();
    let status = child.wait().while_doing("waiting for the demo")?;
    drop(held);
    Ok(status.success())
}
